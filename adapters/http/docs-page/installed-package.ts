import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NotFoundError } from 'dossier';

/**
 * The folder of a package that hosts install only if they want what needs it. In a bundle of CommonJS, which has no
 * `import.meta.url`, it is looked for from the working directory.
 *
 * @throws NotFoundError with the command that installs it, if it is missing
 */
export function folderOfPackage(name: string): string {
  try {
    const from = import.meta.url ?? join(process.cwd(), 'package.json');
    return dirname(createRequire(from).resolve(`${name}/package.json`));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) throw error;
    throw new NotFoundError(`This needs the package ${name}, which is not installed. Run: npm install ${name}`);
  }
}
