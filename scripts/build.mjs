// Builds the package into dist/. The declarations stay one file per source file. The JavaScript becomes one file per
// entry point, and a few for what entry points share or load later: Node takes longer to find and link a hundred small
// modules than to run them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

rmSync(DIST, { recursive: true, force: true });
const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
const files = await joinModules();
for (const path of readdirSync(DIST, { recursive: true })) {
  if (path.endsWith('.js')) rmSync(join(DIST, path));
}
for (const { path, contents } of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}

/** Answers the files that take the place of those that the compiler has written. */
async function joinModules() {
  const { exports, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const entryPoints = [...Object.values(exports).flatMap((entry) => entry.default ?? []), ...Object.values(bin)];
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: 'dist',
    outbase: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    // Adapters import the core as `dossier`, as anyone's do: bundled into them, its classes would be there twice.
    packages: 'external',
    tsconfigRaw: {},
  });
  return outputFiles;
}
