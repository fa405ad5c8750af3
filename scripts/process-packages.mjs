// Installs the packages of test/process where they are missing or older than their lock file, and lets the folders
// outside it that need some of them find them. Without these packages everything but those folders works.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

const FOLDER = path('test/process');
const PACKAGES = path('test/process/node_modules');
/** What was installed last. It lies with the packages, and goes with them. */
const STAMP = path('test/process/node_modules/.installed');
const OUTSIDE = ['examples', 'test/databases/redis', 'test/browser'];
/** `scripts/compile.mjs` compiles all of them to `build/`. */
const LINKED = [...OUTSIDE, ...['test/process', ...OUTSIDE].map((folder) => `build/${folder}`)];

const manifests = ['package.json', 'package-lock.json'].map((name) => readFileSync(`${FOLDER}/${name}`));
const wanted = createHash('sha256').update(Buffer.concat(manifests)).digest('hex');
if (installed() !== wanted) {
  console.log('Installing the packages of test/process …');
  execFileSync('npm', ['ci'], { cwd: FOLDER, stdio: 'inherit', shell: process.platform === 'win32' });
  writeFileSync(STAMP, wanted);
}
for (const folder of LINKED) {
  mkdirSync(path(folder), { recursive: true });
  const link = path(`${folder}/node_modules`);
  rmSync(link, { recursive: true, force: true });
  symlinkSync(PACKAGES, link, 'junction');
}

function installed() {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return undefined;
  }
}
