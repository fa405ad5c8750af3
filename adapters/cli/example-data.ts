import { isDossierError, type ProfileService, type SchemaDefinition, type SchemaService } from 'dossier';

export const EXAMPLE_TENANT = '1';

export const EXAMPLE_CUSTOMER_ID = '00027a52JCGY000M';

export const EXAMPLE_SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'FirstName', type: 'string', title: 'First name' },
    { name: 'LastName', type: 'string', title: 'Last name' },
    { name: 'DOB', type: 'date', minimum: '1900-01-01', title: 'Date of birth', protected: true },
    {
      name: 'EmailAddress',
      type: 'string',
      multiValued: true,
      format: 'email',
      maxItems: 10,
      title: 'E-mail addresses',
      description: 'The first one is the primary one.',
    },
  ],
  extensions: [
    {
      name: 'Address',
      type: 'single-valued',
      attributes: [
        { name: 'Type', type: 'integer' },
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
        { name: 'PhoneNumber', type: 'string', mandatory: true },
        { name: 'PhoneType', type: 'string', description: 'Such as home or work.' },
      ],
      unique: ['PhoneNumber'],
      maxRecords: 20,
      title: 'Telephone numbers',
    },
  ],
  identificationKeys: [
    { name: 'EmailAddress', attributes: ['EmailAddress'], caseSensitive: false },
    { name: 'Name', attributes: ['LastName', 'FirstName'], caseSensitive: false },
    { name: 'PhoneNumber', source: 'Phone', attributes: ['PhoneNumber'] },
  ],
};

/** In the form of request and response bodies. */
export const EXAMPLE_PROFILE = {
  customer_id: EXAMPLE_CUSTOMER_ID,
  FirstName: 'Bruce',
  LastName: 'Banner',
  DOB: '1962-05-10',
  EmailAddress: ['bruce.banner@example.com'],
  Address: {
    Type: 1,
    Address: '21 JumpStreet',
    City: 'Hollywood',
    County: 'Santa Barbara',
    PostCode: '555',
    Country: 'United States',
  },
};

/** Defines the schema of the example tenant and creates its profile, unless the tenant has a schema already. */
export async function storeExample(services: { profiles: ProfileService; schemas: SchemaService }): Promise<void> {
  try {
    await services.schemas.define(EXAMPLE_TENANT, EXAMPLE_SCHEMA, { ifVersion: 0 });
  } catch (error) {
    if (isDossierError(error) && error.code === 'revision_conflict') return;
    throw error;
  }
  const { customer_id: customerId, ...members } = EXAMPLE_PROFILE;
  await services.profiles.create(EXAMPLE_TENANT, { customerId, members });
}
