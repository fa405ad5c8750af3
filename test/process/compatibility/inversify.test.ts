import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type Application, installCopy } from '../bundles/package-copy.js';
import { documentedRows } from './documented.js';
import { installedVersion } from './installed-version.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** By version, where it is installed. */
const INVERSIFY: ReadonlyMap<string, string> = new Map(
  ['test/process/node_modules/inversify-6', 'test/process/node_modules/inversify-7', 'node_modules/inversify'].map(
    (folder) => [`Inversify ${installedVersion(folder, 1)}`, join(ROOT, folder)],
  ),
);

/** What a host writes for each column: how it has its container hold a dossier. */
const PROGRAMS: Readonly<Record<string, string>> = {
  '`dossier`': `
import { createDossier, type Dossier } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
const container = new Container();
container.bind<Dossier>('dossier').toConstantValue(createDossier({ repository: new InMemoryProfileRepository() }));
const dossier = container.get<Dossier>('dossier');
`,
  '`dossier/inversify`': `
import { identifiers, inMemoryModule, profileModule } from 'dossier/inversify';
const container = new Container();
await container.load(profileModule(), inMemoryModule());
const dossier = container.get(identifiers.dossier);
`,
};

const programOf = (column: string) => `
import 'reflect-metadata';
import { Container } from 'inversify';
${PROGRAMS[column]}
declare const console: { log(text: string): void };
const { profiles, schemas } = dossier.tenant('1');
await schemas.define({ attributes: [] });
console.log((await profiles.create({ customerId: 'ann', attributes: {} })).customerId);
`;

const TSCONFIG = {
  compilerOptions: { strict: true, module: 'nodenext', target: 'es2022', types: [], skipLibCheck: true, outDir: 'out' },
  files: ['program.ts'],
};

describe('Inversify, as docs/compatibility.md has it', function () {
  this.timeout(60_000);

  for (const { name: version, cells } of documentedRows('Inversify')) {
    describe(version, () => {
      let application: Application;

      before(async () => {
        const folder = INVERSIFY.get(version);
        if (folder === undefined) throw new Error(`No test runs it. There are: ${[...INVERSIFY.keys()].join('; ')}.`);
        application = await installCopy(['class-transformer', 'class-validator', 'reflect-metadata']);
        const installed = join(application.folder, 'node_modules');
        await symlink(folder, join(installed, 'inversify'));
        // As npm does where the application has another version: Dossier gets its own.
        await mkdir(join(installed, 'dossier/node_modules'));
        await symlink(join(ROOT, 'node_modules/inversify'), join(installed, 'dossier/node_modules/inversify'));
        await application.write('tsconfig.json', JSON.stringify(TSCONFIG));
      });

      after(() => application?.remove());

      for (const [column, outcome] of Object.entries(cells)) {
        const [, yes, error] = /^(yes(?:, but )?)?(.*)$/.exec(outcome.replaceAll('`', '')) ?? [];

        it(`${column}: ${outcome}`, async () => {
          await application.write('program.ts', programOf(column));
          const options = { cwd: application.folder };
          const compiled = await run(process.execPath, [TSC], options).catch((failure) => failure);
          const ran = await run(process.execPath, ['out/program.js'], options).catch((failure) => failure);
          expect(ran.stdout).to.equal(yes ? 'ann\n' : '');
          if (!yes) expect(ran.stderr).to.include('Inversify 8.2.3 or later').and.to.include(`code: '${error}'`);
          else if (error) expect(compiled.stdout).to.include(`error ${error}: `);
          else expect(compiled.stdout).to.equal('');
        });
      }
    });
  }
});
