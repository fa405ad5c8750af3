import { expect } from 'chai';
import { findErasureScope } from '../../../src/profiles/erasure-scope.js';
import type { Lineage, MergedAway } from '../../../src/storage/erasure.js';

/** The lineage of each customer id, and what an erasure of the first one takes. */
async function scopeOf(lineages: Readonly<Record<string, Partial<Lineage>>>) {
  const all = new Map(
    Object.entries(lineages).map(([customerId, given]) => {
      const token = { customerId, revision: 2, createdAt: '1', updatedAt: '1', exists: false, merged: [] };
      return [customerId, { ...token, ...given }];
    }),
  );
  const [root] = all.values();
  if (root === undefined) throw new Error('There must be a profile to erase.');
  const { erased, formerStates } = await findErasureScope(root, async (customerId) => all.get(customerId));
  return { erased: erased.map(({ customerId }) => customerId), formerStates };
}

const merge = (customerId: string, { revision = 2, at = '1' } = {}): MergedAway => ({ customerId, revision, at });
const receipt = { erasure: 'e' } as Lineage['receipt'];

describe('what an erasure takes (E1)', () => {
  it('E1 the profile alone, if nothing was merged into it', async () => {
    expect(await scopeOf({ ann: { exists: true } })).to.deep.equal({ erased: ['ann'], formerStates: [] });
  });

  it('E1 what was merged into it, transitively, each once', async () => {
    const { erased } = await scopeOf({
      ann: { exists: true, merged: [merge('b'), merge('c')] },
      c: { merged: [merge('d')] },
      b: { merged: [merge('d'), merge('a')] },
      d: { merged: [] },
      a: { merged: [] },
    });
    expect(erased).to.deep.equal(['a', 'ann', 'b', 'c', 'd']);
  });

  it('E1 nothing of what is erased already, or is gone', async () => {
    const { erased } = await scopeOf({
      ann: { merged: [merge('erased'), merge('gone')] },
      erased: { receipt, merged: [merge('x')] },
      x: {},
    });
    expect(erased).to.deep.equal(['ann']);
  });

  it('E1 of an id that has another profile since, the former states, and what was merged into it before', async () => {
    const used = { exists: true, revision: 9, merged: [merge('before', { at: '3' }), merge('since', { at: '5' })] };
    const ids = { before: {}, since: {} };
    for (const lineage of [used, { ...used, exists: false }]) {
      const scope = await scopeOf({
        ann: { merged: [merge('used', { revision: 4, at: '4' })] },
        used: lineage,
        ...ids,
      });
      expect(scope).to.deep.equal({
        erased: ['ann', 'before'],
        formerStates: [{ customerId: 'used', through: 4 }],
      });
    }
  });

  it('E1 all of an id that was merged into it twice, and of two that were merged into each other', async () => {
    const twice = [merge('b', { revision: 2 }), merge('b', { revision: 5 })];
    for (const merged of [twice, twice.toReversed()]) {
      const scope = await scopeOf({ ann: { exists: true, merged }, b: { revision: 5, merged: [merge('ann')] } });
      expect(scope).to.deep.equal({ erased: ['ann', 'b'], formerStates: [] });
    }
  });
});
