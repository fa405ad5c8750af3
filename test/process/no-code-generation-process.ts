import { createDossier, isDossierError, type SchemaDefinition } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'Text', type: 'string', mandatory: true, pattern: '(?i)x' },
    { name: 'Flag', type: 'boolean', default: true },
    { name: 'Number', type: 'integer' },
    { name: 'Big', type: 'long' },
    { name: 'Ratio', type: 'double' },
    { name: 'Money', type: 'currency' },
    { name: 'Day', type: 'date', minimum: '2000-01-01' },
    { name: 'Instant', type: 'datetime', multiValued: true },
  ],
  extensions: [
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [{ name: 'Number', type: 'string', format: 'phone' }],
      unique: ['Number'],
    },
  ],
  identificationKeys: [{ name: 'byText', attributes: ['Text'], caseSensitive: false }],
};

const code = (error: unknown) => (isDossierError(error) ? error.code : String(error));

const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() });
await schemas.define('1', SCHEMA);
const { customerId } = await profiles.create('1', {
  attributes: { Text: 'X' },
  extensions: { Phone: { Number: '+11' } },
});
await profiles.replace('1', customerId, {
  members: {
    Text: 'x',
    Number: 1,
    Big: '9007199254740992',
    Ratio: 0.5,
    Money: 1.5,
    Day: '2024-02-29',
    Instant: [],
    Phone: [{ Number: '+12' }],
  },
});
const { items } = await profiles.identify('1', { values: { Text: 'X' }, extensions: 'all' });
console.log(
  JSON.stringify({
    attributes: items[0]?.attributes,
    extensions: items[0]?.extensions,
    revision: items[0]?.revision,
    refused: await profiles.replace('1', customerId, { attributes: { Other: 1 } }).catch(code),
    contradicted: await schemas.define('1', { attributes: [null] } as never).catch(code),
  }),
);
