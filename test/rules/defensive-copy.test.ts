import { expect } from 'chai';
import { copyInput } from '../../src/model/defensive-copy.js';

describe('model/defensive-copy', () => {
  it('shares no array and no object with the input', () => {
    const given = { members: { A: ['x'], P: [{ N: '1' }], Q: { N: '2' } } };
    const copy = copyInput(given);
    expect(copy).to.deep.equal(given);
    given.members.A.push('y');
    given.members.Q.N = '3';
    for (const record of given.members.P) record.N = '3';
    given.members.P.push({ N: '4' });
    expect(copy).to.deep.equal({ members: { A: ['x'], P: [{ N: '1' }], Q: { N: '2' } } });
  });

  it('R2 copies members of any name', () => {
    const given = JSON.parse('{"__proto__": {"a": [1]}, "constructor": {"b": 2}, "toString": 3}');
    const copy = copyInput(given);
    expect(Object.entries(copy)).to.deep.equal(Object.entries(given));
    expect(Object.getPrototypeOf(copy)).to.equal(Object.prototype);
  });

  it('R8 passes on values that are neither arrays nor plain objects, so that they are refused', () => {
    for (const given of [new Date(0), new Map(), () => 1, null, undefined, 'x', 1, true, Symbol.iterator]) {
      expect(copyInput(given)).to.equal(given);
      expect(copyInput([given])[0]).to.equal(given);
    }
    // biome-ignore lint/suspicious/noSparseArray: the test needs a sparse array
    expect(copyInput(['a', , 'b'])).to.deep.equal(['a', undefined, 'b']);
  });

  it('terminates on cyclic input', () => {
    const given: Record<string, unknown> = { name: 'x' };
    given.self = given;
    expect(copyInput(given)).to.have.nested.property('self.self.self.name', 'x');
  });
});
