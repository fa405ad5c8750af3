import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { build, type Format } from 'esbuild';
import { documentedRows } from '../compatibility/documented.js';
import { installedVersion } from '../compatibility/installed-version.js';
import { type Application, installCopy } from './package-copy.js';

const run = promisify(execFile);

const FORMATS = ['esm', 'cjs'] as const;

const HOST = `
import { createDossier, isDossierError, NotFoundError } from 'dossier';
import { createConsole } from 'dossier/console';
import { createProfileApi } from 'dossier/http';
import { InMemoryProfileRepository } from 'dossier/memory';

async function main() {
  const dossier = createDossier({ repository: new InMemoryProfileRepository() });
  await dossier.schemas.define('1', {
    attributes: [{ name: 'FirstName', type: 'string' }],
    extensions: [{ name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] }],
  });
  const wrong = { attributes: [{ name: 'FirstName', type: 'text' }], extensions: [] };
  const refusal = await dossier.schemas.define('1', wrong).catch((error) => error);
  const missing = await dossier.profiles.get('1', 'nobody').catch((error) => error);
  const { customerId } = await dossier.profiles.create('1', { attributes: { FirstName: 'Bruce' } });

  const api = createProfileApi(dossier, { defaultTenant: '1' });
  const path = '/profiles/' + customerId + '?include_extensions=*';
  const body = JSON.stringify({ FirstName: 'Robert', Address: { City: 'Hollywood' } });
  const put = await api.request(path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
  const read = await dossier.profiles.get('1', customerId, { extensions: 'all' });
  const page = await api.request('/docs');
  const swagger = await api.request('/docs/swagger-ui.css');
  const shown = await createConsole(dossier, { defaultTenant: '1' }).request('/profiles/' + customerId);
  console.log(JSON.stringify([
    refusal.code, refusal.violations[0].pointer,
    isDossierError(missing), missing.name, missing.code, missing instanceof NotFoundError,
    put.status, read.attributes, read.extensions, page.status, swagger.status, shown.status,
  ]));
}
main();
`;

const ANSWER =
  '["invalid_schema","/attributes/0/type",true,"NotFoundError","not_found",true,200,{"FirstName":"Robert"},{"Address":{"City":"Hollywood"}},404,404,200]\n';

describe('A bundle made by esbuild', () => {
  let application: Application;

  before(async () => {
    application = await installCopy(['class-transformer', 'class-validator', 'hono', 're2js', 'reflect-metadata']);
  });

  after(() => application.remove());

  async function bundle(program: string, format: Format): Promise<string> {
    const outfile = join(application.elsewhere, `${format}.${format === 'cjs' ? 'cjs' : 'mjs'}`);
    const { warnings } = await build({
      stdin: { contents: program, resolveDir: application.folder },
      outfile,
      format,
      bundle: true,
      minify: true,
      platform: 'node',
      logLevel: 'silent',
    });
    expect(warnings.map(({ text }) => text)).to.deep.equal([]);
    return outfile;
  }

  it('is of the version that docs/compatibility.md names, in the formats that are run here', () => {
    const name = `esbuild ${installedVersion('node_modules/esbuild', 2)}, minified`;
    const rows = documentedRows('Bundlers').map((row) => [row.name, row.cells.format]);
    expect(rows).to.deep.equal(FORMATS.map((format) => [name, `\`${format}\``]));
  });

  for (const format of FORMATS) {
    describe(`as ${format}, minified`, () => {
      it('of a host defines a schema, and serves its profiles without any package beside it', async () => {
        const file = await bundle(HOST, format);
        const { stdout } = await run(process.execPath, [file], { cwd: application.elsewhere });
        expect(stdout).to.equal(ANSWER);
      });

      it('of isDossierError alone weighs at most 40 kB', async () => {
        const program = `import { isDossierError } from 'dossier'; console.log(isDossierError(new Error()));`;
        const file = await bundle(program, format);
        expect((await stat(file)).size).to.be.at.most(40_000);
        expect((await run(process.execPath, [file])).stdout).to.equal('false\n');
      });
    });
  }
});
