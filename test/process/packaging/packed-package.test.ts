import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const ROOT = new URL('../../..', import.meta.url).pathname;

/** What a user writes on the first day; `import` and `require` differ in their first lines alone. */
const PROGRAM = `
async function main(repository) {
  const { profiles, schemas } = createDossier({ repository });
  await schemas.define('1', {
    attributes: [{ name: 'FirstName', type: 'string' }],
    extensions: [{ name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] }],
  });
  const extensions = { Address: { City: 'Hollywood' } };
  const profile = await profiles.create('1', { attributes: { FirstName: 'Bruce' }, extensions });
  await profiles.replace('1', profile.customerId, { attributes: { FirstName: 'Robert' } }, { basedOn: profile });
  const replaced = await profiles.get('1', profile.customerId, { extensions: 'all' });
  console.log(JSON.stringify([replaced.revision, replaced.attributes, replaced.extensions]));
}
`;
const ANSWER = '[2,{"FirstName":"Robert"},{"Address":{"City":"Hollywood"}}]\n';

const ON_MEMORY = 'main(new InMemoryProfileRepository());';
const ON_SQLITE = `
const db = knex({ client: 'better-sqlite3', connection: { filename: 'x.db' }, useNullAsDefault: true });
migrate(db).then(() => main(new KnexProfileRepository(db))).then(() => db.destroy());
`;

describe('The packed package, installed outside the repository', () => {
  let folder: string;

  before(async function () {
    this.timeout(180_000);
    folder = await mkdtemp(join(tmpdir(), 'dossier-packed-'));
    // Built already: building here would take `dist` away from the tests that run beside this one.
    const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
      cwd: ROOT,
    });
    const tarball = stdout.trim().split('\n').at(-1) ?? '';
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    // Its optional peers are not installed with it, and are linked where a program asks for them.
    await run(
      'npm',
      ['install', '--silent', '--omit=optional', '--no-audit', '--prefer-offline', join(folder, tarball)],
      {
        cwd: folder,
      },
    );
  });

  after(() => rm(folder, { recursive: true, force: true }));

  async function answerOf(file: string, program: string): Promise<string> {
    await writeFile(join(folder, file), program);
    return (await run(process.execPath, [file], { cwd: folder })).stdout;
  }

  it('keeps profiles in memory without any optional peer, as an ES module', async () => {
    const imports = `import { createDossier } from 'dossier'; import { InMemoryProfileRepository } from 'dossier/memory';`;
    expect(await answerOf('memory.mjs', imports + PROGRAM + ON_MEMORY)).to.equal(ANSWER);
  });

  it('and by require', async () => {
    const imports = `const { createDossier } = require('dossier'); const { InMemoryProfileRepository } = require('dossier/memory');`;
    expect(await answerOf('memory.cjs', imports + PROGRAM + ON_MEMORY)).to.equal(ANSWER);
  });

  it('says what to install before it can serve', async () => {
    const failure = await run(join(folder, 'node_modules/.bin/dossier'), ['serve']).catch((error) => error);
    expect(failure.code).to.equal(1);
    expect(failure.stderr).to.match(/npm install .*hono/);
  });

  describe('beside knex and better-sqlite3', () => {
    before(async () => {
      for (const name of ['knex', 'better-sqlite3']) {
        await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
      }
    });

    it('keeps profiles in SQLite, as an ES module', async () => {
      const imports = `import { createDossier } from 'dossier'; import { KnexProfileRepository, migrate } from 'dossier/knex'; import knex from 'knex';`;
      expect(await answerOf('sqlite.mjs', imports + PROGRAM + ON_SQLITE)).to.equal(ANSWER);
    });

    it('and by require', async () => {
      const imports = `const { createDossier } = require('dossier'); const { KnexProfileRepository, migrate } = require('dossier/knex'); const knex = require('knex');`;
      await rm(join(folder, 'x.db'));
      expect(await answerOf('sqlite.cjs', imports + PROGRAM + ON_SQLITE)).to.equal(ANSWER);
    });
  });

  describe('beside hono', () => {
    before(() => symlink(join(ROOT, 'node_modules/hono'), join(folder, 'node_modules/hono')));

    it('serves without Swagger UI, but for the page that needs it, which tells how to install it', async () => {
      const program = `
        import { createDossier } from 'dossier';
        import { createProfileApi } from 'dossier/http';
        import { InMemoryProfileRepository } from 'dossier/memory';
        const api = createProfileApi(createDossier({ repository: new InMemoryProfileRepository() }));
        for (const path of ['/server/status', '/docs', '/docs/open-page.js', '/docs/swagger-ui.css']) {
          const answer = await api.request(path);
          console.log(answer.status, (await answer.json()).detail);
        }
      `;
      const missing =
        '404 This page needs the package swagger-ui-dist, which is not installed on the server. Run: npm install swagger-ui-dist\n';
      expect(await answerOf('http.mjs', program)).to.equal(`200 undefined\n${missing.repeat(3)}`);
    });
  });

  it('has types for a strict TypeScript program', async () => {
    const source = `
      import { createDossier, type Profile, type ServiceOptions } from 'dossier';
      import { describeProfileRepository } from 'dossier/conformance';
      import { InMemoryProfileRepository } from 'dossier/memory';
      const options: ServiceOptions = { maxProfileBytes: undefined, replica: undefined, now: undefined };
      const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository(), ...options });
      schemas.define('1', { attributes: [{ name: 'Name', type: 'string', mandatory: undefined, length: undefined }] });
      export const profile: Promise<Profile> = profiles.get('1', 'x');
      export const kit: typeof describeProfileRepository = describeProfileRepository;
      // @ts-expect-error an extension is asked for by a list of names
      profiles.get('1', 'x', { extensions: 7 });
    `;
    await mkdir(join(folder, 'typed'));
    await writeFile(join(folder, 'typed/program.mts'), source);
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', ''];
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    await run(tsc, [...options, '--exactOptionalPropertyTypes', 'typed/program.mts'], { cwd: folder }).catch(
      (error) => {
        throw new Error(error.stdout);
      },
    );
  });
});
