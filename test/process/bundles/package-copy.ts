import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** An application that has the package as `npm run build` made it in its `node_modules`. */
export interface Application {
  readonly folder: string;
  /** A folder that has no `node_modules`, for what must run without any. */
  readonly elsewhere: string;
  remove(): Promise<void>;
}

/**
 * A copy rather than a link: a link leads back to this repository, whose settings of the compiler lead to the sources.
 *
 * @param packages what is installed beside it
 */
export async function installCopy(packages: readonly string[]): Promise<Application> {
  const both = await mkdtemp(join(tmpdir(), 'dossier-bundles-'));
  const [folder, elsewhere] = [join(both, 'application'), join(both, 'elsewhere')];
  const installed = join(folder, 'node_modules/dossier');
  await mkdir(elsewhere);
  await mkdir(installed, { recursive: true });
  await cp(join(ROOT, 'dist'), join(installed, 'dist'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(installed, 'package.json'));
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  for (const name of packages) await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  return { folder, elsewhere, remove: () => rm(both, { recursive: true, force: true }) };
}
