import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The path of a module of the project as `scripts/compile.mjs` has compiled it, for a process of its own. */
export function compiled(module: URL): string {
  return join(ROOT, 'build', relative(ROOT, fileURLToPath(module))).replace(/\.tsx?$/, '.js');
}
