import type { Attributes, Extensions, SchemaDefinition } from 'dossier';

/** The input of both sides. */
export interface Customer {
  readonly customerId: string;
  readonly attributes: Attributes;
  readonly extensions: Extensions;
}

/** An attribute of each type, an extension of each type, and an identification key on attributes and on an extension. */
export const customerSchema: SchemaDefinition = {
  attributes: [
    { name: 'FirstName', type: 'string', mandatory: true },
    { name: 'LastName', type: 'string', mandatory: true },
    { name: 'DOB', type: 'date' },
    { name: 'EmailAddress', type: 'string', multiValued: true },
    { name: 'Subscribed', type: 'boolean', default: false },
    { name: 'LoyaltyPoints', type: 'integer' },
    { name: 'AccountNumber', type: 'long' },
    { name: 'Satisfaction', type: 'double' },
    { name: 'CreditLimit', type: 'currency' },
    { name: 'LastContact', type: 'datetime' },
    { name: 'Notes', type: 'string', length: 4_000 },
  ],
  extensions: [
    {
      name: 'Address',
      type: 'single-valued',
      attributes: [
        { name: 'Type', type: 'integer', default: 0 },
        { name: 'Address', type: 'string' },
        { name: 'City', type: 'string' },
        { name: 'County', type: 'string' },
        { name: 'PostCode', type: 'string' },
        { name: 'Country', type: 'string' },
      ],
    },
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Type', type: 'string', mandatory: true },
        { name: 'Number', type: 'string', mandatory: true },
        { name: 'Preferred', type: 'boolean', default: false },
      ],
      unique: ['Type'],
    },
  ],
  identificationKeys: [
    { name: 'ByEmail', attributes: ['EmailAddress'], unique: true, caseSensitive: false },
    { name: 'ByPhone', source: 'Phone', attributes: ['Number'] },
  ],
};

/**
 * A customer of about 800 bytes of JSON.
 *
 * @param edition varies an attribute and a record, so that a replacement changes something, and of every fourth customer a
 *   value of a key
 */
export function customerOf(number: number, edition: number): Customer {
  return {
    customerId: `customer-${String(number).padStart(8, '0')}`,
    attributes: {
      FirstName: 'Bruce',
      LastName: `Banner ${number}`,
      DOB: '1962-05-10',
      EmailAddress: [emailOf(number), `${scatter(number)}${number % 4 === 0 ? `.${edition}` : ''}@work.example.org`],
      Subscribed: number % 2 === 0,
      LoyaltyPoints: edition,
      AccountNumber: 4_000_000_000 + number,
      Satisfaction: 0.75,
      CreditLimit: '2500.5',
      LastContact: '2024-02-29T13:30:00.000Z',
      Notes:
        'Asked for a call back about the renewal of the contract, in the afternoon, in English or in Hindi (हिन्दी).',
    },
    extensions: {
      Address: {
        Type: 1,
        Address: `${edition} JumpStreet`,
        City: 'Hollywood',
        County: 'Santa Barbara',
        PostCode: '555',
        Country: 'United States',
      },
      Phone: [
        { Type: 'home', Number: `+1 555 ${scatter(number)}`, Preferred: true },
        { Type: 'mobile', Number: `+44 20 ${scatter(number)}`, Preferred: false },
      ],
    },
  };
}

/** The e-mail address that `identify` searches for. */
export function emailOf(number: number): string {
  return `${scatter(number)}.Banner@example.com`;
}

/** Ten digits, unique and unordered, so that customers are not created in the order of their index entries. */
function scatter(number: number): string {
  // Multiplicative hashing by the golden ratio; one to one, since the factor is odd.
  return String(Math.imul(number, 0x9e3779b1) >>> 0).padStart(10, '0');
}
