import type { BodyExample } from './operation-description.js';

const ATTRIBUTES = {
  FirstName: 'Bruce',
  LastName: 'Banner',
  DOB: '1962-05-10',
  EmailAddress: ['bruce.banner@example.com'],
};

/** The profile by which the interface is explained. */
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

/** The first can be sent again and again, since the service makes the id. */
export const CREATIONS: Readonly<Record<string, BodyExample>> = {
  generatedId: { summary: 'A profile that gets its id', value: WITHOUT_ID },
  ownId: { summary: 'A profile with an id of its own', value: EXAMPLE_PROFILE },
};

/** What becomes of the extensions is what readers ask first. */
export const REPLACEMENTS: Readonly<Record<string, BodyExample>> = {
  whole: { summary: 'The whole profile', value: EXAMPLE_PROFILE },
  withoutExtensions: {
    summary: 'Without extensions: they stay as they are',
    value: { ...ATTRIBUTES, FirstName: 'Hulk' },
  },
  withOneExtension: {
    summary: 'With one extension: any other is gone',
    value: { ...ATTRIBUTES, FirstName: 'Hulk', Phone: [{ PhoneNumber: '555-0100', PhoneType: 'home' }] },
  },
};
