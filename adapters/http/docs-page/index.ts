import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '../operation.js';
import { answerFile } from './answer-file.js';
import { folderOfPackage } from './installed-package.js';
import { OPEN_PAGE, PAGE } from './page.js';

const HTML = 'text/html; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** The page that shows the description, with all that it loads: a fixed list, so that no request names a file. */
export const docsPage: readonly Page[] = [
  page('/docs', HTML, () => PAGE),
  { method: 'GET', path: '/docs/', access: 'public', run: async () => movedTo('../docs') },
  page('/docs/open-page.js', JAVASCRIPT, () => OPEN_PAGE),
  page('/docs/swagger-ui-bundle.js', JAVASCRIPT, (folder) => readFile(join(folder, 'swagger-ui-bundle.js'))),
  page('/docs/swagger-ui.css', CSS, (folder) => readFile(join(folder, 'swagger-ui.css'))),
  page('/docs/index.css', CSS, (folder) => readFile(join(folder, 'index.css'))),
];

function movedTo(location: string): Response {
  return new Response(null, { status: 308, headers: { location } });
}

/** @param read gives the file, from the folder of Swagger UI where it is the library's own */
function page(path: string, mediaType: string, read: (folder: string) => string | Promise<Uint8Array>): Page {
  const run = answerFile(mediaType, async () => read(folderOfPackage('swagger-ui-dist')));
  return { method: 'GET', path, access: 'public', run };
}
