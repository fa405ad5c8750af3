// Runs the in-process tests on the releases of Node.js that are named, such as 22, or on all of docs/compatibility.md but that
// of this process. The driver of SQLite is compiled for each, in a copy of the project in a temporary folder.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentedVersions, nodeProgram } from './node-versions.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Neither is needed by these tests, and the first has more files than all the rest. */
const LEFT_OUT = new Set(['test/process/node_modules', '.git']);

const current = process.versions.node.split('.')[0];
const named = process.argv.slice(2);
const versions = named.length > 0 ? named : documentedVersions().filter((version) => version.split('.')[0] !== current);

const folder = mkdtempSync(join(tmpdir(), 'dossier-node-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const filter = (path) => !LEFT_OUT.has(relative(ROOT, path).split(sep).join('/'));
cpSync(ROOT, folder, { recursive: true, verbatimSymlinks: true, filter });

for (const version of versions) {
  const node = nodeProgram(version);
  const installed = dirname(dirname(node));
  const path = [dirname(node), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH: path, npm_config_nodedir: installed };
  const run = (program, args) => execFileSync(program, args, { cwd: folder, env, stdio: 'inherit' });
  console.log(`\nThe in-process tests on Node.js ${version}:`);
  run('npm', ['rebuild', 'better-sqlite3']);
  run(node, ['node_modules/mocha/bin/mocha.js', '--config', 'test/tiers/in-process.json', '--reporter', 'dot']);
}
