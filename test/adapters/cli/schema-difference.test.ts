import { expect } from 'chai';
import { compareSchemas, type SchemaDefinition } from 'dossier';
import { printDifference } from '../../../adapters/cli/schema-difference.js';

const text = (name: string, more: object = {}) => ({ name, type: 'string' as const, ...more });

describe('dossier schema diff: the sentences', () => {
  it('is one line if nothing changes', () => {
    const schema = { attributes: [text('Name')] };
    expect(printDifference(compareSchemas(schema, schema))).to.equal('The schema is the same.');
  });

  it('R26 has a line for each change', () => {
    const phone = { name: 'Phone', type: 'multi-valued' as const, attributes: [text('Number')] };
    const current: SchemaDefinition = {
      attributes: [
        text('Mail'),
        text('First'),
        text('Last'),
        { name: 'Age', type: 'integer', minimum: 0 },
        text('Fax'),
        text('Note', { formerly: ['Memo'] }),
        { name: 'Score', type: 'integer' },
        text('Level'),
      ],
      extensions: [phone, { ...phone, name: 'Card' }, { ...phone, name: 'Old' }],
      identificationKeys: [
        { name: 'byMail', attributes: ['Mail'] },
        { name: 'byFax', attributes: ['Fax'] },
        { name: 'byNote', attributes: ['Note'] },
        { name: 'byLevel', attributes: ['Level'] },
      ],
    };
    const next: SchemaDefinition = {
      attributes: [
        text('Email', { formerly: ['Mail'], title: 'E-mail' }),
        text('Name', { formerly: ['First', 'Last'] }),
        { name: 'Age', type: 'integer', minimum: 18, maximum: 150 },
        text('Note'),
        { name: 'Score', type: 'long' },
        { name: 'Level', type: 'integer', formerly: ['Rank'] },
        text('City', { mandatory: true }),
        text('Street'),
      ],
      extensions: [
        { ...phone, type: 'single-valued' },
        { ...phone, name: 'Card', maxRecords: 3 },
      ],
      identificationKeys: [
        { name: 'byMail', attributes: ['Email'] },
        { name: 'byNote', attributes: ['Note'], unique: true },
        { name: 'byLevel', attributes: ['Level'] },
        { name: 'byCity', attributes: ['City'] },
      ],
    };
    expect(printDifference(compareSchemas(current, next)).split('\n')).to.deep.equal([
      'Attribute Email is renamed from Mail, and keeps what is stored.',
      'Attribute Email changes: title, none before, "E-mail" after.',
      'Attribute Name joins First and Last: of values that a profile has under several names, one is answered.',
      'Attribute Age is tightened: minimum, 0 before, 18 after.',
      'Attribute Age is tightened: maximum, none before, 150 after.',
      'Attribute Note gives up what is stored under Memo, which is hidden.',
      'Attribute Score becomes long, from integer. What is stored fits.',
      'Attribute Level takes on what is stored under Rank.',
      'Attribute Level becomes integer, from string. Values that do not fit are hidden.',
      'Attribute City is new, and mandatory: a replacement has to give a value, also of profiles that are stored.',
      'Attribute Street is new.',
      'Attribute Fax goes. Values that are stored are hidden.',
      'Extension Phone becomes single-valued, from multi-valued. Records that are stored stand against that, unless they are deleted.',
      'Extension Card is tightened: maxRecords, none before, 3 after.',
      'Extension Old goes. Records that are stored stand against that, unless they are deleted with it.',
      'Key byMail goes on under other names, without a backfill.',
      'Key byNote is rebuilt: it is backfilled from all profiles, and its former entries are dropped.',
      'Key byLevel stands against the change: it uses an attribute that is retyped, or joined with another one. Remove the key first.',
      'Key byCity is new, and backfilled from all profiles.',
      'Key byFax is dropped with its entries.',
    ]);
  });
});
