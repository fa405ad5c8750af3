import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '../operation.js';
import { folderOfPackage } from './installed-package.js';
import { OPEN_PAGE, PAGE } from './page.js';
import { staticFile } from './static-file.js';

const HTML = 'text/html; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** The documentation page and the files that it loads: a fixed list, so that no request can name another file. */
export const docsPage: readonly Page[] = [
  page('/docs', HTML, () => PAGE),
  { method: 'GET', path: '/docs/', access: 'public', run: async () => redirectTo('../docs') },
  page('/docs/open-page.js', JAVASCRIPT, () => OPEN_PAGE),
  page('/docs/swagger-ui-bundle.js', JAVASCRIPT, (folder) => readFile(join(folder, 'swagger-ui-bundle.js'))),
  page('/docs/swagger-ui.css', CSS, (folder) => readFile(join(folder, 'swagger-ui.css'))),
  page('/docs/index.css', CSS, (folder) => readFile(join(folder, 'index.css'))),
];

function redirectTo(location: string): Response {
  return new Response(null, { status: 308, headers: { location } });
}

/** @param read returns the content; it gets the folder of Swagger UI */
function page(path: string, mediaType: string, read: (folder: string) => string | Promise<Uint8Array>): Page {
  const run = staticFile(mediaType, async () => read(await folderOfPackage('swagger-ui-dist')));
  return { method: 'GET', path, access: 'public', run };
}
