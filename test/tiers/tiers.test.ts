import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { importsOf } from '../../scripts/imports.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** How mocha finds the compiled files of a configuration. */
const collectFiles = createRequire(import.meta.url)('mocha/lib/cli/collect-files.cjs');

/** What runs the tests of each file. `unit` is a part of `in-process`. */
const TIERS = ['in-process', 'process', 'databases', 'cluster', 'browser'];

/** Whatever its extension, and also as other runners would name it. */
const TEST_FILE = /[._](?:test|spec)\.[cm]?[jt]sx?$/;

const posix = (path: string) => path.split(sep).join('/');

function filesOf(tier: string): string[] {
  const { spec, ignore = [] } = JSON.parse(readFileSync(new URL(`./${tier}.json`, import.meta.url), 'utf8'));
  const options = { spec, ignore, extension: ['js'], file: [], recursive: false, sort: false };
  return collectFiles(options).files.map((path: string) =>
    posix(relative(`${ROOT}/build`, path)).replace(/\.js$/, '.ts'),
  );
}

function testFiles(folder = 'test'): string[] {
  return readdirSync(`${ROOT}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : testFiles(path);
    return TEST_FILE.test(entry.name) ? [path] : [];
  });
}

/** The files and packages that some files import, and those that these import, and so on. */
function reachedFrom(files: readonly string[]): Map<string, string> {
  const reached = new Map<string, string>();
  const visit = (file: string) => {
    for (const { target } of importsOf(file)) {
      if (reached.has(target)) continue;
      reached.set(target, file);
      if (/^(?:test|examples)\/.*\.js$/.test(target)) visit(target.replace(/\.js$/, '.ts'));
    }
  };
  for (const file of files) visit(file);
  return reached;
}

describe('every test file belongs to one tier', () => {
  const tiers = new Map(TIERS.map((tier) => [tier, filesOf(tier)]));

  for (const file of testFiles()) {
    it(file, () => {
      const itsTiers = TIERS.filter((tier) => tiers.get(tier)?.includes(file));
      expect(itsTiers, 'the tiers of test/tiers that run it').to.have.length(1);
    });
  }

  it('those of the unit tests run in process as well', () => {
    expect(filesOf('unit')).to.have.length.above(20);
    expect(tiers.get('in-process')).to.include.members(filesOf('unit'));
  });
});

describe('what each tier needs', () => {
  it('in process: no other process, and none of the packages of test/process', () => {
    const reached = reachedFrom(filesOf('in-process'));
    const { dependencies } = JSON.parse(readFileSync(`${ROOT}/test/process/package.json`, 'utf8'));
    const { devDependencies } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));
    const packages = Object.keys(dependencies).filter((name) => !Object.hasOwn(devDependencies, name));
    const isForbidden = (target: string) =>
      ['node:child_process', 'node:cluster'].includes(target) ||
      packages.some((name) => target === name || target.startsWith(`${name}/`));
    const forbidden = [...reached]
      .filter(([target]) => isForbidden(target))
      .map(([target, file]) => `${file} → ${target}`);
    expect(forbidden).to.deep.equal([]);
  });

  it('unit: no database', () => {
    const reached = reachedFrom(filesOf('unit'));
    expect([...reached.keys()]).not.to.include('knex');
  });
});
