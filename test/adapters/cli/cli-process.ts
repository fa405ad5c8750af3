import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Resolved here, since each process runs in another directory. */
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const MAIN = join(ROOT, 'adapters/cli/main.ts');

/** A process that runs `dossier`, and all that it has written so far. */
export class CliProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(directory: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, ['--import', TSX, MAIN, ...args], {
      cwd: directory,
      env: { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.#exit = once(this.#child, 'close').then(([code]) => code);
  }

  /** The address that the process says it listens on. */
  async ready(): Promise<string> {
    return this.written(/^Dossier listens on (\S+)$/m);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Its exit code, once it has ended; null if a signal killed it. */
  exit(): Promise<number | null> {
    return this.#exit;
  }

  /** Waits until the standard output matches, and answers what the first group caught. */
  async written(pattern: RegExp): Promise<string> {
    const ended = this.#exit.then(() => true);
    while (!pattern.test(this.stdout)) {
      const more = once(this.#child.stdout as Readable, 'data').then(() => false);
      if ((await Promise.race([more, ended])) && !pattern.test(this.stdout)) {
        throw new Error(`The process ended without having written it:\n${this.stdout}\n${this.stderr}`);
      }
    }
    return pattern.exec(this.stdout)?.[1] ?? '';
  }
}

/** Runs `dossier` in a directory of its own, and in the end kills what still runs and removes the directory. */
export class CliSandbox {
  readonly #processes: CliProcess[] = [];
  #directory: string | undefined;

  async directory(): Promise<string> {
    this.#directory ??= await mkdtemp(join(tmpdir(), 'dossier-cli-'));
    return this.#directory;
  }

  async run(...args: string[]): Promise<CliProcess> {
    const started = new CliProcess(await this.directory(), args);
    this.#processes.push(started);
    return started;
  }

  async dispose(): Promise<void> {
    for (const started of this.#processes) started.signal('SIGKILL');
    await Promise.all(this.#processes.map((started) => started.exit()));
    if (this.#directory) await rm(this.#directory, { recursive: true });
  }
}
