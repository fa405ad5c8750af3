import { execFileSync, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** Whether a program is installed. Throws if it is not and `CI` is set. */
export function hasCommand(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (process.env.CI) throw new Error(`${command} is missing.`, { cause: error });
    console.warn(`    ${command} is missing: its tests are skipped.`);
    return false;
  }
}

/** Runs a program, and returns its standard output. Throws unless it exits with 0. */
export async function runCommand(command: string, args: readonly string[], input: string): Promise<string> {
  const child = spawn(command, args, { stdio: 'pipe' });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  child.stdin.on('error', () => undefined); // It may end without reading.
  child.stdin.end(input);
  const [output, faults, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${command} exited with ${code}: ${faults}${output}`);
  return output;
}
