import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** The output of `npm run build`, which starts much faster than the sources would. */
const MAIN = join(ROOT, 'dist/adapters/cli/main.js');

/** A running `dossier` command, with its output so far. */
export class CliProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(directory: string, args: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore') {
    this.#child = spawn(process.execPath, [MAIN, ...args], { cwd: directory, stdio: [stdin, 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.#exit = once(this.#child, 'close').then(([code]) => code);
  }

  /** Resolves with the printed address once the server listens. */
  async ready(): Promise<string> {
    return this.written(/^Dossier listens on (\S+)$/m);
  }

  /** The standard input of a process started with `runWithInput`. */
  get stdin(): Writable {
    return this.#child.stdin as Writable;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves with the exit code; null if a signal killed the process. */
  exit(): Promise<number | null> {
    return this.#exit;
  }

  /** Waits until the output matches, and returns the first capture group. */
  async written(pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
    const ended = this.#exit.then(() => true);
    while (!pattern.test(this[stream])) {
      const more = once(this.#child[stream] as Readable, 'data').then(() => false);
      if ((await Promise.race([more, ended])) && !pattern.test(this[stream])) {
        throw new Error(`The process ended before its output matched ${pattern}:\n${this.stdout}\n${this.stderr}`);
      }
    }
    return pattern.exec(this[stream])?.[1] ?? '';
  }
}

/** Runs commands in a temporary directory. `dispose` kills what still runs and removes the directory. */
export class CliSandbox {
  readonly #processes: CliProcess[] = [];
  #directory: string | undefined;

  async directory(): Promise<string> {
    this.#directory ??= await mkdtemp(join(tmpdir(), 'dossier-cli-'));
    return this.#directory;
  }

  async run(...args: string[]): Promise<CliProcess> {
    return this.#start(args, 'ignore');
  }

  /** Starts a command whose standard input stays open. */
  async runWithInput(...args: string[]): Promise<CliProcess> {
    return this.#start(args, 'pipe');
  }

  /** Runs a command to its end and checks the exit code. */
  async finish(args: readonly string[], { exitCode = 0, input = '' } = {}): Promise<CliProcess> {
    const started = await this.#start(args, 'pipe');
    started.stdin.end(input);
    const code = await started.exit();
    if (code !== exitCode) throw new Error(`dossier ${args.join(' ')} exited with ${code}:\n${started.stderr}`);
    return started;
  }

  async #start(args: readonly string[], stdin: 'ignore' | 'pipe'): Promise<CliProcess> {
    const started = new CliProcess(await this.directory(), args, stdin);
    // A process that was interrupted no longer reads what is still being written.
    if (stdin === 'pipe') started.stdin.on('error', () => undefined);
    this.#processes.push(started);
    return started;
  }

  async dispose(): Promise<void> {
    for (const started of this.#processes) started.signal('SIGKILL');
    await Promise.all(this.#processes.map((started) => started.exit()));
    if (this.#directory) await rm(this.#directory, { recursive: true });
  }
}
