import { expect } from 'chai';
import type { StoredSchema } from '../../src/model/stored-schema.js';
import { renumbered } from '../../src/rules/definition-numbers.js';

const NOTHING: StoredSchema = { attributes: [], extensions: [], identificationKeys: [], retiredNames: [] };

/** A schema of texts: `A`, or `B<A` for one that was called A. */
function next(current: StoredSchema, ...texts: string[]): StoredSchema {
  const attributes = texts.map((text) => {
    const [name = '', ...formerly] = text.split('<');
    return { name, type: 'string', ...(formerly.length > 0 && { formerly }) } as const;
  });
  return renumbered(current, { ...current, attributes });
}

const numbersOf = ({ attributes }: StoredSchema) => attributes.map(({ number }) => number);

describe('rules/definition-numbers', () => {
  it('R22 R26 a renamed definition goes on, and so does one with a former name that no definition had', () => {
    const first = next(NOTHING, 'A', 'B');
    expect(numbersOf(first)).to.deep.equal([1, 2]);
    expect(numbersOf(next(first, 'a', 'C<b<D'))).to.deep.equal([1, 2]);
    expect(numbersOf(next(next(first, 'A', 'C<B'), 'A', 'D<C<B'))).to.deep.equal([1, 2]);
  });

  it('R22 R23 R26 one with a name that another definition had, or has as a former one, does not', () => {
    const first = next(NOTHING, 'A', 'B');
    const retired = next(first, 'A');
    expect(numbersOf(next(retired, 'b<A'))).to.deep.equal([3]);
    expect(numbersOf(next(retired, 'C<A<b'))).to.deep.equal([3]);
    const renamed = next(first, 'A', 'C<B');
    expect(numbersOf(next(renamed, 'B<A', 'C'))).to.deep.equal([3, 2]);
    expect(numbersOf(next(next(retired, 'A', 'B'), 'C<A', 'B'))).to.deep.equal([1, 3]);
  });

  it('R22 R26 where the names that others had are not known, no renamed one goes on', () => {
    const { retiredNames: _, ...old } = next(NOTHING, 'A', 'B');
    expect(numbersOf(next(old, 'A', 'C<B'))).to.deep.equal([1, 3]);
    const many = Array.from({ length: 1_001 }, (_, index) => `N${index}`);
    const forgetful = next(next(NOTHING, 'A', ...many), 'A');
    expect(forgetful).not.to.have.property('retiredNames');
    expect(numbersOf(next(forgetful, 'New<A'))).to.deep.equal([1_003]);
  });
});
