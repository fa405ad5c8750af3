// Installs the releases of Node.js that docs/compatibility.md names, for the tests that run them: below ~/.cache/dossier, from
// the npm registry, about 120 MB each.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = `node-${process.platform}-${process.arch}`;

/** Where the program of a release lies, once it is installed. */
export function nodeProgram(version) {
  return join(folderOf(version), 'node_modules', PACKAGE, 'bin/node');
}

function folderOf(version) {
  return join(homedir(), '.cache/dossier/node', version);
}

function install(version) {
  const folder = folderOf(version);
  mkdirSync(folder, { recursive: true });
  const options = ['--prefix', folder, '--no-save', '--no-audit', '--no-fund'];
  execFileSync('npm', ['install', ...options, `${PACKAGE}@${version}`], { stdio: 'inherit' });
}

/** The releases that docs/compatibility.md names. */
export function documentedVersions() {
  const page = readFileSync(new URL('../docs/compatibility.md', import.meta.url), 'utf8');
  return [...page.matchAll(/^\| Node\.js ([\d.]+) \|/gm)].map(([, version]) => version);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const version of documentedVersions()) {
    if (!existsSync(nodeProgram(version))) install(version);
  }
}
