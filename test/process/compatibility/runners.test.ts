import { exec } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type Application, installCopy } from '../bundles/package-copy.js';
import { documentedFiles, documentedRows } from './documented.js';
import { installedVersion } from './installed-version.js';

const run = promisify(exec);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const COMMANDS = ['node_modules/.bin', 'test/process/node_modules/.bin'].map((folder) => join(ROOT, folder));

/** What a host tests on the first day: JavaScript that is strict TypeScript as well. */
const testFrom = (runner: string, name: 'it' | 'test') => `
import { createDossier, isDossierError } from 'dossier';
import { createProfileApi } from 'dossier/http';
import { KnexProfileRepository } from 'dossier/knex';
import { InMemoryProfileRepository } from 'dossier/memory';
import { ${name} } from '${runner}';

${name}('keeps a profile', async () => {
  const dossier = createDossier({ repository: new InMemoryProfileRepository() });
  const { profiles, schemas } = dossier.tenant('1');
  await schemas.define({ attributes: [{ name: 'Name', type: 'string' }] });
  await profiles.create({ customerId: 'ann', attributes: { Name: 'Ann' } });
  const { attributes } = await profiles.get('ann');
  const missing = await profiles.get('nobody').catch((error) => error);
  const api = createProfileApi(dossier, { defaultTenant: '1' });
  const read = await api.request('/profiles/ann');
  const page = await api.request('/docs');

  const answers = JSON.stringify([
    attributes, isDossierError(missing) && missing.name, KnexProfileRepository.name, read.status, page.status,
  ]);
  if (answers !== '[{"Name":"Ann"},"NotFoundError","KnexProfileRepository",200,404]') throw new Error(answers);
});
`;

interface Runner {
  readonly test: string;
  readonly language: 'ts' | 'js';
  readonly type: 'module' | 'commonjs';
  /** What is added to the command, since a busy machine may take longer than runners allow by default. */
  readonly timeout?: string;
}

const majorOf = (path: string) => installedVersion(path, 1);
const ofTools = (name: string) => majorOf(`test/process/node_modules/${name}`);
const JEST = `Jest ${ofTools('jest')}`;
const TS_JEST = `${JEST} with ts-jest ${ofTools('ts-jest')}`;
const BABEL = `${JEST} with Babel ${ofTools('@babel/core')}`;
const TSX = `tsx ${majorOf('node_modules/tsx')}`;
const IN_JEST = { test: testFrom('@jest/globals', 'test'), timeout: '--testTimeout=60000' };

const RUNNERS: Readonly<Record<string, Runner>> = {
  [`${TS_JEST}, CommonJS`]: { ...IN_JEST, language: 'ts', type: 'commonjs' },
  [`${TS_JEST}, ES modules`]: { ...IN_JEST, language: 'ts', type: 'module' },
  [`${BABEL}, CommonJS`]: { ...IN_JEST, language: 'js', type: 'commonjs' },
  [`${JEST}, ES modules`]: { ...IN_JEST, language: 'js', type: 'module' },
  [`Vitest ${ofTools('vitest')}`]: {
    test: testFrom('vitest', 'test'),
    language: 'ts',
    type: 'module',
    timeout: '--testTimeout=60000',
  },
  [`node:test with ${TSX}`]: { test: testFrom('node:test', 'test'), language: 'ts', type: 'module' },
  [`Mocha ${majorOf('node_modules/mocha')} with ${TSX}`]: {
    test: testFrom('mocha', 'it'),
    language: 'ts',
    type: 'module',
    timeout: '--timeout=60000',
  },
};

const PACKAGES = ['class-transformer', 'class-validator', 'hono', 'mocha', 'reflect-metadata', 'tsx'];
const TOOLS = ['@babel', '@jest', 'jest', 'ts-jest', 'typescript', 'vitest'];

describe('Test runners, as docs/compatibility.md has them', function () {
  this.timeout(120_000);
  let application: Application;

  before(async () => {
    application = await installCopy(PACKAGES, Object.fromEntries(TOOLS.map((name) => [name, name])));
  });

  after(() => application.remove());

  /** Writes a project of its own, since the runners look for their settings in its folder. */
  async function writeProject(folder: string, { test, language, type }: Runner, settings: ReadonlyMap<string, string>) {
    await application.write(join(folder, 'package.json'), JSON.stringify({ type }));
    await application.write(join(folder, `profile.test.${language}`), test);
    for (const [file, text] of settings) await application.write(join(folder, file), text);
  }

  for (const [index, { name, cells }] of documentedRows('Test runners').entries()) {
    it(name, async () => {
      const runner = RUNNERS[name];
      if (runner === undefined) throw new Error(`No test runs it. There are: ${Object.keys(RUNNERS).join('; ')}.`);
      await writeProject(`project-${index}`, runner, documentedFiles(name));

      const env = { ...process.env, NO_COLOR: '1', PATH: [...COMMANDS, process.env.PATH].join(delimiter) };
      const command = `${cells.command?.replaceAll('`', '')} ${runner.timeout ?? ''}`;
      const cwd = join(application.folder, `project-${index}`);
      const { stdout, stderr } = await run(command, { cwd, env }).catch((error) => {
        throw new Error(`${error.message}\n${error.stdout}`);
      });
      // Jest reports on the standard error.
      expect(stdout + stderr).to.match(/\b1 (?:passed|passing)\b|\bpass 1\b/);
    });
  }
});
