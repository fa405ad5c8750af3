import { requireInstalled } from './require-installed.js';

/** The version of the package `dossier`; `undefined` if its package.json is not installed, as in a bundle. */
export async function installedVersion(): Promise<string | undefined> {
  const load = await requireInstalled();
  try {
    const { version } = load('dossier/package.json') as { version: string };
    return version;
  } catch {
    return undefined;
  }
}
