// A process that replaces one profile by a schema that is stored already, and ends.
import { createDossier } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';

const repository = new InMemoryProfileRepository();
await repository.commitSchema('1', {
  expectedVersion: 0,
  schema: {
    attributes: [
      { name: 'FirstName', type: 'string' },
      { name: 'EmailAddress', type: 'string', multiValued: true },
    ],
    extensions: [
      {
        name: 'Address',
        type: 'single-valued',
        attributes: [{ name: 'City', type: 'string' }],
      },
    ],
    identificationKeys: [{ name: 'EmailAddress', attributes: ['EmailAddress'], index: 'EmailAddress' }],
  },
});

const { profiles } = createDossier({ repository });
const attributes = { FirstName: 'Bruce', EmailAddress: ['bruce.banner@example.com'] };
const { customerId } = await profiles.create('1', { attributes });
const extensions = { Address: { City: 'Hollywood' } };
const replaced = await profiles.replace('1', customerId, {
  attributes: { ...attributes, FirstName: 'Robert' },
  extensions,
});
if (replaced.revision !== 2) throw new Error('The profile was not replaced.');
