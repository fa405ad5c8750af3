import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import { readSchemaDefinition } from '../../src/definitions/read-definition.js';
import { schemaFaultsOf, withAttribute, withExtension } from './schema-faults-of.js';

const RESERVED = ['customer_id', 'ID_KEY', 'Include_Profile', 'extensions', 'include_extensions', 'PROFILE'];

describe('definitions: names', () => {
  it('R1 checks the names of attributes, extensions, their attributes, and keys', () => {
    for (const name of ['', '1A', 'A'.repeat(65), 'A-B', '\u212Aind', '__proto__', '_', ...RESERVED]) {
      const attribute = { name, type: 'string' };
      const schema = {
        attributes: [attribute, { name: 'A', type: 'string' }],
        extensions: [
          { name, type: 'multi-valued', attributes: [] },
          { name: 'E', type: 'multi-valued', attributes: [attribute] },
        ],
        identificationKeys: [{ name, attributes: ['A'] }],
      };
      const expected = ['/attributes/0', '/extensions/0', '/extensions/1/attributes/0', '/identificationKeys/0'];
      expect(schemaFaultsOf(schema), name).to.include.members(expected.map((pointer) => `R1 ${pointer}/name`));
    }
  });

  it('R1 R2 accepts names of 64 characters, and names of members of JavaScript objects', () => {
    for (const name of ['A'.repeat(64), 'constructor', 'toString', 'length', 'hasOwnProperty', 'toJSON', 'then']) {
      expect(
        schemaFaultsOf({
          ...withAttribute({ name }),
          ...withExtension({ attributes: [{ name, type: 'date' }] }),
          attributes: [{ name, type: 'date' }],
        }),
      ).to.deep.equal([]);
      expect(schemaFaultsOf(withExtension({ name }))).to.deep.equal([]);
    }
  });

  it('R1 attributes and extensions share one name space, ignoring case', () => {
    const schema = {
      attributes: [
        { name: 'First', type: 'string' },
        { name: 'FIRST', type: 'string' },
        { name: 'Phone', type: 'string' },
      ],
      extensions: [
        { name: 'phone', type: 'multi-valued', attributes: [] },
        { name: 'Note', type: 'multi-valued', attributes: [] },
        { name: 'nOTE', type: 'single-valued', attributes: [] },
      ],
    };
    expect(schemaFaultsOf(schema)).to.deep.equal([
      'R1 /attributes/1/name',
      'R1 /extensions/0/name',
      'R1 /extensions/2/name',
    ]);
  });

  it('R1 the attributes of each extension, and the keys, have their own name spaces', () => {
    const phone = { name: 'Phone', type: 'string' };
    const schema = {
      attributes: [phone],
      extensions: [
        { name: 'E', type: 'multi-valued', attributes: [phone, { name: 'E', type: 'string' }] },
        { name: 'F', type: 'multi-valued', attributes: [phone] },
      ],
      identificationKeys: [
        { name: 'Phone', attributes: ['Phone'] },
        { name: 'E', attributes: ['Phone'] },
      ],
    };
    expect(schemaFaultsOf(schema)).to.deep.equal([]);
    const repeated = withExtension({ attributes: [phone, { ...phone, name: 'PHONE' }] });
    expect(schemaFaultsOf(repeated)).to.deep.equal(['R1 /extensions/0/attributes/1/name']);
  });
});

describe('definitions: attributes', () => {
  it('R4 accepts the eight types, and no other one', () => {
    for (const type of ['string', 'boolean', 'integer', 'long', 'double', 'currency', 'date', 'datetime']) {
      expect(schemaFaultsOf(withAttribute({ type }))).to.deep.equal([]);
    }
    for (const type of ['String', 'int', 'number', '', 'constructor', '__proto__', null, undefined, 1, ['string']]) {
      expect(schemaFaultsOf(withAttribute({ type }))).to.deep.equal(['R4 /attributes/0/type']);
    }
  });

  it('R4 length is an integer from 1 to 65,535, for strings only', () => {
    for (const length of [1, 256, 65_535, undefined]) {
      expect(schemaFaultsOf(withAttribute({ length }))).to.deep.equal([]);
    }
    for (const length of [0, -1, 65_536, 1.5, '5', null, Number.NaN, Number.POSITIVE_INFINITY, true, [5]]) {
      expect(schemaFaultsOf(withAttribute({ length }))).to.deep.equal(['R4 /attributes/0/length']);
    }
    for (const type of ['boolean', 'integer', 'long', 'double', 'currency', 'date', 'datetime']) {
      expect(schemaFaultsOf(withAttribute({ type, length: 5 }))).to.deep.equal(['R4 /attributes/0/length']);
    }
  });

  it('R4 multiValued and mandatory are booleans', () => {
    for (const value of ['true', 'no', 1, 0, null, []]) {
      expect(schemaFaultsOf(withAttribute({ multiValued: value, mandatory: value }))).to.have.members([
        'R4 /attributes/0/multiValued',
        'R4 /attributes/0/mandatory',
      ]);
    }
  });

  it('R3 R4 a default must be valid for its attribute', () => {
    const valid = [
      { default: '' },
      { default: 'x'.repeat(256) },
      { type: 'integer', default: 0 },
      { type: 'boolean', default: false },
      { type: 'long', default: '9223372036854775807' },
      { type: 'currency', default: 1.5 },
      { multiValued: true, default: 'bare' },
      { multiValued: true, default: ['a', 'a'] },
      { mandatory: true, default: 'x' },
      { default: undefined },
    ];
    for (const attribute of valid) expect(schemaFaultsOf(withAttribute(attribute))).to.deep.equal([]);
    const invalid: object[] = [
      { default: 5 },
      { default: 'x'.repeat(257) },
      { length: 2, default: 'abc' },
      { type: 'integer', default: '0' },
      { type: 'integer', default: 2 ** 31 },
      { type: 'boolean', default: 'true' },
      { type: 'date', default: '2023-02-29' },
      { type: 'date', default: new Date(0) },
      { default: {} },
      { default: { toString: 'x' } },
    ];
    for (const attribute of invalid) {
      expect(schemaFaultsOf(withAttribute(attribute))).to.deep.equal(['R3 /attributes/0/default']);
    }
    expect(schemaFaultsOf(withAttribute({ multiValued: true, default: ['a', 5, null] }))).to.deep.equal([
      'R3 /attributes/0/default/1',
      'R3 /attributes/0/default/2',
    ]);
  });

  it('R4 R5 refuses a default that means "no value"', () => {
    expect(schemaFaultsOf(withAttribute({ default: null }))).to.deep.equal(['R4 /attributes/0/default']);
    expect(schemaFaultsOf(withAttribute({ default: [] }))).to.deep.equal(['R4 /attributes/0/default']);
    expect(schemaFaultsOf(withAttribute({ default: ['a'] }))).to.deep.equal(['R4 /attributes/0/default']);
    expect(schemaFaultsOf(withAttribute({ multiValued: true, default: [] }))).to.deep.equal([
      'R4 /attributes/0/default',
    ]);
  });
});

describe('definitions: extensions', () => {
  it('R10 accepts single-valued and multi-valued, and no other type', () => {
    for (const type of ['single-valued', 'multi-valued']) {
      expect(schemaFaultsOf(withExtension({ type }))).to.deep.equal([]);
    }
    for (const type of ['single', 'Multi-Valued', '', null, undefined, true]) {
      expect(schemaFaultsOf(withExtension({ type }))).to.deep.equal(['R10 /extensions/0/type']);
    }
  });

  it('W14 a classifier is single-valued and has no attributes, and an extension may leave them out', () => {
    const vip = { name: 'Vip', type: 'classifier' };
    const { extensions } = readSchemaDefinition({
      attributes: [],
      extensions: [vip, { name: 'E', type: 'multi-valued' }],
    });
    expect(extensions).to.deep.equal([
      { ...vip, attributes: [] },
      { name: 'E', type: 'multi-valued', attributes: [] },
    ]);
    const faulty = { type: 'classifier', attributes: [{ name: 'A', type: 'date' }], unique: ['A'], maxRecords: 2 };
    expect(schemaFaultsOf(withExtension(faulty))).to.have.members([
      'R10 /extensions/0/attributes',
      'R10 /extensions/0/unique',
      'R24 /extensions/0/maxRecords',
    ]);
  });

  it('R10 attributes of an extension are never multi-valued', () => {
    const attributes = [
      { name: 'A', type: 'string', multiValued: false },
      { name: 'B', type: 'string', multiValued: true },
    ];
    expect(schemaFaultsOf(withExtension({ attributes }))).to.deep.equal(['R10 /extensions/0/attributes/1/multiValued']);
  });

  it('R4 R10 checks the attributes of an extension like any other', () => {
    const attributes = [
      { name: 'A', type: 'date', length: 5 },
      { name: 'B', type: 'integer', default: 'x' },
      { name: 'C', type: 'x' },
    ];
    expect(schemaFaultsOf(withExtension({ attributes }))).to.have.members([
      'R4 /extensions/0/attributes/0/length',
      'R3 /extensions/0/attributes/1/default',
      'R4 /extensions/0/attributes/2/type',
    ]);
  });

  it('R10 unique has the names of attributes of the extension, each once, ignoring case', () => {
    const attributes = [
      { name: 'A', type: 'string' },
      { name: 'constructor', type: 'string' },
    ];
    const faultsOf = (unique: unknown) => schemaFaultsOf(withExtension({ attributes, unique }));
    for (const unique of [undefined, [], ['A'], ['a', 'CONSTRUCTOR']]) expect(faultsOf(unique)).to.deep.equal([]);
    expect(faultsOf(['B', 'A', 'a', 'toString'])).to.deep.equal([
      'R10 /extensions/0/unique/0',
      'R10 /extensions/0/unique/2',
      'R10 /extensions/0/unique/3',
    ]);
    for (const unique of ['A', null, {}, [1], [['A']], [null], new Set(['A'])])
      expect(faultsOf(unique)).not.to.be.empty;
  });

  it('R10 unique is for multi-valued extensions only', () => {
    const attributes = [{ name: 'A', type: 'string' }];
    const single = { type: 'single-valued', attributes };
    expect(schemaFaultsOf(withExtension({ ...single, unique: ['A'] }))).to.deep.equal(['R10 /extensions/0/unique']);
    expect(schemaFaultsOf(withExtension({ ...single, unique: [] }))).to.deep.equal([]);
  });
});

describe('definitions: the schema that is read', () => {
  const SCHEMA: SchemaDefinition = {
    attributes: [{ name: 'A', type: 'string', multiValued: true, mandatory: false, length: 5, default: ['x'] }],
    extensions: [
      { name: 'E', type: 'multi-valued', attributes: [{ name: 'constructor', type: 'long' }], unique: ['constructor'] },
    ],
  };

  it('R4 R10 is a copy that equals the input', () => {
    const sent = structuredClone(SCHEMA);
    const read = readSchemaDefinition(sent);
    expect(read).to.deep.equal(SCHEMA);
    (sent.attributes as unknown[]).length = 0;
    expect(read).to.deep.equal(SCHEMA);
  });

  it('R4 has no undefined members', () => {
    const read = readSchemaDefinition(withAttribute({ length: undefined, default: undefined }));
    expect(Object.keys(read.attributes[0] ?? {})).to.deep.equal(['name', 'type']);
  });
});
