import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import type { StoredContent } from 'dossier/storage';
import { compileSchema } from '../../../src/rules/compiled-schema.js';
import { entryChanges } from '../../../src/rules/identification/entries.js';
import { compile, digests } from './identify.js';

const DEFINITIONS: SchemaDefinition = {
  attributes: [
    { name: 'A', type: 'string' },
    { name: 'B', type: 'string' },
    { name: 'Tags', type: 'string', multiValued: true },
    { name: 'Id', type: 'long' },
    { name: 'constructor', type: 'string' },
  ],
  extensions: [
    { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }] },
    { name: 'toString', type: 'single-valued', attributes: [{ name: 'valueOf', type: 'string' }] },
  ],
};
const SCHEMA = compile({
  ...DEFINITIONS,
  identificationKeys: [
    { name: 'byA', attributes: ['A'], unique: true },
    { name: 'byB', attributes: ['B'] },
    { name: 'byTag', attributes: ['Tags'] },
    { name: 'byPhone', source: 'Phone', attributes: ['Number'] },
  ],
});
const STATE: StoredContent = {
  attributes: { A: 'a', B: 'b', Tags: ['x', 'y'] },
  extensions: { Phone: [{ Number: '1' }, { Number: '2' }] },
};

/** The number of entries of each key that a change adds and removes, as `byTag +1 -1`. */
function changes(current: StoredContent | undefined, next: StoredContent | undefined): string[] {
  const { addEntries, removeEntries } = entryChanges(SCHEMA, current, next);
  return SCHEMA.keys.flatMap(({ name, index }) => {
    const added = addEntries.filter(({ key }) => key === index).length;
    const removed = removeEntries.filter(({ key }) => key === index).length;
    return added + removed > 0 ? [`${name} +${added} -${removed}`] : [];
  });
}

describe('index entries', () => {
  it('R18 R19 are a digest of the key and its values, and tell whether the key is unique', () => {
    const [byA, byB] = entryChanges(SCHEMA, undefined, { attributes: { A: 'a', B: 'a' } }).addEntries;
    const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(byA).to.deep.equal({ key: 'byA#0', digest: digestOf('byA#0\0["a"]'), unique: true });
    expect(byB).to.deep.equal({ key: 'byB#1', digest: digestOf('byB#1\0["a"]'), unique: false });
  });

  it('R12 are added by a creation, and removed by a deletion', () => {
    expect(changes(undefined, STATE)).to.deep.equal(['byA +1 -0', 'byB +1 -0', 'byTag +2 -0', 'byPhone +2 -0']);
    expect(changes(STATE, undefined)).to.deep.equal(['byA +0 -1', 'byB +0 -1', 'byTag +0 -2', 'byPhone +0 -2']);
    expect(entryChanges(SCHEMA, STATE, undefined).removeEntries).to.deep.equal(
      entryChanges(SCHEMA, undefined, STATE).addEntries,
    );
  });

  it('R6 R12 change only with the values that they are made of', () => {
    const { extensions } = STATE;
    expect(changes(STATE, { attributes: { A: 'a', B: 'c', Tags: ['y', 'z'] }, extensions })).to.deep.equal([
      'byB +1 -1',
      'byTag +1 -1',
    ]);
    expect(changes(STATE, { attributes: { A: 'a', B: 'b', Tags: ['y', 'x', 'y'] }, extensions })).to.deep.equal([]);
    expect(changes(STATE, { attributes: {}, extensions })).to.deep.equal(['byA +0 -1', 'byB +0 -1', 'byTag +0 -2']);
  });

  it('R7 R8 of extensions change only if the extensions are replaced', () => {
    const { attributes } = STATE;
    expect(changes(STATE, { attributes })).to.deep.equal([]);
    expect(changes({ attributes }, { attributes })).to.deep.equal([]);
    expect(changes(STATE, { attributes, extensions: {} })).to.deep.equal(['byPhone +0 -2']);
    const Phone = [{ Number: '2' }, { Number: '3' }, {}];
    expect(changes(STATE, { attributes, extensions: { Phone } })).to.deep.equal(['byPhone +1 -1']);
  });

  it('R18 are never both added and removed by one change', () => {
    const keys = [{ name: 'K', attributes: ['Tags'], caseSensitive: false }];
    const folding = compile({ ...DEFINITIONS, identificationKeys: keys });
    const { addEntries, removeEntries } = entryChanges(
      folding,
      { attributes: { Tags: ['X', 'y'] } },
      { attributes: { Tags: ['Y', 'x'] } },
    );
    expect([addEntries, removeEntries]).to.deep.equal([[], []]);
  });

  it('R18 differ between keys, between types, and between ways to divide the values', () => {
    const two = compile({
      ...DEFINITIONS,
      identificationKeys: [
        { name: 'K', attributes: ['A', 'B'] },
        { name: 'k2', attributes: ['B', 'A'] },
        { name: 'long', attributes: ['Id'] },
      ],
    });
    const all = [
      { A: 'ab', B: 'c' },
      { A: 'a', B: 'bc' },
      { A: 'c', B: 'ab' },
      { Id: 1 },
      { Id: '9007199254740993' },
    ].flatMap((attributes) => digests(two, { attributes }));
    expect(all).to.have.length(8);
    expect(new Set(all).size).to.equal(8);
  });

  it('R2 cover attributes of any name', () => {
    const hostile = compile({
      ...DEFINITIONS,
      identificationKeys: [
        { name: 'constructor', attributes: ['CONSTRUCTOR'] },
        { name: 'valueOf', source: 'TOSTRING', attributes: ['VALUEOF'] },
      ],
    });
    expect(digests(hostile, { attributes: {}, extensions: {} })).to.deep.equal([]);
    expect(
      digests(hostile, { attributes: { constructor: 'x' }, extensions: { toString: [{ valueOf: 'x' }] } }),
    ).to.have.lengthOf(2);
  });

  it('R1 R16 are the same for a document stored under an older schema: other case, or a bare value for an array', () => {
    const keys = [
      { name: 'K', attributes: ['Tags', 'a'] },
      { name: 'P', source: 'PHONE', attributes: ['NUMBER'] },
    ];
    const schema = compile({ ...DEFINITIONS, identificationKeys: keys });
    const older = { attributes: { TAGS: 'x', a: 'a' }, extensions: { phone: [{ number: '1' }] } };
    const newer = { attributes: { A: 'a', Tags: ['x'] }, extensions: { Phone: [{ Number: '1' }] } };
    expect(digests(schema, older)).to.deep.equal(digests(schema, newer));
    expect(digests(schema, newer)).to.have.lengthOf(2);
  });

  it('W8 are updated with the records of a draining extension, although its keys find nothing', () => {
    const identificationKeys = [{ name: 'byPhone', source: 'Phone', attributes: ['Number'], index: 'byPhone#1' }];
    const extensions = (DEFINITIONS.extensions ?? []).map((extension) => ({ ...extension, closing: true as const }));
    const draining = compileSchema(2, { attributes: DEFINITIONS.attributes, extensions, identificationKeys });
    expect(draining.keys.map(({ complete }) => complete)).to.deep.equal([false]);
    expect(entryChanges(draining, STATE, undefined).removeEntries).to.have.lengthOf(2);
    expect(entryChanges(draining, STATE, { attributes: {}, extensions: {} }).removeEntries).to.have.lengthOf(2);
    expect(entryChanges(draining, STATE, { attributes: {} }).removeEntries).to.deep.equal([]);
  });

  it('R21 include those of keys that are backfilling', () => {
    const backfilling = compile({ ...DEFINITIONS, identificationKeys: [{ name: 'K', attributes: ['A'] }] }, ['K']);
    expect(backfilling.keys.map(({ complete }) => complete)).to.deep.equal([false]);
    expect(digests(backfilling, STATE)).to.have.lengthOf(1);
  });
});
