import { expect } from 'chai';
import fc from 'fast-check';
import { compileSchema } from '../../src/rules/compiled-schema.js';
import { EntryCollisions } from '../../src/schemas/entry-collisions.js';

const [KEY] = compileSchema(1, {
  attributes: [{ name: 'Name', type: 'string' }],
  identificationKeys: [{ name: 'byName', attributes: ['Name'], unique: true, index: 'byName#1' }],
}).keys;

/** Profile by profile its entries, each once. */
const profiles = fc.array(fc.uniqueArray(fc.nat(40), { maxLength: 6 }), { maxLength: 60 });

describe('counting collisions of unique keys', () => {
  it('S1 R21 counts as a plain map does, whatever fits into memory', () => {
    fc.assert(
      fc.property(profiles, fc.integer({ min: 1, max: 50 }), (entries, most) => {
        if (!KEY) throw new Error('no key');
        const holders = new Map<number, Set<string>>();
        for (const [index, values] of entries.entries()) {
          for (const value of values) holders.set(value, (holders.get(value) ?? new Set()).add(`p${index}`));
        }
        const shared = [...holders.values()].filter(({ size }) => size > 1);
        const collisions = new EntryCollisions(most);
        do {
          for (const [index, values] of entries.entries()) {
            for (const value of values) collisions.add(KEY, String(value), `p${index}`);
          }
        } while (collisions.endPass());
        const [found] = collisions.list;
        expect(found?.count ?? 0).to.equal(shared.reduce((count, { size }) => count + size - 1, 0));
        const colliding = new Set(shared.flatMap((ids) => [...ids]));
        const ids = found?.customerIds ?? [];
        expect(ids.every((id) => colliding.has(id))).to.equal(true);
        expect(ids.length).to.be.within(Math.min(2, colliding.size), 10);
      }),
    );
  });
});
