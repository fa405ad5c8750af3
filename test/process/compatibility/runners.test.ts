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

/** What a host tests on the first day. It is JavaScript, and strict TypeScript as well. */
const testFrom = (runner: string, name: 'it' | 'test') => `
import { createDossier, isDossierError } from 'dossier';
import { createProfileApi } from 'dossier/http';
import { KnexProfileRepository } from 'dossier/knex';
import { InMemoryProfileRepository } from 'dossier/memory';
import { ${name} } from '${runner}';

function same(actual, expected) {
  if (actual !== expected) throw new Error(\`\${actual} is not \${expected}\`);
}

${name}('keeps a profile', async () => {
  const dossier = createDossier({ repository: new InMemoryProfileRepository() });
  const { profiles, schemas } = dossier.tenant('1');
  await schemas.define({ attributes: [{ name: 'Name', type: 'string' }] });
  await profiles.create({ customerId: 'ann', attributes: { Name: 'Ann' } });
  same((await profiles.get('ann')).attributes.Name, 'Ann');

  const missing = await profiles.get('nobody').catch((error) => error);
  same(isDossierError(missing) && missing.name, 'NotFoundError');
  same(KnexProfileRepository.name, 'KnexProfileRepository');

  const api = createProfileApi(dossier, { defaultTenant: '1' });
  same(await (await api.request('/profiles/ann')).text(), '{"customer_id":"ann","Name":"Ann"}');
  same((await api.request('/docs')).status, 404);
});
`;

interface Runner {
  readonly test: string;
  readonly language: 'ts' | 'js';
  readonly type: 'module' | 'commonjs';
}

const majorOf = (path: string) => installedVersion(path, 1);
const ofTools = (name: string) => majorOf(`test/process/node_modules/${name}`);
const JEST = `Jest ${ofTools('jest')}`;
const TS_JEST = `${JEST} with ts-jest ${ofTools('ts-jest')}`;
const BABEL = `${JEST} with Babel ${ofTools('@babel/core')}`;
const TSX = `tsx ${majorOf('node_modules/tsx')}`;
const IN_JEST = testFrom('@jest/globals', 'test');

const RUNNERS: Readonly<Record<string, Runner>> = {
  [`${TS_JEST}, CommonJS`]: { test: IN_JEST, language: 'ts', type: 'commonjs' },
  [`${TS_JEST}, ES modules`]: { test: IN_JEST, language: 'ts', type: 'module' },
  [`${BABEL}, CommonJS`]: { test: IN_JEST, language: 'js', type: 'commonjs' },
  [`${JEST}, ES modules`]: { test: IN_JEST, language: 'js', type: 'module' },
  [`Vitest ${ofTools('vitest')}`]: { test: testFrom('vitest', 'test'), language: 'ts', type: 'module' },
  [`node:test with ${TSX}`]: { test: testFrom('node:test', 'test'), language: 'ts', type: 'module' },
  [`Mocha ${majorOf('node_modules/mocha')} with ${TSX}`]: {
    test: testFrom('mocha', 'it'),
    language: 'ts',
    type: 'module',
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
    const typed = test.replace('(actual, expected)', '(actual: unknown, expected: unknown)');
    const files = {
      'package.json': JSON.stringify({ type }),
      [`profile.test.${language}`]: language === 'ts' ? typed : test,
    };
    for (const [file, text] of [...Object.entries(files), ...settings])
      await application.write(join(folder, file), text);
  }

  for (const [index, { name, cells }] of documentedRows('Test runners').entries()) {
    it(name, async () => {
      const runner = RUNNERS[name];
      if (runner === undefined) throw new Error(`No test runs it. There are: ${Object.keys(RUNNERS).join('; ')}.`);
      const settings = cells.limits?.includes('[settings]') ? documentedFiles(name) : new Map<string, string>();
      await writeProject(`project-${index}`, runner, settings);

      const env = { ...process.env, NO_COLOR: '1', PATH: [...COMMANDS, process.env.PATH].join(delimiter) };
      const cwd = join(application.folder, `project-${index}`);
      const { stdout, stderr } = await run((cells.command ?? '').replaceAll('`', ''), { cwd, env }).catch((error) => {
        throw new Error(`${error.message}\n${error.stdout}`);
      });
      // Jest reports on the standard error.
      expect(stdout + stderr).to.match(/\b1 (?:passed|passing)\b|\bpass 1\b/);
    });
  }
});
