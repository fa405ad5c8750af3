/** All URLs are relative, so that the page works wherever the API is mounted. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Dossier</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/index.css">
</head>
<body>
<noscript>This page needs JavaScript. It shows <a href="openapi.json">openapi.json</a>.</noscript>
<div id="description"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/open-page.js"></script>
</body>
</html>
`;

const OPTIONS = {
  dom_id: '#description',
  url: 'openapi.json',
  // By default Swagger UI sends the URL of the document to a validator on the internet.
  validatorUrl: null,
  deepLinking: true,
  // Collapse the schemas at the end of the page.
  defaultModelsExpandDepth: 0,
};

/** A separate file, since the content security policy forbids inline scripts. */
export const OPEN_PAGE = `SwaggerUIBundle(${JSON.stringify(OPTIONS)});\n`;
