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

/**
 * A separate file, since the content security policy forbids inline scripts. The document has examples for the tenant's
 * schema, so the page requests it for the tenant of `/docs?tenant=7`, and again with the credentials that a reader enters.
 */
export const OPEN_PAGE = `const options = ${JSON.stringify(OPTIONS)};
const tenant = new URLSearchParams(location.search).get('tenant');
let authorization;

function authorizationOf(credentials) {
  const { schema, value } = Object.values(credentials)[0] ?? {};
  const scheme = schema?.get('scheme')?.toLowerCase();
  if (scheme === 'bearer') return 'Bearer ' + value;
  if (scheme !== 'basic') return undefined;
  const bytes = new TextEncoder().encode(value.username + ':' + value.password);
  return 'Basic ' + btoa(String.fromCharCode(...bytes));
}

function downloadAgain(original, system, next) {
  return (payload) => {
    const result = original(payload);
    authorization = next(payload);
    system.specActions.download(options.url);
    return result;
  };
}

const authorizing = {
  authorize: (original, system) => downloadAgain(original, system, authorizationOf),
  logout: (original, system) => downloadAgain(original, system, () => undefined),
};

SwaggerUIBundle({
  ...options,
  plugins: [() => ({ statePlugins: { auth: { wrapActions: authorizing } } })],
  requestInterceptor: (request) => {
    if (tenant !== null) request.headers['X-Genesys-TenantId'] ??= tenant;
    if (request.loadSpec && authorization !== undefined) request.headers.Authorization = authorization;
    return request;
  },
});
`;
