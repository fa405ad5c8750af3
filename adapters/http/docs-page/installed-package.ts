import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { NotFoundError } from 'dossier';

/**
 * The folder of an optional peer dependency.
 *
 * @throws NotFoundError with the command that installs it, if it is not installed
 */
export function folderOfPackage(name: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) throw error;
    throw new NotFoundError(
      `This page needs the package ${name}, which is not installed on the server. Run: npm install ${name}`,
    );
  }
}
