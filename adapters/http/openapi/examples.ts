import type { BodyExample } from './operation-description.js';

const ATTRIBUTES = {
  FirstName: 'Bruce',
  LastName: 'Banner',
  DOB: '1962-05-10',
  EmailAddress: ['bruce.banner@example.com'],
};

/** The example profile of the OpenAPI document. */
export const EXAMPLE_PROFILE = {
  customer_id: '00027a52JCGY000M',
  ...ATTRIBUTES,
  Address: {
    Type: 1,
    Address: '21 JumpStreet',
    City: 'Hollywood',
    County: 'Santa Barbara',
    PostCode: '555',
    Country: 'United States',
  },
};

const { customer_id: _, ...WITHOUT_ID } = EXAMPLE_PROFILE;

/** The first can be sent repeatedly, since the service generates the id. */
export const CREATIONS: Readonly<Record<string, BodyExample>> = {
  generatedId: { summary: 'A profile with a generated id', value: WITHOUT_ID },
  ownId: { summary: 'A profile with a given id', value: EXAMPLE_PROFILE },
};

/** Show what a replacement does to extensions. */
export const REPLACEMENTS: Readonly<Record<string, BodyExample>> = {
  whole: { summary: 'The whole profile', value: EXAMPLE_PROFILE },
  withoutExtensions: {
    summary: 'Without extensions: the stored ones stay',
    value: { ...ATTRIBUTES, FirstName: 'Hulk' },
  },
  withOneExtension: {
    summary: 'With one extension: all others are removed',
    value: { ...ATTRIBUTES, FirstName: 'Hulk', Phone: [{ PhoneNumber: '555-0100', PhoneType: 'home' }] },
  },
};
