// Runs the in-process tests on the releases of Node.js that are named, such as 22, or on all of docs/compatibility.md but that
// of this process. The driver of SQLite is compiled for each, in a copy of the project in a temporary folder.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { documentedVersions, nodeProgram } from './node-versions.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** None is needed by these tests, and the first has more files than all the rest. */
const LEFT_OUT = new Set(['test/process/node_modules', 'build', '.git']);

const current = process.versions.node.split('.')[0];
const named = process.argv.slice(2);
const versions = named.length > 0 ? named : documentedVersions().filter((version) => version.split('.')[0] !== current);

const folder = mkdtempSync(join(tmpdir(), 'dossier-node-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const filter = (path) => !LEFT_OUT.has(relative(ROOT, path).split(sep).join('/'));

/** A copy of the project in which programs run by a release of Node.js. */
function copyFor(version) {
  const cwd = join(folder, version);
  cpSync(ROOT, cwd, { recursive: true, verbatimSymlinks: true, filter });
  const node = nodeProgram(version);
  const path = [dirname(node), process.env.PATH].join(delimiter);
  return { version, node, cwd, env: { ...process.env, PATH: path, npm_config_nodedir: dirname(dirname(node)) } };
}

// A compilation uses one core, so all go on at once. Optimizing takes longer than the tests gain by it.
const NOT_OPTIMIZED = { CFLAGS: '-O0', CXXFLAGS: '-O0' };
const copies = versions.map(copyFor);
await Promise.all(
  copies.map(({ cwd, env }) =>
    promisify(execFile)('npm', ['rebuild', 'better-sqlite3'], { cwd, env: { ...env, ...NOT_OPTIMIZED } }),
  ),
);

for (const { version, node, cwd, env } of copies) {
  console.log(`\nThe in-process tests on Node.js ${version}:`);
  const tests = ['node_modules/mocha/bin/mocha.js', '--config', 'test/tiers/in-process.json', '--reporter', 'dot'];
  execFileSync(node, tests, { cwd, env, stdio: 'inherit' });
}
