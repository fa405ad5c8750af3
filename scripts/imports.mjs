// Prints which folders of the package import which: `node scripts/imports.mjs`. The architecture test uses the functions.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STATEMENT = /^\s*(?:import|export)\s+(?:type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const CALL = /(?<![.\w])(?:import|require)\(\s*['"`]([^'"`]+)['"`]/g;

/** All imports below the folders, as `{ file, target }`; the target is a path within the package or a package name. */
export function importsIn(...folders) {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .flatMap((file) => importsOf(`${folder}/${file.split(sep).join('/')}`)),
  );
}

/** The folder that a file belongs to, or a file directly below `src`: `src/rules`, `adapters/knex`, `src/errors.ts`. */
export function roomOf(path) {
  const [top, name = ''] = path.split('/');
  return top === 'conformance' ? top : `${top}/${name.replace(/\.js$/, '.ts')}`;
}

export function isBuiltin(target) {
  return target.startsWith('node:') || builtinModules.includes(target);
}

/** What one file imports, likewise. */
export function importsOf(file) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [STATEMENT, CALL].flatMap((pattern) =>
    Array.from(text.matchAll(pattern), ([, specifier]) => ({ file, target: targetOf(file, specifier) })),
  );
}

function targetOf(file, specifier) {
  if (!specifier.startsWith('.')) return specifier;
  const path = relative(ROOT, resolve(ROOT, dirname(file), specifier));
  return path.split(sep).join('/');
}

function print() {
  const arrows = new Map();
  for (const { file, target } of importsIn('src', 'conformance', 'adapters')) {
    if (isBuiltin(target)) continue;
    const from = roomOf(file);
    const to = /^(src|adapters|conformance)\//.test(target) ? roomOf(target) : target;
    if (from !== to) arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
  }
  for (const [from, targets] of [...arrows].sort()) console.log(`${from} → ${[...targets].sort().join(', ')}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) print();
