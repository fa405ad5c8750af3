// Builds the package into dist/. The declarations are one file per source file. The JavaScript is one file per entry
// point and a few that entry points share: Node takes as long to load twenty small modules as to load all of this.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const { bin, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const built = [...Object.values(exports).flatMap((entry) => entry.default ?? []), ...Object.values(bin)];

rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: ROOT,
  stdio: 'inherit',
});
await build({
  absWorkingDir: ROOT,
  entryPoints: built.map((file) => file.replace(/^(?:\.\/)?dist\//, '').replace(/\.js$/, '.ts')),
  outdir: 'dist',
  outbase: '.',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'es2022',
  // An adapter takes the core from the package as everybody does, so that there is one copy of its classes.
  external: ['dossier', 'dossier/*'],
  packages: 'external',
});
