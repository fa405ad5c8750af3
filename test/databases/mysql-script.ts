import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/mysql-server.sh', import.meta.url));

/** Without waiting for the disk at each commit: what is tested on it does not kill it. */
const QUICK = ['--innodb-flush-log-at-trx-commit=2', '--skip-log-bin'];

let running: Promise<string> | undefined;

/**
 * Starts a server of MySQL, once per process. It stops when this process ends, however it ends.
 *
 * @returns its address
 */
export function startMySql(): Promise<string> {
  running ??= start();
  return running;
}

async function start(): Promise<string> {
  const folder = join(tmpdir(), `dossier-mysql-${randomBytes(6).toString('hex')}`);
  const env = { ...process.env, MYSQL_PORT: String(await freePort()) };
  return (await run(['start', folder, String(process.pid), ...QUICK], env)).trim();
}

/** The path of a `mysqld` that needs nothing of the system. */
export async function unpackMySql(): Promise<string> {
  return (await run(['unpack'], process.env)).trim();
}

async function run(parameters: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await promisify(execFile)(SCRIPT, parameters, { env, maxBuffer: 2 ** 26 });
  return stdout;
}
