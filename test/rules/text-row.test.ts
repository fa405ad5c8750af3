import { expect } from 'chai';
import { membersOfRow } from '../../src/rules/text-row.js';
import { compile } from './check.js';

const SCHEMA = compile({
  attributes: [
    { name: 'Active', type: 'boolean' },
    { name: 'Name', type: 'string' },
  ],
  extensions: [{ name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Verified', type: 'boolean' }] }],
});

describe('membersOfRow', () => {
  it('R3: reads booleans in any case, as spreadsheets write them, of attributes and of extensions', () => {
    for (const [text, value] of Object.entries({ true: true, TRUE: true, True: true, false: false, FALSE: false })) {
      const { members } = membersOfRow(SCHEMA, [
        ['Active', text],
        ['Phone.Verified', text],
      ]);
      expect(members, text).to.deep.equal({ Active: value, Phone: { Verified: value } });
    }
  });

  it('R3: keeps other text for a boolean, which the check refuses', () => {
    for (const text of ['yes', '1', ' TRUE', 'TRUE\n', 'WAHR']) {
      expect(membersOfRow(SCHEMA, [['Active', text]]).members, text).to.deep.equal({ Active: text });
    }
  });

  it('keeps the case of text that is no boolean', () => {
    expect(membersOfRow(SCHEMA, [['Name', 'TRUE']]).members).to.deep.equal({ Name: 'TRUE' });
  });

  it('R8: reads [] in a column named for an extension as the extension without records', () => {
    for (const name of ['Phone', 'PHONE']) {
      const cells = [
        [name, '[]'],
        ['Phone.Verified', ''],
      ] as const;
      expect(membersOfRow(SCHEMA, cells).members).to.deep.equal({ Phone: [] });
    }
    expect(membersOfRow(SCHEMA, [['Phone', '']]).members, 'not given').to.deep.equal({});
  });

  it('R8: passes on any other text of that column, and [] beside records, for the check to refuse', () => {
    expect(membersOfRow(SCHEMA, [['Phone', 'x']]).members).to.deep.equal({ Phone: ['x'] });
    const both = [
      ['Phone', '[]'],
      ['Phone.Verified', 'true'],
    ] as const;
    expect(membersOfRow(SCHEMA, both).members).to.deep.equal({ Phone: ['[]', { Verified: true }] });
  });

  it('[] is text in a column of an attribute', () => {
    expect(membersOfRow(SCHEMA, [['Name', '[]']]).members).to.deep.equal({ Name: '[]' });
  });
});
