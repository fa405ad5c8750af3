import { expect } from 'chai';
import { createDossier, type SchemaDefinition } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import fc from 'fast-check';
import { propertyRuns } from '../../property-runs.js';

const TENANT = '1';
const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'A', type: 'string' },
    { name: 'D', type: 'string', default: 'd' },
    { name: 'M', type: 'string', multiValued: true },
  ],
  extensions: [
    {
      name: 'S',
      type: 'single-valued',
      attributes: [
        { name: 'X', type: 'string' },
        { name: 'Y', type: 'string', default: 'y' },
      ],
    },
    {
      name: 'L',
      type: 'multi-valued',
      attributes: [
        { name: 'X', type: 'string' },
        { name: 'Y', type: 'string' },
      ],
    },
  ],
};

/** Groups of columns that a table has together, in any order of groups; those of S may come alone where nothing clears. */
const GROUPS = [['A'], ['D'], ['M'], ['M', 'M'], ['S.X'], ['S.X', 'S.Y'], ['L.X', 'L.Y'], ['L.X', 'L.Y', 'L.X', 'L.Y']];

type Content = Readonly<Record<string, unknown>>;

/** What a patch by the cells of one group makes of a member: a model that knows tables, and nothing of patches in JSON. */
function patched(stored: Content, group: readonly string[], texts: readonly string[], clears: boolean): Content {
  const name = (group[0] ?? '').slice(0, 1);
  const isEmpty = texts.every((text) => text === '');
  if (isEmpty && !clears) return stored;
  const { [name]: before, ...others } = stored;
  if (name === 'A' || name === 'D') {
    const value = isEmpty ? (name === 'D' ? 'd' : undefined) : texts[0];
    return value === undefined ? others : { ...others, [name]: value };
  }
  if (name === 'M') return isEmpty ? others : { ...others, M: texts.filter((text) => text !== '') };
  if (name === 'L') {
    const records = [texts.slice(0, 2), texts.slice(2)].map(([X, Y]) => ({ ...(X && { X }), ...(Y && { Y }) }));
    return { ...others, L: records.filter((record) => Object.keys(record).length > 0) };
  }
  if (isEmpty) return others;
  const [X, Y] = texts;
  const old = (before ?? {}) as { X?: string; Y?: string };
  const cleared = { X: undefined, Y: 'y' };
  const record = {
    ...(before === undefined ? { Y: 'y' } : old),
    ...(clears && cleared),
    ...(X && { X }),
    ...(Y && { Y }),
  };
  return { ...others, S: JSON.parse(JSON.stringify(record)) };
}

const text = fc.constantFrom('', 'u', 'v');
const value = fc.constantFrom('p', 'q');
const record = fc.record({ X: value, Y: value }, { requiredKeys: [] });
const content = fc.record(
  {
    A: value,
    D: value,
    M: fc.array(value, { minLength: 1, maxLength: 2 }),
    S: fc.record({ X: value, Y: value }, { requiredKeys: ['Y'] }),
    L: fc.array(record, { maxLength: 2 }),
  },
  { requiredKeys: ['D', 'L'] },
);
const groups = fc.uniqueArray(fc.constantFrom(...GROUPS), { selector: ([name = '']) => name[0], minLength: 1 });

describe('L5 an import with existing: patch', () => {
  it('changes what the table has columns for, and nothing else, whatever is stored and whatever cells are empty', async () => {
    const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() });
    await schemas.define(TENANT, SCHEMA);
    let number = 0;
    const property = fc.asyncProperty(
      content,
      groups,
      fc.array(text, { minLength: 20, maxLength: 20 }),
      fc.boolean(),
      async (stored, columns, texts, clears) => {
        number += 1;
        const customerId = `c${number}`;
        await profiles.create(TENANT, { customerId, members: stored });
        const table = clears ? columns.filter((group) => group.join() !== 'S.X') : columns;
        let expected: Content = stored;
        let next = 0;
        const cells: [string, string][] = [['customer_id', customerId]];
        for (const group of table) {
          const given = texts.slice(next, next + group.length);
          next += group.length;
          cells.push(...group.map((name, index): [string, string] => [name, given[index] ?? '']));
          expected = patched(expected, group, given, clears);
        }
        const options = { existing: 'patch', emptyCells: clears ? 'clear' : 'keep' } as const;
        const { errors, patched: count } = await profiles.import(TENANT, [{ line: 2, cells }], options);
        expect(errors).to.deep.equal([]);
        expect(count).to.equal(1);
        const { attributes, extensions } = await profiles.get(TENANT, customerId, { extensions: 'all' });
        expect({ ...attributes, ...extensions }).to.deep.equal(expected);
      },
    );
    await fc.assert(property, { numRuns: propertyRuns({ full: 1_000, quick: 150 }) });
  });
});
