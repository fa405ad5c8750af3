import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { SortedIds } from '../../../adapters/memory/sorted-ids.js';

const id = fc.string({ unit: fc.constantFrom(...'aAbBzZ09._~-'), minLength: 1, maxLength: 4 });
const step = fc.oneof(
  fc.record({ op: fc.constantFrom('add' as const, 'delete' as const), id }),
  fc.record({
    op: fc.constant('after' as const),
    id: fc.option(id, { nil: undefined }),
    limit: fc.integer({ min: 1, max: 5 }),
  }),
);

describe('SortedIds', () => {
  it('behaves like a sorted array (R20)', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const ids = new SortedIds();
        const plain = new Set<string>();
        for (const next of steps) {
          if (next.op === 'after') {
            const { id: after = '', limit } = next;
            const expected = [...plain].sort().filter((candidate) => candidate > after);
            assert.deepEqual(ids.after(next.id, limit), expected.slice(0, limit));
          } else {
            ids[next.op](next.id);
            plain[next.op](next.id);
          }
          assert.equal(ids.isEmpty, plain.size === 0);
        }
      }),
      { seed: 20240229 },
    );
  });

  it('supports thousands of ids, added and removed in any order', () => {
    const all = Array.from({ length: 5_000 }, (_, index) => String((index * 2_741) % 5_000).padStart(4, '0'));
    const ids = new SortedIds();
    for (const each of all) ids.add(each);
    const sorted = [...all].sort();
    assert.deepEqual(ids.after(undefined, 5_000), sorted);
    assert.deepEqual(ids.after('2499', 1_000), sorted.slice(2_500, 3_500));

    for (const each of all) if (Number(each) % 7 !== 0) ids.delete(each);
    assert.deepEqual(
      ids.after(undefined, 5_000),
      sorted.filter((each) => Number(each) % 7 === 0),
    );
    for (const each of all) ids.delete(each);
    assert.ok(ids.isEmpty);
  });
});
