import { expect } from 'chai';
import type { Representation, SchemaDefinition } from 'dossier';
import { checkRepresentation } from '../../src/rules/check-representation.js';
import { decideReplacement } from '../../src/rules/replacement.js';
import { compile } from './check.js';

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'FirstName', type: 'string' },
    { name: 'LastName', type: 'string' },
    { name: 'Score', type: 'integer', default: 7 },
    { name: 'Email', type: 'string', multiValued: true },
    { name: 'Seen', type: 'datetime' },
    { name: 'Balance', type: 'currency' },
  ],
  extensions: [
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
    { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }] },
  ],
};

const STORED = {
  attributes: {
    FirstName: 'Bruce',
    Score: 1,
    Email: ['a', 'b'],
    Seen: '2024-02-29T12:30:00.000Z',
    Balance: '1.5',
  },
  extensions: { Address: [{ City: 'Hollywood' }], Phone: [{ Number: '1' }, { Number: '2' }] },
};

const COMPILED = compile(SCHEMA);

const decide = (representation: Representation, stored: typeof STORED | object = STORED) =>
  decideReplacement(COMPILED, stored as typeof STORED, checkRepresentation(COMPILED, representation));

const changed = (attributes: object, extensions?: object) => ({ kind: 'changed', attributes, extensions });

describe('rules/replacement', () => {
  it('R6 an absent attribute is removed, or reset to its default', () => {
    expect(decide({ attributes: { LastName: 'Banner' } })).to.deep.equal(changed({ LastName: 'Banner', Score: 7 }));
    expect(decide({ attributes: {} })).to.deep.equal(changed({ Score: 7 }));
  });

  it('R6 values are replaced, never merged', () => {
    const { attributes } = STORED;
    expect(decide({ attributes: { ...attributes, Email: ['c'] } })).to.deep.equal(
      changed({ ...attributes, Email: ['c'] }),
    );
  });

  const representations = (extensions: Record<string, unknown>): readonly (readonly [string, Representation])[] => [
    ['split', { attributes: {}, extensions }],
    ['flat', { members: extensions }],
  ];

  it('R7 without extensions, no extensions are stored', () => {
    for (const given of [{ attributes: {} }, { attributes: {}, extensions: undefined }, { members: {} }]) {
      expect(decide(given)).to.deep.equal(changed({ Score: 7 }));
    }
    expect(decide({ members: { Phone: undefined } })).to.deep.equal(changed({ Score: 7 }));
  });

  it('R8 with some extensions, the others are removed', () => {
    for (const [, given] of representations({ Phone: [{ Number: '3' }] })) {
      expect(decide(given)).to.deep.equal(changed({ Score: 7 }, { Phone: [{ Number: '3' }] }));
    }
  });

  it('R8 with all extensions, the profile has exactly these', () => {
    for (const [, given] of representations({ Phone: { Number: '2' }, Address: { City: 'Dayton' } })) {
      expect(decide(given)).to.deep.equal(
        changed({ Score: 7 }, { Address: [{ City: 'Dayton' }], Phone: [{ Number: '2' }] }),
      );
    }
  });

  it('R8 an extension that is null or [] removes all extensions, and so does {}', () => {
    for (const extensions of [{ Phone: [] }, { Phone: null }, { Address: null }, { Address: [], Phone: [] }]) {
      for (const [, given] of representations(extensions))
        expect(decide(given)).to.deep.equal(changed({ Score: 7 }, {}));
    }
    expect(decide({ attributes: {}, extensions: {} })).to.deep.equal(changed({ Score: 7 }, {}));
  });

  it('R12 one violation refuses the whole representation', () => {
    for (const [, given] of representations({ Phone: [{ Number: '3' }, { Number: 3 }] })) {
      expect(decide(given).kind).to.equal('refused');
    }
  });

  it('R13 a representation that equals the profile changes nothing', () => {
    const { attributes } = STORED;
    const extensions = { Address: { City: 'Hollywood' }, Phone: STORED.extensions.Phone };
    const same: Representation[] = [
      { attributes },
      { attributes, extensions },
      { members: { ...attributes, ...extensions } },
      { members: attributes },
    ];
    for (const given of same) expect(decide(given)).to.deep.equal({ kind: 'unchanged' });
  });

  it('R13 the order and case of names, and other notations of the same value, change nothing', () => {
    const given = {
      PHONE: [{ number: '1' }, { NUMBER: '2' }],
      address: { city: 'Hollywood' },
      balance: 1.5,
      seen: '2024-02-29T13:30:00+01:00',
      EMAIL: ['a', 'b'],
      score: 1.0,
      lastname: null,
      FIRSTNAME: 'Bruce',
    };
    expect(decide({ members: given })).to.deep.equal({ kind: 'unchanged' });
  });

  it('R13 the order of values and of records is significant', () => {
    const { attributes } = STORED;
    expect(decide({ attributes: { ...attributes, Email: ['b', 'a'] } }).kind).to.equal('changed');
    expect(
      decide({ attributes, extensions: { Address: { City: 'Hollywood' }, Phone: [{ Number: '2' }, { Number: '1' }] } })
        .kind,
    ).to.equal('changed');
  });

  it('R13 a difference in the extensions only is a change', () => {
    const { attributes } = STORED;
    const extensions = { Phone: STORED.extensions.Phone };
    expect(decide({ attributes, extensions })).to.deep.equal(changed(attributes, extensions));
    expect(decide({ attributes, extensions: {} })).to.deep.equal(changed(attributes, {}));
  });

  it('R13 emptying an empty profile changes nothing', () => {
    const stored = { attributes: { Score: 7 }, extensions: {} };
    for (const given of [
      { attributes: {} },
      { attributes: {}, extensions: {} },
      { members: { Phone: [], Score: null } },
    ]) {
      expect(decide(given, stored)).to.deep.equal({ kind: 'unchanged' });
    }
  });

  it('R13 R23 residual values do not count as a difference', () => {
    const stored = { attributes: { ...STORED.attributes, Old: 'x' }, extensions: {} };
    expect(decide({ attributes: STORED.attributes }, stored)).to.deep.equal({ kind: 'unchanged' });
  });

  it('does not mutate the input or the stored documents', () => {
    const given = deepFreeze({ members: { Email: 'a', Phone: { Number: '1' } } });
    expect(decide(given, deepFreeze(structuredClone(STORED))).kind).to.equal('changed');
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const member of Object.values(Object.freeze(value))) deepFreeze(member);
  return value;
}
