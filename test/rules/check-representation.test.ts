import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import { faults, kept } from './check.js';

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'FirstName', type: 'string', mandatory: true },
    { name: 'Email', type: 'string', multiValued: true },
    { name: 'members', type: 'string' },
  ],
  extensions: [
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string' },
        { name: 'Kind', type: 'integer', mandatory: true },
      ],
      unique: ['Number'],
    },
  ],
};

describe('rules/check-representation', () => {
  it('R7 R8 flat: a member with the name of an extension, in any case, replaces all extensions, even if it is null or empty', () => {
    const extensionsOf = (members: Record<string, unknown>) =>
      kept(SCHEMA, { members: { FirstName: 'x', ...members } }).extensions;
    expect(extensionsOf({})).to.equal(undefined);
    expect(extensionsOf({ Phone: undefined })).to.equal(undefined);
    expect(extensionsOf({ phone: [] })).to.deep.equal({});
    expect(extensionsOf({ ADDRESS: null })).to.deep.equal({});
    expect(extensionsOf({ Address: { City: 'a' } })).to.deep.equal({ Address: [{ City: 'a' }] });
  });

  it('R7 R8 split: extensions replace all extensions unless they are undefined', () => {
    const extensionsOf = (extensions: Record<string, unknown> | undefined) =>
      kept(SCHEMA, { attributes: { FirstName: 'x' }, extensions }).extensions;
    expect(kept(SCHEMA, { attributes: { FirstName: 'x' } }).extensions).to.equal(undefined);
    expect(extensionsOf(undefined)).to.equal(undefined);
    expect(extensionsOf({})).to.deep.equal({});
    expect(extensionsOf({ Phone: undefined })).to.deep.equal({});
    expect(extensionsOf({ Phone: null, Address: [] })).to.deep.equal({});
  });

  it('R11 split: refuses extensions among the attributes, and vice versa', () => {
    const given = { attributes: { FirstName: 'x', Phone: [] }, extensions: { Email: ['a'] } };
    expect(faults(SCHEMA, given)).to.deep.equal(['R11 /attributes/Phone', 'R11 /extensions/Email']);
  });

  it('R11 split: refuses a misspelt member', () => {
    expect(faults(SCHEMA, { attributes: { FirstName: 'x' }, extension: {} })).to.deep.equal(['R11 /extension']);
    expect(faults(SCHEMA, { Attributes: { FirstName: 'x' } })).to.include.members([
      'R11 /Attributes',
      'R11 /attributes',
    ]);
  });

  it('R11 flat: refuses extensions beside the members', () => {
    for (const beside of [{ extensions: { Phone: [] } }, { attributes: {} }, { Phone: [] }]) {
      expect(faults(SCHEMA, { members: { FirstName: 'x' }, ...beside })).to.deep.equal(['R11 ']);
    }
  });

  it('R11 refuses a value that is not a representation', () => {
    for (const given of [undefined, null, 'x', 5, [], new Map()]) {
      expect(faults(SCHEMA, given)).to.deep.equal(['R11 /attributes', 'R9 /attributes/FirstName']);
    }
    for (const members of [undefined, null, 'x', [], new Map()]) {
      expect(faults(SCHEMA, { members })).to.deep.equal(['R11 ', 'R9 /FirstName']);
    }
  });

  it('R11 reports all violations at once: split', () => {
    const given = {
      attributes: { firstname: 5, FIRSTNAME: 'x', Email: ['a', 1, null], Other: 1 },
      extensions: { Address: [{}], Phone: [{ Number: 1 }, { Kind: 'x', Extra: 1 }, 'x'], Nothing: null },
    };
    expect(faults(SCHEMA, given)).to.have.members([
      'R3 /attributes/firstname',
      'R2 /attributes/FIRSTNAME',
      'R3 /attributes/Email/1',
      'R3 /attributes/Email/2',
      'R11 /attributes/Other',
      'R8 /extensions/Address',
      'R3 /extensions/Phone/0/Number',
      'R9 /extensions/Phone/0/Kind',
      'R3 /extensions/Phone/1/Kind',
      'R11 /extensions/Phone/1/Extra',
      'R8 /extensions/Phone/2',
      'R11 /extensions/Nothing',
    ]);
  });

  it('R11 reports all violations at once: flat', () => {
    const members = { Email: 5, Other: 1, Address: { City: 1 }, PHONE: [{ kind: 1.5 }], phone: [], customer_id: 'x' };
    expect(faults(SCHEMA, { members })).to.have.members([
      'R9 /FirstName',
      'R3 /Email',
      'R11 /Other',
      'R3 /Address/City',
      'R3 /PHONE/0/kind',
      'R2 /phone',
      'R11 /customer_id',
    ]);
  });

  it('R11 pointers: names are escaped by RFC 6901, in the case of the input', () => {
    const members = {
      FirstName: 'x',
      'a/b': 1,
      'c~d': 1,
      '~1': 1,
      '': 1,
      'é "\n': 1,
      '0': 1,
      PHONE: [{ '~/': 1, KIND: 1 }],
    };
    expect(faults(SCHEMA, { members })).to.have.members([
      'R11 /a~1b',
      'R11 /c~0d',
      'R11 /~01',
      'R11 /',
      'R11 /é "\n',
      'R11 /0',
      'R11 /PHONE/0/~0~1',
    ]);
  });

  it('R2 R11 flat: an attribute may be named members', () => {
    expect(kept(SCHEMA, { members: { FirstName: 'x', members: 'y' } }).attributes).to.deep.equal({
      FirstName: 'x',
      members: 'y',
    });
    expect(kept(SCHEMA, { attributes: { FirstName: 'x', members: 'y' } }).attributes.members).to.equal('y');
  });
});
