import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type Application, installCopy } from '../bundles/package-copy.js';
import { documentedFiles, documentedRows } from './documented.js';
import { installedVersion } from './installed-version.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const COMPILERS: ReadonlyMap<string, string> = new Map(
  [
    ...['typescript-5.5', 'typescript-5.7', 'typescript', 'typescript-6'].map(
      (name) => `test/process/node_modules/${name}`,
    ),
    'node_modules/typescript',
  ].map((folder) => [`TypeScript ${installedVersion(folder, 2)}`, join(ROOT, folder, 'bin/tsc')]),
);

interface Project {
  readonly type: 'module' | 'commonjs';
  readonly module: string;
  readonly moduleResolution?: string;
}

/** What the columns of the table stand for. */
const PROJECTS: Readonly<Record<string, Project>> = {
  '`nodenext`, ES module': { type: 'module', module: 'nodenext' },
  '`node16`, ES module': { type: 'module', module: 'node16' },
  '`esnext` with `moduleResolution: bundler`': { type: 'module', module: 'esnext', moduleResolution: 'bundler' },
  '`commonjs`': { type: 'commonjs', module: 'commonjs' },
  '`nodenext`, CommonJS': { type: 'commonjs', module: 'nodenext' },
  '`node16`, CommonJS': { type: 'commonjs', module: 'node16' },
};

const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
};
const ENTRY_POINTS = Object.keys(exports)
  .filter((path) => path !== './package.json')
  .map((path) => path.replace('.', 'dossier'));

/** Imports every entry point, and prints what it has. A name that the types lack is an error of the compiler. */
const PROGRAM = `
${ENTRY_POINTS.map((entryPoint, index) => `import * as entryPoint${index} from '${entryPoint}';`).join('\n')}
import { createDossier, type Profile } from 'dossier';
import { identifiers } from 'dossier/inversify';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';

declare const console: { log(...values: unknown[]): void };
const repository: ProfileRepository = new InMemoryProfileRepository();
const { profiles } = createDossier({ repository });
export const read: Promise<Profile | string> = profiles.get('1', 'ann').catch((error) => error.name);
// @ts-expect-error an extension is asked for by a list of names
export const wrong = () => profiles.get('1', 'ann', { extensions: 7 });
read.then((answer) => console.log(answer, Object.keys(identifiers).length));
export const all: object[] = [${ENTRY_POINTS.map((_, index) => `entryPoint${index}`).join(', ')}];
`;

const OPTIONS = { strict: true, target: 'es2022', lib: ['es2022'], types: [], skipLibCheck: true };
const PACKAGES = ['class-transformer', 'class-validator', 'fast-check', 'hono', 'inversify', 'reflect-metadata'];

describe('TypeScript, as docs/compatibility.md has it', function () {
  this.timeout(120_000);
  let application: Application;

  before(async () => {
    application = await installCopy(PACKAGES);
  });

  after(() => application.remove());

  const tscOf = (version: string): string => {
    const tsc = COMPILERS.get(version);
    if (tsc === undefined) throw new Error(`No test runs ${version}. There are: ${[...COMPILERS.keys()].join('; ')}.`);
    return tsc;
  };

  async function writeProject(folder: string, { type, ...modules }: Project, file: string, text: string) {
    const compilerOptions = { ...OPTIONS, ...modules, composite: true, rootDir: '.', outDir: '.' };
    await application.write(join(folder, 'package.json'), JSON.stringify({ type }));
    await application.write(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    await application.write(join(folder, file), text);
  }

  /** Compiles a project for each column, and one for the file that the page shows: at once, which is faster than one by one. */
  async function build(version: string, columns: readonly string[]): Promise<string> {
    for (const [index, column] of columns.entries()) {
      await writeProject(join(version, `${index}`), projectOf(column), 'program.ts', PROGRAM);
    }
    for (const [file, text] of documentedFiles('TypeScript')) {
      await writeProject(join(version, 'shown'), { type: 'commonjs', module: 'node16' }, file, text);
    }
    const references = [...columns.keys(), 'shown'].map((path) => ({ path: `${path}` }));
    await application.write(join(version, 'tsconfig.json'), JSON.stringify({ files: [], references }));
    const cwd = join(application.folder, version);
    const args = [tscOf(version), '--build', '--pretty', 'false'];
    // It ends with a failure where it finds errors.
    const { stdout } = await run(process.execPath, args, { cwd }).catch((failure) => failure);
    return stdout;
  }

  for (const { name: version, cells } of documentedRows('TypeScript')) {
    describe(version, () => {
      const columns = Object.entries(cells);
      let output: string;

      before(async () => {
        output = await build(version, Object.keys(cells));
      });

      const errorsIn = (project: string) => output.split(/\n(?=\S)/).filter((line) => line.startsWith(`${project}/`));

      for (const [index, [column, outcome]] of columns.entries()) {
        it(`${column}: ${outcome}`, () => {
          const errors = errorsIn(`${index}`);
          if (outcome === 'yes') expect(errors).to.deep.equal([]);
          else expect(errors.join('\n')).to.include(`error ${outcome}: `);
        });
      }

      it('`node16`, CommonJS, loading Dossier on demand: yes', () => {
        expect(errorsIn('shown')).to.deep.equal([]);
      });

      it('what it emits runs', async () => {
        const programs = columns.flatMap(([, outcome], index) => (outcome === 'yes' ? `./${index}/program.js` : []));
        const main = programs.map((program) => `await import('${program}');\n`).join('');
        const file = await application.write(join(version, 'main.mjs'), main);
        const { stdout } = await run(process.execPath, [file]);
        expect(stdout).to.equal('NotFoundError 4\n'.repeat(programs.length));
      });
    });
  }
});

describe('The types, without the packages that Dossier uses', function () {
  this.timeout(60_000);
  let application: Application;

  before(async () => {
    application = await installCopy(['@types/node', 'undici-types']);
  });

  after(() => application.remove());

  async function errorsOf(entryPoints: readonly string[]): Promise<readonly string[]> {
    const file = await application.write('program.ts', entryPoints.map((name) => `import '${name}';\n`).join(''));
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--lib', 'es2022', '--types', 'node'];
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, ...options, file], { cwd: application.folder }).catch(
      (failure) => failure,
    );
    return stdout.split('\n').filter((line: string) => line.includes('error TS'));
  }

  it('compile without skipLibCheck, but for dossier/http, dossier/console and dossier/inversify', async () => {
    const others = ['dossier/http', 'dossier/console', 'dossier/inversify'];
    expect(await errorsOf(ENTRY_POINTS.filter((name) => !others.includes(name)))).to.deep.equal([]);
  });

  it('miss Inversify if dossier/inversify is imported', async () => {
    expect((await errorsOf(['dossier/inversify'])).join('\n')).to.include(`Cannot find module 'inversify'`);
  });
});

function projectOf(column: string): Project {
  const project = PROJECTS[column];
  if (project === undefined) throw new Error(`No test runs ${column}. There are: ${Object.keys(PROJECTS).join('; ')}.`);
  return project;
}
