import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A script in `scripts/` that runs a cluster in a temporary folder. */
export class ClusterScript {
  readonly #path: string;
  readonly #folder = join(tmpdir(), `dossier-cluster-${randomBytes(6).toString('hex')}`);

  constructor(name: string) {
    this.#path = fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url));
  }

  /**
   * Starts the cluster, which stops when this process ends, however it ends.
   *
   * @returns the lines that the script prints
   */
  async start(): Promise<string[]> {
    return (await this.run('start', process.pid)).trim().split('\n');
  }

  async run(command: string, ...parameters: readonly (string | number)[]): Promise<string> {
    const { stdout } = await promisify(execFile)(this.#path, [command, this.#folder, ...parameters.map(String)]);
    return stdout;
  }
}

/** Starts a cluster before tests. If it cannot, they are skipped with a note, or fail if `CI` is set. */
export async function startOrSkip<Cluster>(context: Mocha.Context, start: () => Promise<Cluster>): Promise<Cluster> {
  try {
    return await start();
  } catch (error) {
    if (process.env.CI) throw error;
    console.log(`      It cannot be started here: skipped. ${error instanceof Error ? error.message : ''}`);
    return context.skip();
  }
}
