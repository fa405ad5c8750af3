import type { SchemaDefinition, SchemaService } from 'dossier';
import type { Send } from './api-harness.js';

export const HULK_SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'FirstName', type: 'string' },
    { name: 'LastName', type: 'string' },
    { name: 'DOB', type: 'date' },
    { name: 'EmailAddress', type: 'string', multiValued: true },
  ],
  extensions: [
    {
      name: 'Address',
      type: 'single-valued',
      attributes: [
        { name: 'Type', type: 'integer' },
        { name: 'City', type: 'string' },
      ],
    },
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'PhoneNumber', type: 'string', mandatory: true },
        { name: 'PhoneType', type: 'string' },
      ],
      unique: ['PhoneNumber'],
    },
  ],
};

export const HULK = {
  customer_id: '00027a52JCGY000M',
  FirstName: 'Bruce',
  LastName: 'Banner',
  DOB: '1962-05-10',
  EmailAddress: ['bruce.banner@example.com'],
  Address: { Type: 1, City: 'Hollywood' },
  Phone: [{ PhoneNumber: '555-0100', PhoneType: 'home' }],
};

export const HULK_PATH = `/profiles/${HULK.customer_id}`;

/** Stores the schema and one profile for tenant 1. */
export async function storeHulk({ schemas, send }: { schemas: SchemaService; send: Send }): Promise<void> {
  await schemas.define('1', HULK_SCHEMA);
  await send('POST', '/profiles', { body: HULK });
}
