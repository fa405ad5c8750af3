// Compiles the project's TypeScript into build/, file by file, for the tests: Node.js runs them there as they are, where a
// loader would take a third of their time. Files that have not changed are not compiled again. Mocha requires it before it
// looks for tests, by its configurations.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const BUILD = join(ROOT, 'build');
const FOLDERS = ['src', 'conformance', 'adapters', 'examples', 'bench', 'test'];
/** What all compiled files depend on. */
const SETTINGS = ['package.json', 'tsconfig.json', 'scripts/compile.mjs'].map((path) => join(ROOT, path));

// Each worker of mocha requires it again.
if (process.env.MOCHA_WORKER_ID === undefined) await compileAll();

async function compileAll() {
  mkdirSync(BUILD, { recursive: true });
  const sources = new Map(FOLDERS.flatMap(sourcesIn).map((source) => [outputOf(source), source]));
  for (const output of filesIn(BUILD)) {
    if (output.endsWith('.js') && !sources.has(output)) rmSync(output);
  }
  const settingsChanged = Math.max(...SETTINGS.map(changedAt));
  const outdated = [...sources].filter(
    ([output, source]) => changedAt(output) <= Math.max(changedAt(source), settingsChanged),
  );
  if (outdated.length === 0) return;
  for (const folder of new Set(outdated.map(([output]) => dirname(output)))) mkdirSync(folder, { recursive: true });
  await compile(outdated);
  completePackage();
}

async function compile(files) {
  const { transform } = await import('esbuild');
  const tsconfigRaw = readFileSync(join(ROOT, 'tsconfig.json'), 'utf8');
  const compileOne = async ([output, source]) => {
    const place = relative(dirname(output), source).replaceAll(sep, '/');
    const { code } = await transform(readFileSync(source, 'utf8'), {
      loader: source.endsWith('x') ? 'tsx' : 'ts',
      tsconfigRaw,
      sourcefile: place,
      sourcemap: 'inline',
      sourcesContent: false,
      // By its URL a module finds other files of the project: from where its source is.
      define: { 'import.meta.url': 'SOURCE_URL' },
      banner: `const SOURCE_URL = new URL('${place}', import.meta.url).href;`,
    });
    writeFileSync(output, code);
  };
  await Promise.all(files.map(compileOne));
}

/** Makes build/ a package `dossier`, so that imports of it find the compiled files and not dist/; and links the scripts. */
function completePackage() {
  const { name, version, type, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const description = JSON.stringify({ name, version, type, exports }, undefined, 2).replaceAll('"./dist/', '"./');
  writeFileSync(join(BUILD, 'package.json'), `${description}\n`);
  const link = join(BUILD, 'scripts');
  rmSync(link, { recursive: true, force: true });
  symlinkSync(join(ROOT, 'scripts'), link, 'junction');
}

function sourcesIn(folder) {
  return filesIn(join(ROOT, folder)).filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'));
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}

function outputOf(source) {
  return join(BUILD, relative(ROOT, source)).replace(/\.tsx?$/, '.js');
}

/** When a file was written, in milliseconds; 0 if there is none. */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
