import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { NotFoundError } from 'dossier';

/**
 * The folder of a package that hosts install only if they want what needs it.
 *
 * @throws NotFoundError with the command that installs it, if it is missing
 */
export function folderOfPackage(name: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) throw error;
    throw new NotFoundError(`This needs the package ${name}, which is not installed. Run: npm install ${name}`);
  }
}
