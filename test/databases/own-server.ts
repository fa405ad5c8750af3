import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { chown, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { administer, type DatabaseServer, servers } from './database-server.js';
import { freePort } from './free-port.js';
import { unpackMySql } from './mysql-script.js';

const run = promisify(execFile);
const START_TIMEOUT_MS = 60_000;

/** A database server that a test starts, with its data in a temporary folder, and may kill. */
export interface OwnServer extends DatabaseServer {
  /** Resolves when it responds; after a kill, when it has recovered. */
  start(): Promise<void>;
  /** SIGKILL to all processes of the server: no clean shutdown. */
  kill9(): Promise<void>;
  /** SIGSTOP to all processes of the server: it accepts connections and says nothing; until {@link resume}. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  /** Kills it, and removes its folder. */
  dispose(): void;
}

/** How to start one kind of server, with its default settings. */
interface Kind {
  /** The user that it runs as if the test runs as root, where it refuses to run as root. */
  readonly user?: string;
  /** The program that creates the data directory, and the server. */
  readonly programs: readonly [install: string, serve: string];
  /** Finds programs elsewhere than in `PATH`. */
  find?(): Promise<string | undefined>;
  installArguments(folder: string): string[];
  serveArguments(folder: string, port: number): string[];
}

const KINDS: Readonly<Record<DatabaseServer['name'], Kind>> = {
  PostgreSQL: {
    user: 'postgres',
    programs: ['initdb', 'postgres'],
    installArguments: (folder) => ['-D', folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    serveArguments: (folder, port) => ['-D', folder, '-p', `${port}`, '-h', '127.0.0.1', '-k', folder],
  },
  MariaDB: {
    user: 'mysql',
    programs: ['mariadb-install-db', 'mariadbd'],
    installArguments: (folder) => [
      '--no-defaults',
      `--datadir=${join(folder, 'data')}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    // A starting server deletes all temporary tables in its `tmpdir`, even those of other servers.
    serveArguments: (folder, port) => [
      '--no-defaults',
      `--datadir=${join(folder, 'data')}`,
      `--tmpdir=${folder}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 'socket')}`,
    ],
  },
  MySQL: {
    programs: ['mysqld', 'mysqld'],
    find: () => unpackMySql().catch(() => undefined),
    installArguments: (folder) => ['--user=root', '--initialize-insecure', `--datadir=${join(folder, 'data')}`],
    serveArguments: (folder, port) => [
      '--user=root',
      `--datadir=${join(folder, 'data')}`,
      `--tmpdir=${folder}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 'socket')}`,
      '--mysqlx=OFF',
    ],
  },
};

/**
 * Declares tests on a server of each kind that the test starts itself. If the programs are not installed, the tests are
 * skipped with a note, or fail if `CI` is set.
 */
export function describeOnOwnServers(title: string, body: (server: () => OwnServer) => void): void {
  for (const kind of servers) {
    const { programs, find } = KINDS[kind.name];
    describe(`${title} on ${kind.name}`, () => {
      let server: OwnServer | undefined;
      before(async function () {
        this.timeout(300_000);
        const paths = await Promise.all(programs.map(find ?? findProgram));
        const [install, serve] = paths;
        if (install === undefined || serve === undefined) {
          if (process.env.CI) throw new Error(`${programs.join(' and ')} are not found.`);
          console.log(`      ${programs.join(' and ')} are not found: skipped.`);
          this.skip();
        }
        server = await makeServer(kind, { install, serve });
        await server.start();
      });
      after(() => server?.dispose());
      body(() => server ?? expectStarted());
    });
  }
}

function expectStarted(): never {
  throw new Error('The server is not started yet.');
}

/** The paths of the programs, and what to add to the arguments of the server. */
interface Programs {
  readonly install: string;
  readonly serve: string;
  readonly options?: readonly string[];
}

/** Makes a server with an empty data directory. It is disposed of with the process at the latest. */
export async function makeServer(kind: DatabaseServer, { install, serve, options = [] }: Programs): Promise<OwnServer> {
  const { user, installArguments, serveArguments } = KINDS[kind.name];
  const folder = await mkdtemp(join(tmpdir(), 'dossier-server-'));
  let child: ChildProcess | undefined;
  const dispose = () => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    process.off('exit', dispose);
  };
  // Also when the tests are interrupted.
  process.on('exit', dispose);
  process.once('SIGTERM', () => process.exit(143));

  const identity = user !== undefined && process.getuid?.() === 0 ? await identityOf(user) : undefined;
  if (identity) await chown(folder, identity.uid, identity.gid);
  // The server that MariaDB's installation runs takes its `tmpdir` from TMPDIR.
  await run(install, installArguments(folder), { ...identity, cwd: folder, env: { ...process.env, TMPDIR: folder } });
  const port = await freePort();
  const url = Object.assign(new URL(kind.url), { host: `127.0.0.1:${port}`, password: '' }).href;

  const signalAll = async (signal: NodeJS.Signals) => {
    if (child?.pid === undefined) return;
    for (const pid of [child.pid, ...(await childrenOf(child.pid))]) signalIfThere(pid, signal);
  };

  const server: OwnServer = {
    ...kind,
    url,
    async start() {
      const deadline = performance.now() + START_TIMEOUT_MS;
      for (;;) {
        // After a kill, PostgreSQL refuses to start until the last of its old processes has exited.
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
          child = spawn(serve, [...serveArguments(folder, port), ...options], {
            ...identity,
            cwd: folder,
            stdio: 'ignore',
          });
        }
        try {
          return await administer(server, 'SELECT 1');
        } catch (error) {
          if (performance.now() > deadline) throw error;
          await setTimeout(50);
        }
      }
    },
    async kill9() {
      if (child?.pid === undefined) return;
      const exit = once(child, 'exit');
      // PostgreSQL's backends would otherwise finish what they are doing.
      const children = await childrenOf(child.pid);
      child.kill('SIGKILL');
      for (const pid of children) signalIfThere(pid, 'SIGKILL');
      await exit;
    },
    suspend: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    dispose,
  };
  return server;
}

/** Debian keeps some of them outside `PATH`. */
async function findProgram(name: string): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const newestFirst = versions.sort((one, other) => Number(other) - Number(one));
  return [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    ...newestFirst.map((version) => `/usr/lib/postgresql/${version}/bin`),
  ]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

async function identityOf(user: string): Promise<{ readonly uid: number; readonly gid: number }> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => (await run('id', [flag, user])).stdout));
  return { uid: Number(uid), gid: Number(gid) };
}

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await run('pgrep', ['-P', `${pid}`]).catch(() => ({ stdout: '' }));
  return stdout.split('\n').filter(Boolean).map(Number);
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
