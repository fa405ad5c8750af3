import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../free-port.js';

const SCRIPT = fileURLToPath(new URL('../../../scripts/pgbouncer.sh', import.meta.url));

/** What a server connection is lent for. */
export type PoolMode = 'transaction' | 'session';

/** A PgBouncer before a server, which stops when this process ends, however it ends. */
export class PgBouncer {
  /** Its address, without a database. */
  readonly url: string;
  readonly #folder: string;

  private constructor(url: string, folder: string) {
    this.url = url;
    this.#folder = folder;
  }

  /** @param connections how many it opens to a database */
  static async start(server: string, mode: PoolMode, connections: number): Promise<PgBouncer> {
    const folder = join(tmpdir(), `dossier-pgbouncer-${randomBytes(6).toString('hex')}`);
    const ports = { PGBOUNCER_PORT: String(await freePort()), PGBOUNCER_POOL: String(connections) };
    const parameters = ['start', folder, server, mode, String(process.pid)];
    const { stdout } = await promisify(execFile)(SCRIPT, parameters, { env: { ...process.env, ...ports } });
    return new PgBouncer(stdout.trim(), folder);
  }

  async stop(): Promise<void> {
    await promisify(execFile)(SCRIPT, ['stop', this.#folder]);
  }
}
