import type { SchemaDefinition } from 'dossier';
import type { Scenario, Scenarios } from '../scenario.js';
import { services, TENANT } from './services.js';

const PROFILES = 20_000;

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'Kind', type: 'string' },
    { name: 'Other', type: 'string' },
  ],
  extensions: [{ name: 'Note', type: 'multi-valued', attributes: [{ name: 'Text', type: 'string' }] }],
  identificationKeys: [{ name: 'ByKind', attributes: ['Kind'] }],
};

/** Work on many profiles, which is compared with parsing as many: it is many turns, none of which is long. */
function onMany(operation: (dossier: Awaited<ReturnType<typeof services>>) => Promise<unknown>): Scenario {
  const profile = { attributes: { Kind: 'x', Other: 'y' }, extensions: { Note: { Text: 'z' } } };
  const prepare = async () => {
    const dossier = await services(SCHEMA);
    for (let count = 0; count < PROFILES; count += 500) {
      await dossier.profiles.createMany(TENANT, Array(500).fill(profile));
    }
    return () => operation(dossier);
  };
  return { text: JSON.stringify(Array(PROFILES).fill(profile)), outcome: 'ok', prepare, mostWork: 200 };
}

export const scenarios: Scenarios = {
  'W6 a search by more than the key, where 20,000 profiles share the entry': onMany(async ({ profiles }) => {
    let next: string | undefined;
    let pages = 0;
    do {
      const page = await profiles.identify(TENANT, { values: { Kind: 'x', Other: 'nobody' }, after: next });
      if (page.items.length > 0) throw new Error('Nobody was to be found.');
      next = page.next;
      pages += 1;
    } while (next !== undefined);
    if (pages < 10) throw new Error(`All was looked at in ${pages} pages.`);
  }),
  'R18 the entries of a key are dropped': onMany(({ schemas }) => schemas.removeKey(TENANT, 'ByKind')),
  'W8 the records of an extension are deleted': onMany(({ schemas }) =>
    schemas.removeExtension(TENANT, 'Note', { force: true }),
  ),
};
