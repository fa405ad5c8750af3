import type { IdentificationKeyDefinition, Profile, SchemaDefinition } from 'dossier';

export const TENANT = '1';

const KEYS: readonly IdentificationKeyDefinition[] = [
  { name: 'byEmail', attributes: ['Email'], unique: true },
  { name: 'byCity', attributes: ['City'] },
  { name: 'byPhone', source: 'Phone', attributes: ['Number'] },
];

export const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'Email', type: 'string', multiValued: true },
    { name: 'City', type: 'string' },
    { name: 'Count', type: 'integer' },
  ],
  extensions: [
    { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }], unique: ['Number'] },
  ],
  identificationKeys: KEYS,
};

/** The complete state of a profile of the load. */
export interface CustomerState {
  readonly revision: number;
  readonly attributes: { readonly Email: string[]; readonly City: string; readonly Count: number };
  readonly extensions: { readonly Phone: { readonly Number: string }[] };
}

/** The state of a profile that was read with its extensions, for comparison. */
export function stateOf({ revision, attributes, extensions }: Profile): unknown {
  return { revision, attributes: { ...attributes }, extensions: { ...extensions } };
}

/** How many index entries a profile has. */
export function entryCount({ attributes, extensions }: CustomerState): number {
  return attributes.Email.length + 1 + extensions.Phone.length;
}

/** The destination after a merge. */
export function merged(destination: CustomerState, source: CustomerState): CustomerState {
  const { revision, attributes, extensions } = destination;
  return {
    revision: revision + 1,
    attributes: { ...attributes, Email: [...attributes.Email, ...source.attributes.Email] },
    extensions: { Phone: [...extensions.Phone, ...source.extensions.Phone] },
  };
}
