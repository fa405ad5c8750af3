import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The version of the package `dossier`; `undefined` if its package.json is not installed, as in a bundle. */
export function installedVersion(): string | undefined {
  try {
    // A CommonJS bundle has no `import.meta.url`.
    const from = import.meta.url ?? join(process.cwd(), 'package.json');
    const { version } = createRequire(from)('dossier/package.json') as { version: string };
    return version;
  } catch {
    return undefined;
  }
}
