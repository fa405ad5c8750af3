import type { SchemaDefinition } from 'dossier';
import type { ApiHarness } from './api-harness.js';

export const HERO_SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'FirstName', type: 'string' },
    { name: 'LastName', type: 'string' },
    { name: 'EmailAddress', type: 'string', multiValued: true },
    { name: 'DOB', type: 'date' },
    { name: 'Age', type: 'integer' },
    { name: 'Secret', type: 'boolean' },
  ],
  extensions: [
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string', mandatory: true },
        { name: 'Kind', type: 'string', default: 'home' },
        { name: 'Rank', type: 'integer' },
      ],
      unique: ['Number'],
    },
    { name: 'Note', type: 'multi-valued', attributes: [{ name: 'Text', type: 'string' }] },
  ],
  identificationKeys: [
    { name: 'byName', attributes: ['LastName', 'FirstName'] },
    { name: 'byLastName', attributes: ['LastName'] },
    { name: 'byEmail', attributes: ['EmailAddress'], caseSensitive: false },
    { name: 'byPhone', source: 'Phone', attributes: ['Number'] },
    { name: 'byDay', attributes: ['DOB'] },
    { name: 'byAge', attributes: ['Age'] },
    { name: 'bySecret', attributes: ['Secret'] },
  ],
};

export const BRUCE = {
  customer_id: 'bruce',
  FirstName: 'Bruce',
  LastName: 'Banner',
  EmailAddress: ['bruce.banner@example.com', 'b+hulk@example.com'],
  DOB: '1962-05-10',
  Age: 42,
  Secret: true,
  Address: { City: 'Hollywood' },
  Phone: [
    { Number: '555-0100', Kind: 'home' },
    { Number: '555-0101', Kind: 'work', Rank: 2 },
  ],
};

export const JEN = {
  customer_id: 'jen',
  FirstName: 'Jennifer',
  LastName: 'Banner',
  DOB: '1979-02-01',
  Phone: [{ Number: '555-0100', Kind: 'work' }],
};

/** Stores the schema and both profiles for tenant 1. */
export async function storeHeroes({ schemas, send }: ApiHarness): Promise<void> {
  await schemas.define('1', HERO_SCHEMA);
  for (const body of [JEN, BRUCE]) await send('POST', '/profiles', { body });
}
