import { rmSync } from 'node:fs';
import { chmod, cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { administer, type DatabaseServer, describeOnServer, servers } from './database-server.js';
import { makeServer } from './own-server.js';

/** The oldest release and the newest one, beside the machine's. Each is a package of test/process, for Linux on x64. */
type Release = '14' | '18';

/** Nothing is killed on them, so that no commit has to wait for the disk. */
const WITHOUT_SYNC = ['fsync', 'synchronous_commit', 'full_page_writes'].flatMap((name) => ['-c', `${name}=off`]);

/** Declares tests on a release of PostgreSQL, which they start themselves unless the environment names a server. */
export function describeOnRelease(release: Release, title: string, body: (server: DatabaseServer) => void): void {
  const variable = `DOSSIER_TEST_POSTGRES_${release}`;
  const given = process.env[variable];
  const postgresql = servers.find(({ name }) => name === 'PostgreSQL');
  if (postgresql === undefined) throw new Error('The servers have no PostgreSQL.');
  let stop = () => {};
  const server: DatabaseServer & { url: string } = {
    ...postgresql,
    release,
    variable,
    url: given ?? '',
    variations: { 'the collation C': postgresql.variations['the collation C'] ?? '' },
    async start() {
      if (given !== undefined) return;
      const { folder, remove } = await readablePrograms(release);
      const [install, serve] = ['initdb', 'postgres'].map((name) => join(folder, 'bin', name)) as [string, string];
      const own = await makeServer(postgresql, { install, serve, options: WITHOUT_SYNC });
      stop = () => {
        own.dispose();
        remove();
      };
      await own.start();
      server.url = own.url;
    },
  };
  describeOnServer(title, server, (started) => {
    it(`is PostgreSQL ${release}`, () => administer(started, `SELECT 1 / (${isRelease(release)})::int`));
    body(started);
    after(() => stop());
  });
}

/** Whatever the environment names. */
function isRelease(release: Release): string {
  return `current_setting('server_version_num')::int / 10000 = ${release}`;
}

/** PostgreSQL refuses to run as root. Another user may not be allowed to read the folder of the packages. */
async function readablePrograms(release: Release): Promise<{ readonly folder: string; remove(): void }> {
  const installed = fileURLToPath(new URL(`../process/node_modules/postgresql-${release}/native`, import.meta.url));
  if (process.getuid?.() !== 0) return { folder: installed, remove: () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'dossier-postgresql-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Also when the tests are interrupted.
  process.once('exit', remove);
  await cp(installed, folder, { recursive: true, verbatimSymlinks: true });
  await chmod(folder, 0o755);
  return { folder, remove };
}
