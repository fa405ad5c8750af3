import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The version of a package that is installed, such as `5.9` with two parts. */
export function installedVersion(path: string, parts: number): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8')) as { version: string };
  return version.split('.').slice(0, parts).join('.');
}
