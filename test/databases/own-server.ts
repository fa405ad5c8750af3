import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { chown, mkdtemp, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { administer, type DatabaseServer, servers } from './database-server.js';

const run = promisify(execFile);
const START_TIMEOUT_MS = 60_000;

/** A database server that a test starts, with its data in a temporary folder, and may kill. */
export interface OwnServer extends DatabaseServer {
  /** Resolves when it responds; after a kill, when it has recovered. */
  start(): Promise<void>;
  /** SIGKILL to all processes of the server: no clean shutdown. */
  kill9(): Promise<void>;
  /** Kills it, and removes its folder. */
  dispose(): void;
}

/** How to start one kind of server, with its default settings. */
interface Kind {
  readonly name: string;
  /** The user that it runs as if the test runs as root, since it refuses to run as root. */
  readonly user: string;
  /** The program that creates the data directory, and the server. */
  readonly programs: readonly [install: string, serve: string];
  installArguments(folder: string): string[];
  serveArguments(folder: string, port: number): string[];
}

const KINDS: Readonly<Record<DatabaseServer['client'], Kind>> = {
  pg: {
    name: 'PostgreSQL',
    user: 'postgres',
    programs: ['initdb', 'postgres'],
    installArguments: (folder) => ['-D', folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    serveArguments: (folder, port) => ['-D', folder, '-p', `${port}`, '-h', '127.0.0.1', '-k', folder],
  },
  mysql2: {
    name: 'MariaDB',
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
};

/**
 * Declares tests on a server of each kind that the test starts itself. If the programs are not installed, the tests are
 * skipped with a note, or fail if `CI` is set.
 */
export function describeOnOwnServers(title: string, body: (server: () => OwnServer) => void): void {
  for (const kind of servers) {
    const { name, programs } = KINDS[kind.client];
    describe(`${title} on ${name}`, () => {
      let server: OwnServer | undefined;
      before(async function () {
        this.timeout(START_TIMEOUT_MS);
        const paths = await Promise.all(programs.map(findProgram));
        const [install, serve] = paths;
        if (install === undefined || serve === undefined) {
          if (process.env.CI) throw new Error(`${programs.join(' and ')} are not found.`);
          console.log(`      ${programs.join(' and ')} are not found: skipped.`);
          this.skip();
        }
        server = await makeServer(kind, install, serve);
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

async function makeServer(kind: DatabaseServer, install: string, serve: string): Promise<OwnServer> {
  const { user, installArguments, serveArguments } = KINDS[kind.client];
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

  const identity = process.getuid?.() === 0 ? await identityOf(user) : undefined;
  if (identity) await chown(folder, identity.uid, identity.gid);
  await run(install, installArguments(folder), { ...identity, cwd: folder });
  const port = await freePort();
  const url = Object.assign(new URL(kind.url), { host: `127.0.0.1:${port}`, password: '' }).href;

  const server: OwnServer = {
    ...kind,
    url,
    async start() {
      const deadline = performance.now() + START_TIMEOUT_MS;
      for (;;) {
        // After a kill, PostgreSQL refuses to start until the last of its old processes has exited.
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
          child = spawn(serve, serveArguments(folder, port), { ...identity, cwd: folder, stdio: 'ignore' });
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
      for (const pid of children) killIfThere(pid);
      await exit;
    },
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

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
