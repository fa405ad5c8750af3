import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NotFoundError } from 'dossier';

/**
 * The folder of an optional peer dependency. In a CommonJS bundle, which has no `import.meta.url`, it is resolved from
 * the working directory.
 *
 * @throws NotFoundError with the command that installs it, if it is not installed
 */
export function folderOfPackage(name: string): string {
  try {
    const from = import.meta.url ?? join(process.cwd(), 'package.json');
    return dirname(createRequire(from).resolve(`${name}/package.json`));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) throw error;
    throw new NotFoundError(
      `This page needs the package ${name}, which is not installed on the server. Run: npm install ${name}`,
    );
  }
}
