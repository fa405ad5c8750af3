import { expect } from 'chai';
import type { AttributeDefinition, SchemaDefinition } from 'dossier';
import { takeInFormerNames } from '../../src/rules/former-names.js';
import { projectAttributes } from '../../src/rules/projection.js';
import { keepResidual, residualOf } from '../../src/rules/residual.js';
import { schemaFaultsOf, withAttribute, withExtension } from '../definitions/schema-faults-of.js';
import { compile, faults } from './check.js';

/** `B<A,Z` is an attribute named B, formerly A, or before that Z. */
function attributes(...texts: readonly string[]): AttributeDefinition[] {
  return texts.map((text) => {
    const [name = '', former] = text.split('<');
    return { name, type: 'string', ...(former !== undefined && { formerly: former.split(',') }) };
  });
}

function takenIn(current: readonly string[], next: readonly string[]): string[] {
  const parts = (texts: readonly string[]) => ({ attributes: attributes(...texts), extensions: [] });
  const { attributes: taken } = takeInFormerNames(parts(current), parts(next));
  return taken.map(({ name, formerly }) => (formerly ? `${name}<${formerly}` : name));
}

describe('former names', () => {
  it('R26 take in those of the definition that they name', () => {
    expect(takenIn(['A'], ['B<A'])).to.deep.equal(['B<A']);
    expect(takenIn(['B<A'], ['C<B'])).to.deep.equal(['C<B,A']);
    expect(takenIn(['C<B,A', 'D'], ['E<c,D'])).to.deep.equal(['E<c,B,A,D']);
  });

  it('R26 stay as they are where the same is declared again, and go where none is declared', () => {
    expect(takenIn(['C<B,A'], ['C<B'])).to.deep.equal(['C<B,A']);
    expect(takenIn(['C<B,A'], ['C'])).to.deep.equal(['C']);
  });

  it('R26 are no longer the name that a definition takes back, nor those that another one declares', () => {
    expect(takenIn(['C<B,A'], ['A<C'])).to.deep.equal(['A<C,B']);
    expect(takenIn(['C<B,A'], ['D<C', 'E<A'])).to.deep.equal(['D<C,B', 'E<A']);
    expect(takenIn(['C<B,A'], ['D<A', 'E<B'])).to.deep.equal(['D<A', 'E<B']);
    expect(takenIn(['C<B,A,Z'], ['D<A', 'E<B'])).to.deep.equal(['D<A,Z', 'E<B']);
  });

  it('R26 of the attributes of an extension come from the extension that it was', () => {
    const extension = (name: string, members: readonly string[], formerly?: string[]) => ({
      attributes: [],
      extensions: [{ name, type: 'multi-valued' as const, attributes: attributes(...members), formerly }],
    });
    const { extensions } = takeInFormerNames(extension('P', ['B<A']), extension('Q', ['C<B'], ['P']));
    expect(extensions[0]?.attributes[0]?.formerly).to.deep.equal(['B', 'A']);
  });

  it('R26 must be names that no definition of the name space has or had', () => {
    expect(schemaFaultsOf({ attributes: attributes('B<A', 'C') })).to.deep.equal([]);
    for (const [schema, ...expected] of [
      [{ attributes: attributes('B<b') }, 'R26 /attributes/0/formerly/0'],
      [{ attributes: attributes('B<A', 'a') }, 'R26 /attributes/0/formerly/0'],
      [{ attributes: attributes('B<A', 'C<D,a') }, 'R26 /attributes/1/formerly/1'],
      [{ attributes: attributes('B<A,A') }, 'R26 /attributes/0/formerly/1'],
      [withExtension({ formerly: ['e'] }), 'R26 /extensions/0/formerly/0'],
      [{ ...withExtension({ formerly: ['A'] }), attributes: attributes('a') }, 'R26 /extensions/0/formerly/0'],
      [withExtension({ attributes: attributes('B<A', 'A') }), 'R26 /extensions/0/attributes/0/formerly/0'],
      [
        withAttribute({ formerly: ['1', 'Profile', 'x y'] }),
        ...[0, 1, 2].map((at) => `R26 /attributes/0/formerly/${at}`),
      ],
      [withAttribute({ formerly: 'B' }), 'R26 /attributes/0/formerly'],
      [withAttribute({ formerly: [1] }), 'R26 /attributes/0/formerly'],
      [withAttribute({ formerly: null }), 'R26 /attributes/0/formerly'],
      [withAttribute({ formerly: Array.from({ length: 101 }, (_, at) => `F${at}`) }), 'R26 /attributes/0/formerly'],
    ] as const) {
      expect(schemaFaultsOf(schema), JSON.stringify(schema)).to.deep.equal(expected);
    }
    const elsewhere = { ...withExtension({ attributes: attributes('B<A') }), attributes: attributes('A') };
    expect(schemaFaultsOf(elsewhere)).to.deep.equal([]);
    expect(schemaFaultsOf(withExtension({ attributes: attributes('B<A'), unique: ['A'] }))).to.deep.equal([
      'R10 /extensions/0/unique/0',
    ]);
  });

  it('R26 are refused in a representation, flat or not', () => {
    const phone = {
      name: 'Tel',
      type: 'multi-valued',
      formerly: ['Phone'],
      attributes: attributes('No<Number'),
    } as const;
    const schema: SchemaDefinition = { attributes: attributes('B<A'), extensions: [phone] };
    expect(faults(schema, { attributes: { a: 'x' }, extensions: { PHONE: [] } })).to.deep.equal([
      'R26 /attributes/a',
      'R26 /extensions/PHONE',
    ]);
    expect(faults(schema, { members: { A: 'x', Phone: [], Tel: [{ Number: '1' }] } })).to.deep.equal([
      'R26 /A',
      'R26 /Phone',
      'R26 /Tel/0/Number',
    ]);
  });
});

describe('values under several names', () => {
  const schema = compile({ attributes: attributes('C<B,A') });
  const answer = (stored: object, residual?: object) =>
    projectAttributes(schema.attributes, stored as never, residual as never).C;

  it('R26 the present name wins, then the order of the list, and what does not fit is passed over', () => {
    expect(answer({ A: 'a' })).to.equal('a');
    expect(answer({ A: 'a', b: 'b' })).to.equal('b');
    expect(answer({ A: 'a', B: 'b', C: 'c' })).to.equal('c');
    expect(answer({ A: 'a', B: 1 })).to.equal('a');
    expect(answer({ A: 'a' }, { B: 'b' })).to.equal('b');
  });

  it('R23 R26 the others are residual', () => {
    expect(residualOf(schema, { attributes: { A: 'a', B: 'b' } })).to.deep.equal({ attributes: { A: 'a' } });
    expect(residualOf(schema, { attributes: { A: 'a', B: 1 } })).to.deep.equal({ attributes: { B: 1 } });
    expect(residualOf(schema, { attributes: { A: 'a' } })).to.equal(undefined);
  });

  it('R6 R26 they stay through changes, and do not come up when the attribute is cleared', () => {
    const stored = { attributes: { A: 'a', B: 'b' } };
    const kept = (next: object) => keepResidual(schema, stored, { attributes: next as never }).residual;
    expect(kept({ C: 'c' })).to.deep.equal({ attributes: { A: 'a' } });
    expect(kept({})).to.equal(undefined);
    // Attributes that are not written stay where they are.
    expect(kept(stored.attributes)).to.equal(undefined);
  });
});
