import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createDossier } from 'dossier';
import * as formats from 'dossier/formats';
import { InMemoryProfileRepository } from 'dossier/memory';
import { pages } from '../../../adapters/console/pages/index.js';
import { operations } from '../../../adapters/http/operations/index.js';
import { compiled } from '../../compiled.js';
import type { Scenarios } from '../bounds/scenario.js';

const ROOT = new URL('../../../', import.meta.url);
const SCENARIOS = new URL('../bounds/scenarios/', import.meta.url);

const page = readFileSync(new URL('docs/limits.md', ROOT), 'utf8');
/** The rows of each table, by the heading above it: the texts in backticks of each cell. */
const tables = new Map(
  page.split(/^#+ /m).map((section) => {
    const [heading = '', ...lines] = section.split('\n');
    const rows = lines.filter((line) => line.startsWith('| ')).slice(1);
    return [heading, rows.map((row) => row.split(' | ').map(codesIn))] as const;
  }),
);

function codesIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

function cellsOf(heading: string, column: number): readonly string[] {
  return tables.get(heading)?.flatMap((row) => row[column] ?? []) ?? [];
}

describe('docs/limits.md', () => {
  it('tells of every operation of the HTTP interface, once', () => {
    const described = operations.map(({ method, path }) => `${method} ${path}`);
    expect([...cellsOf('Over HTTP', 0)].sort()).to.deep.equal(described.sort());
  });

  it('tells of every page of the console, once', () => {
    expect([...cellsOf('In the console', 0)].sort()).to.deep.equal(pages.map(({ path }) => path).sort());
  });

  it('tells of every operation of a tenant, and of nothing that there is not', () => {
    const tenant = createDossier({ repository: new InMemoryProfileRepository() }).tenant('1');
    const methods = (['profiles', 'schemas'] as const).flatMap((name) =>
      Object.getOwnPropertyNames(Object.getPrototypeOf(tenant[name]))
        .filter((method) => method !== 'constructor')
        .map((method) => `${name}.${method}`),
    );
    const told = cellsOf('In code', 0);
    expect(told.filter((name) => name.includes('.')).sort()).to.deep.equal(methods.sort());
    expect(formats).to.include.keys(told.filter((name) => !name.includes('.')));
  });

  it('names limits that the reference has', () => {
    const folder = new URL('docs/reference/', ROOT);
    const reference = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const limits = [...new Set(codesIn(page))].filter((name) => /^(?:max|min)[A-Z]\w+$|Ms$/.test(name));
    expect(limits).to.include('maxProfileBytes');
    expect(limits.filter((name) => !reference.some((text) => text.includes(name)))).to.deep.equal([]);
  });

  it('names scenarios that there are', async () => {
    const told = ['In code', 'Over HTTP', 'In the console'].flatMap((heading) => cellsOf(heading, 2));
    const files = new Map(told.map((name) => [name.split(': ', 1)[0] ?? '', new Set<string>()]));
    for (const [file, names] of files) {
      const { scenarios } = (await import(compiled(new URL(`${file}.ts`, SCENARIOS)))) as { scenarios: Scenarios };
      for (const name of Object.keys(scenarios)) names.add(`${file}: ${name}`);
    }
    expect(told).to.not.deep.equal([]);
    expect(told.filter((name) => !files.get(name.split(': ', 1)[0] ?? '')?.has(name))).to.deep.equal([]);
  });
});
