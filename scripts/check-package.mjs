// Checks the package as it would be published: what is in it, how it resolves, and that the lock file names no registry.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';

const ALLOWED = [
  /^package\/dist\/(?:src|adapters|conformance)\/.+\.(?:js|d\.ts)$/,
  /^package\/dist\/chunks\/.+\.js$/,
  /^package\/docs\/.+\.(?:md|svg)$/,
  /^package\/examples\/.+\.(?:ts|lua|md)$/,
  /^package\/(?:README|CHANGELOG|CONTRIBUTING)\.md$/,
];
const REQUIRED = ['package/package.json', 'package/LICENSE', 'package/README.md', 'package/CHANGELOG.md'];

const folder = mkdtempSync(join(tmpdir(), 'dossier-package-'));
try {
  const tarball = join(folder, run('npm', 'pack', '--silent', '--pack-destination', folder).trim().split('\n').at(-1));
  const files = run('tar', '-tzf', tarball).trim().split('\n');
  checkContents(files);
  for (const page of files.filter((file) => file.endsWith('.md'))) {
    checkLinks(page, run('tar', '-xzOf', tarball, page), files);
  }
  show('npx', 'publint', '--strict', tarball);
  // Dossier is ES modules only; `require` takes them from Node 20.19 on, which the tool does not know.
  show('npx', 'attw', tarball, '--profile', 'esm-only');
  checkLockFile(readFileSync('package-lock.json', 'utf8'));
  console.log('The package is in order.');
} finally {
  rmSync(folder, { recursive: true });
}

function checkContents(files) {
  const unwanted = files.filter((file) => !REQUIRED.includes(file) && !ALLOWED.some((form) => form.test(file)));
  const missing = REQUIRED.filter((file) => !files.includes(file));
  if (unwanted.length > 0) fail(`The package contains what nobody needs: ${unwanted.join(', ')}`);
  if (missing.length > 0) fail(`The package lacks ${missing.join(', ')}`);
}

/** What a page leads to is to be there for who has installed the package. */
function checkLinks(page, text, files) {
  for (const [, target] of text.matchAll(/\]\((?![a-z]+:|#)([^)#]+)[^)]*\)/g)) {
    const path = posix.join(dirname(page), target);
    if (!files.some((file) => file === path || file.startsWith(posix.join(path, '/')))) {
      fail(`${page} leads to ${target}, which is not in the package.`);
    }
  }
}

function checkLockFile(text) {
  if (/"resolved": "http/.test(text)) fail('package-lock.json carries addresses of a registry.');
}

function run(command, ...args) {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function show(command, ...args) {
  execFileSync(command, args, { stdio: 'inherit' });
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
  throw new Error(message);
}
