import { expect } from 'chai';
import type { IdentificationKeyDefinition, SchemaDefinition } from 'dossier';
import type { StoredContent } from 'dossier/storage';
import { Violations } from '../../../src/model/violation.js';
import { readCriteria } from '../../../src/rules/identification/criteria.js';
import { entryOf, matches } from '../../../src/rules/identification/match.js';
import { compile, digests } from './identify.js';

const DEFINITIONS: SchemaDefinition = {
  attributes: [
    { name: 'A', type: 'string' },
    { name: 'B', type: 'string', multiValued: true },
    { name: 'Id', type: 'long' },
  ],
  extensions: [
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string' },
        { name: 'Kind', type: 'string' },
      ],
    },
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
  ],
};
const PROFILE: StoredContent = {
  attributes: { A: 'a', B: ['x', 'Y'], Id: '9007199254740993' },
  extensions: {
    Phone: [
      { Number: '1', Kind: 'home' },
      { Number: '2', Kind: 'work' },
    ],
    Address: [{ City: 'Dayton' }],
  },
};

/** Whether the profile has the index entry of the criteria, and whether it matches them. */
function ask(values: Record<string, unknown>, key: IdentificationKeyDefinition, profile: StoredContent = PROFILE) {
  const schema = compile({ ...DEFINITIONS, identificationKeys: [key] });
  const violations = new Violations();
  const criteria = readCriteria(schema, values, 'typed', violations);
  const [compiled] = schema.keys;
  if (!compiled || violations.count > 0) throw new Error('not a question to this schema');
  return {
    indexed: digests(schema, profile).includes(entryOf(compiled, criteria).digest),
    matching: matches(schema, compiled, criteria, profile),
  };
}

const YES = { indexed: true, matching: true };
const NO = { indexed: false, matching: false };
const NOT_BEYOND = { indexed: true, matching: false };

describe('matching', () => {
  it('R18 every attribute of the key must equal the search value', () => {
    const key = { name: 'K', attributes: ['A', 'B'] };
    expect(ask({ A: 'a', B: 'x' }, key)).to.deep.equal(YES);
    expect(ask({ B: 'Y', A: 'a' }, key)).to.deep.equal(YES);
    expect(ask({ A: 'a', B: 'z' }, key)).to.deep.equal(NO);
    expect(ask({ A: 'x', B: 'a' }, key)).to.deep.equal(NO);
    expect(ask({ A: 'A', B: 'x' }, key)).to.deep.equal(NO);
  });

  it('R18 the attributes of a key on an extension must match in the same record', () => {
    const key = { name: 'K', source: 'Phone', attributes: ['Number', 'Kind'] };
    expect(ask({ 'Phone.Number': '1', 'Phone.Kind': 'home' }, key)).to.deep.equal(YES);
    expect(ask({ 'Phone.Number': '1', 'Phone.Kind': 'work' }, key)).to.deep.equal(NO);
  });

  it('W6 criteria beyond the key must match too, all those on one extension in the same record', () => {
    const byA = { name: 'K', attributes: ['A'] };
    expect(ask({ A: 'a', B: 'Y' }, byA)).to.deep.equal(YES);
    expect(ask({ A: 'a', B: 'q' }, byA)).to.deep.equal(NOT_BEYOND);
    expect(ask({ A: 'a', 'Phone.Number': '2', 'Address.City': 'Dayton' }, byA)).to.deep.equal(YES);
    expect(ask({ A: 'a', 'Phone.Number': '2', 'Phone.Kind': 'home' }, byA)).to.deep.equal(NOT_BEYOND);
    const byPhone = { name: 'K', source: 'Phone', attributes: ['Number'] };
    expect(ask({ 'Phone.Number': '1', 'Phone.Kind': 'home', A: 'a' }, byPhone)).to.deep.equal(YES);
    expect(ask({ 'Phone.Number': '1', 'Phone.Kind': 'work' }, byPhone)).to.deep.equal(NOT_BEYOND);
    expect(ask({ 'Phone.Number': '1', A: 'b' }, byPhone)).to.deep.equal(NOT_BEYOND);
  });

  it('R18 W6 attributes of the key are compared by its case rule, others exactly', () => {
    const key = { name: 'K', attributes: ['B'], caseSensitive: false };
    expect(ask({ B: 'X' }, key)).to.deep.equal(YES);
    expect(ask({ B: 'ｙ' }, key)).to.deep.equal(YES);
    expect(ask({ B: 'X', A: 'a' }, key)).to.deep.equal(YES);
    expect(ask({ B: 'X', A: 'A' }, key)).to.deep.equal(NOT_BEYOND);
    const byPhone = { name: 'K', source: 'Phone', attributes: ['Kind'], caseSensitive: false };
    expect(ask({ 'Phone.Kind': 'HOME', 'Phone.Number': '1' }, byPhone)).to.deep.equal(YES);
    expect(ask({ 'Phone.Kind': 'HOME', 'Phone.Number': '2' }, byPhone)).to.deep.equal(NOT_BEYOND);
  });

  it('R18 a long that is stored as a string is compared exactly', () => {
    const key = { name: 'K', attributes: ['Id'] };
    expect(ask({ Id: '9007199254740993' }, key)).to.deep.equal(YES);
    expect(ask({ Id: '9007199254740992' }, key)).to.deep.equal(NO);
  });

  it('R18 a profile that lacks an attribute, or an extension, does not match', () => {
    const nothing = { attributes: {}, extensions: {} };
    expect(ask({ A: '' }, { name: 'K', attributes: ['A'] }, nothing)).to.deep.equal(NO);
    const key = { name: 'K', source: 'Address', attributes: ['City'] };
    expect(ask({ 'Address.City': '' }, key, nothing)).to.deep.equal(NO);
    const empty = { attributes: {}, extensions: { Address: [{}] } };
    expect(ask({ 'Address.City': '' }, key, empty)).to.deep.equal(NO);
  });

  it('R16 W6 a profile stored under an older schema matches by its names in any case', () => {
    const stored = { attributes: { a: 'a', b: 'x' }, extensions: { PHONE: [{ NUMBER: '1', kind: 'home' }] } };
    const key = { name: 'K', attributes: ['A'] };
    expect(ask({ A: 'a', B: 'x', 'Phone.Number': '1', 'Phone.Kind': 'home' }, key, stored)).to.deep.equal(YES);
  });
});
