import { expect } from 'chai';
import { foldName, isName, isReservedName } from '../../src/rules/names.js';

const ON_OBJECTS = ['constructor', 'toString', 'length', 'hasOwnProperty', 'valueOf', 'toJSON', 'then', 'prototype'];

describe('rules/names', () => {
  for (const name of ['A', 'z', 'FirstName', 'a1', 'A_', 'x_1_', 'A'.repeat(64), ...ON_OBJECTS]) {
    it(`R1 R2 names: ${name} is valid`, () => {
      expect(isName(name)).to.equal(true);
    });
  }

  const foreign = [
    '',
    '1A',
    '_A',
    'A'.repeat(65),
    'A-B',
    'A.B',
    'A B',
    ' A',
    'A ',
    'A\n',
    '\nA',
    'Ä',
    'A\u0301',
    '\u212A',
    'A\u212A',
    '\u0131d',
    '\u017Ft',
    '\uFF21',
    'A\u0000',
    'A/B',
    'A~B',
    '$ref',
    '__proto__',
    '_',
  ];
  for (const name of foreign) {
    it(`R1 R2 names: ${JSON.stringify(name)} is invalid`, () => {
      expect(isName(name)).to.equal(false);
    });
  }

  it('R1 names: a value that is not a string is invalid', () => {
    for (const value of [undefined, null, 1, true, {}, ['A'], Object('A')]) expect(isName(value)).to.equal(false);
  });

  for (const name of ['customer_id', 'id_key', 'include_profile', 'extensions', 'include_extensions', 'profile']) {
    it(`R1 names: ${name} is reserved in any case`, () => {
      const capitalised = name.charAt(0).toUpperCase() + name.slice(1);
      for (const written of [name, name.toUpperCase(), capitalised]) expect(isReservedName(written)).to.equal(true);
    });
  }

  it('R1 names: names similar to reserved ones are valid', () => {
    for (const name of ['customerid', 'customer_ids', 'Profiles', 'extension', 'attributes', ...ON_OBJECTS]) {
      expect(isReservedName(name), name).to.equal(false);
    }
  });

  it('R1 names: only ASCII letters ignore case', () => {
    expect(foldName('FirstNAME_1')).to.equal('firstname_1');
    // toLowerCase or toUpperCase turns these into ASCII letters.
    for (const foreigner of ['\u212A', '\u0130', '\u0131', '\u017F']) {
      expect(foldName(foreigner)).to.equal(foreigner);
      expect(foldName(`A${foreigner}B`)).to.equal(`a${foreigner}b`);
    }
  });
});
