import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { nodeProgram } from '../../../scripts/node-versions.mjs';
import { type Application, installCopy } from '../bundles/package-copy.js';
import { documentedRows } from './documented.js';

const run = promisify(execFile);

const IMPORTS: Readonly<Record<string, { readonly file: string; readonly imports: string }>> = {
  '`import`': {
    file: 'program.mjs',
    imports: `import { createDossier, isDossierError } from 'dossier'; import { InMemoryProfileRepository } from 'dossier/memory';`,
  },
  '`require`': {
    file: 'program.cjs',
    imports: `const { createDossier, isDossierError } = require('dossier'); const { InMemoryProfileRepository } = require('dossier/memory');`,
  },
};

const PROGRAM = `
async function main() {
  const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() }).tenant('1');
  await schemas.define({ attributes: [{ name: 'Name', type: 'string' }] });
  const { customerId } = await profiles.create({ attributes: { Name: 'Ann' } });
  const { attributes } = await profiles.get(customerId);
  const missing = await profiles.get('nobody').catch((error) => error);
  console.log(process.versions.node, attributes.Name, isDossierError(missing) && missing.code);
}
main();
`;

describe('Node.js, as docs/compatibility.md has it', () => {
  let application: Application;

  before(async () => {
    application = await installCopy(['class-transformer', 'class-validator', 'reflect-metadata']);
  });

  after(() => application.remove());

  for (const { name, cells } of documentedRows('Node.js')) {
    const version = name.replace('Node.js ', '');
    for (const column of Object.keys(cells)) {
      it(`${name}: ${column}`, async function () {
        const node = nodeProgram(version);
        if (!existsSync(node)) {
          if (process.env.CI) throw new Error(`${name} is not installed: run node scripts/node-versions.mjs.`);
          console.log(`    ${name} is skipped: run node scripts/node-versions.mjs.`);
          this.skip();
        }
        const { file, imports } = IMPORTS[column] ?? {};
        if (file === undefined) throw new Error(`No test runs ${column}.`);
        const { stdout } = await run(node, [await application.write(file, `${imports}\n${PROGRAM}`)]);
        expect(stdout).to.match(new RegExp(`^${version.replaceAll('.', '\\.')}(?:\\.\\d+)* Ann not_found\n$`));
      });
    }
  }
});
