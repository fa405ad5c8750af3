import type { IdentificationKeyDefinition, SchemaDefinition } from 'dossier';

export const ATTRIBUTES: SchemaDefinition['attributes'] = [
  { name: 'FirstName', type: 'string' },
  { name: 'LastName', type: 'string' },
  { name: 'Email', type: 'string', multiValued: true },
  { name: 'Tag', type: 'string', multiValued: true },
  { name: 'Login', type: 'string' },
  { name: 'Account', type: 'long' },
];

export const EXTENSIONS: NonNullable<SchemaDefinition['extensions']> = [
  {
    name: 'Address',
    type: 'single-valued',
    attributes: [
      { name: 'City', type: 'string' },
      { name: 'PostCode', type: 'string' },
    ],
  },
  {
    name: 'Phone',
    type: 'multi-valued',
    attributes: [
      { name: 'Number', type: 'string' },
      { name: 'Kind', type: 'string' },
    ],
    unique: ['Number'],
  },
];

/** One key of each kind. */
export const KEYS = {
  byName: { name: 'byName', attributes: ['LastName', 'FirstName'] },
  byEmail: { name: 'byEmail', attributes: ['Email'], caseSensitive: false },
  byLogin: { name: 'byLogin', attributes: ['Login'], unique: true },
  byTagged: { name: 'byTagged', attributes: ['Tag', 'LastName'] },
  byCity: { name: 'byCity', source: 'Address', attributes: ['City', 'PostCode'] },
  byPhone: { name: 'byPhone', source: 'Phone', attributes: ['Number'], unique: true },
} as const satisfies Record<string, IdentificationKeyDefinition>;

export const WITHOUT_KEYS: SchemaDefinition = { attributes: ATTRIBUTES, extensions: EXTENSIONS };

export const CUSTOMERS: SchemaDefinition = { ...WITHOUT_KEYS, identificationKeys: Object.values(KEYS) };

/** A schema with these keys. */
export function withKeys(...identificationKeys: readonly IdentificationKeyDefinition[]): SchemaDefinition {
  return { ...WITHOUT_KEYS, identificationKeys };
}

export const BRUCE = {
  customerId: 'bruce',
  attributes: {
    FirstName: 'Bruce',
    LastName: 'Banner',
    Email: ['bruce@example.com', 'Hulk@Example.com'],
    Tag: ['green', 'strong'],
    Login: 'bruce',
    Account: '9007199254740993',
  },
  extensions: {
    Address: { City: 'Dayton', PostCode: '45401' },
    Phone: [{ Number: '1', Kind: 'home' }, { Number: '2' }],
  },
};

export const JEN = {
  customerId: 'jen',
  attributes: {
    FirstName: 'Jennifer',
    LastName: 'Walters',
    Email: ['jen@example.com'],
    Tag: ['green'],
    Login: 'jen',
    Account: 7,
  },
  extensions: { Address: { City: 'Los Angeles', PostCode: '90001' }, Phone: [{ Number: '3', Kind: 'home' }] },
};
