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
});
