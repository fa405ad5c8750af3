import { dirname } from 'node:path';
import { NotFoundError } from 'dossier';
import { requireInstalled } from '../require-installed.js';

/**
 * The folder of an optional peer dependency.
 *
 * @throws NotFoundError with the command that installs it, if it is not installed
 */
export async function folderOfPackage(name: string): Promise<string> {
  const { resolve } = await requireInstalled();
  try {
    return dirname(resolve(`${name}/package.json`));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new NotFoundError(
      `This page needs the package ${name}, which is not installed on the server. Run: npm install ${name}`,
    );
  }
}

/** Not by `instanceof Error`: Jest runs Dossier in a realm with its own `Error`. */
function isNotFound(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'MODULE_NOT_FOUND';
}
