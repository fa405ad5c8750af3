// Checks the package as it would be published: its files, the links of its docs, how it resolves; and the lock files.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';

const ALLOWED = [
  /^package\/dist\/(?:src|conformance|adapters)\/.+\.(?:js|d\.ts)$/,
  /^package\/dist\/chunks\/.+\.js$/,
  /^package\/docs\/.+\.(?:md|svg|png)$/,
  /^package\/examples\/.+\.(?:ts|lua|md)$/,
  /^package\/examples\/import\/[a-z-]+\.(?:csv|json)$/,
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
  show(tool('publint'), '--strict', tarball);
  // Dossier is ES modules only. From Node 20.19 on `require` loads them, which attw does not know.
  show(tool('attw'), tarball, '--profile', 'esm-only');
  for (const root of ['', 'test/process/', 'scripts/reference/']) checkLockFile(`${root}package-lock.json`);
  console.log('The package is valid.');
} finally {
  rmSync(folder, { recursive: true });
}

function checkContents(files) {
  const unwanted = files.filter((file) => !REQUIRED.includes(file) && !ALLOWED.some((form) => form.test(file)));
  const missing = REQUIRED.filter((file) => !files.includes(file));
  if (unwanted.length > 0)
    fail(
      `The package contains unexpected files: ${unwanted.join(', ')}. Leave them out in "files" of package.json, or allow them here.`,
    );
  if (missing.length > 0) fail(`The package lacks required files: ${missing.join(', ')}.`);
}

/** Relative links must resolve inside the package. */
function checkLinks(page, text, files) {
  for (const [, target] of text.matchAll(/\]\((?![a-z]+:|#)([^)#]+)[^)]*\)/g)) {
    const path = posix.join(dirname(page), target);
    if (!files.some((file) => file === path || file.startsWith(posix.join(path, '/')))) {
      fail(`${page} links to ${target}, which is not in the package.`);
    }
  }
}

function checkLockFile(file) {
  if (/"resolved": "http/.test(readFileSync(file, 'utf8')))
    fail(`${file} contains registry URLs ("resolved"). Remove them.`);
}

/** A program of the packages of test/process. */
function tool(name) {
  return join('test/process/node_modules/.bin', name);
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
