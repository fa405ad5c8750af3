import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Runs a benchmark on the built package, as `npm run` does, and returns its output. */
export async function runBenchmark(script: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'bench/tsconfig.json') };
  const all = ['--expose-gc', '--import', 'tsx', join(ROOT, script), ...args];
  return (await promisify(execFile)(process.execPath, all, { cwd: ROOT, env })).stdout;
}
