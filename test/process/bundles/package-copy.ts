import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** An application that has the package, as it would be published, in its `node_modules`. */
export interface Application {
  readonly folder: string;
  /** A folder that has no `node_modules`, for what must run without any. */
  readonly elsewhere: string;
  /** Writes a file of the application, and answers its path. */
  write(file: string, text: string): Promise<string>;
  remove(): Promise<void>;
}

/**
 * A copy rather than a link: a link leads back to this repository, whose settings of the compiler lead to the sources.
 *
 * @param packages what is installed beside it, of the packages of the repository
 * @param others what else is, by its path in `node_modules`: where it lies in those of `test/process`
 */
export async function installCopy(
  packages: readonly string[],
  others: Readonly<Record<string, string>> = {},
): Promise<Application> {
  const both = await mkdtemp(join(tmpdir(), 'dossier-bundles-'));
  const [folder, elsewhere] = [join(both, 'application'), join(both, 'elsewhere')];
  const installed = join(folder, 'node_modules/dossier');
  const link = async (target: string, name: string) => {
    const path = join(folder, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(target, path);
  };
  const write = async (file: string, text: string) => {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  };
  await mkdir(elsewhere);
  await mkdir(installed, { recursive: true });
  const tarball = await pack(both);
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  await write('package.json', '{ "private": true, "type": "module" }');
  for (const name of packages) await link(join(ROOT, 'node_modules', name), name);
  for (const [name, target] of Object.entries(others)) {
    await link(join(ROOT, 'test/process/node_modules', target), name);
  }
  return { folder, elsewhere, write, remove: () => rm(both, { recursive: true, force: true }) };
}

/** Built already: building here would take `dist` away from the tests that run beside this one. */
async function pack(destination: string): Promise<string> {
  const options = ['--silent', '--ignore-scripts', '--pack-destination', destination];
  const { stdout } = await run('npm', ['pack', ...options], { cwd: ROOT });
  return join(destination, stdout.trim().split('\n').at(-1) ?? '');
}
