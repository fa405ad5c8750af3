import { setImmediate as nextTurn } from 'node:timers/promises';
import { createDossier, type Dossier, type SchemaDefinition } from 'dossier';
import { createProfileApi } from 'dossier/http';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import { MORE_OF_REFERENCE, type Scenario, type Scenarios } from '../scenario.js';
import { listOf, onSqlite, TENANT } from './services.js';

export { dispose } from './services.js';

const SCHEMA: SchemaDefinition = {
  attributes: [{ name: 'Name', type: 'string' }],
  extensions: [{ name: 'Plain', type: 'multi-valued', attributes: [{ name: 'X', type: 'integer' }] }],
  identificationKeys: [{ name: 'ByName', attributes: ['Name'] }],
};

/** What is stored as 1 MiB takes twenty times as much in memory. */
const EMPTY_RECORDS = listOf('{}', 2 ** 20 - 1_024);

const inMemory = () => new InMemoryProfileRepository();

/** What counts is the turns, and the memory: a page of several profiles takes several times what parsing one takes. */
const MOST_WORK = 1_000_000;

/** Some profiles of 349,000 empty records with the same name. */
function onLargest(
  open: () => ProfileRepository | Promise<ProfileRepository>,
  count: number,
  operation: (dossier: Dossier) => Promise<unknown>,
): Scenario {
  const prepare = async () => {
    const dossier = createDossier({ repository: await open() });
    await dossier.schemas.define(TENANT, SCHEMA);
    for (let index = 0; index < count; index += 1) {
      const extensions = { Plain: JSON.parse(EMPTY_RECORDS) as object[] };
      await dossier.profiles.create(TENANT, { customerId: `c${index}`, attributes: { Name: 'x' }, extensions });
    }
    return () => operation(dossier);
  };
  return { text: '0', outcome: 'ok', prepare, mostWork: MOST_WORK };
}

const identify = async ({ profiles }: Dossier) => {
  const { items, next } = await profiles.identify(TENANT, { values: { Name: 'x' }, extensions: 'all' });
  if (items.length !== 1 || next !== 'c0') throw new Error(`${items.length} profiles, then after ${next}`);
};

const request = async (dossier: Dossier) => {
  const api = createProfileApi(dossier, { defaultTenant: TENANT });
  const response = await api.request('/profiles?Name=x&include_profile=yes&extensions=Plain');
  // The client reads in turns of its own.
  await nextTurn();
  const text = await response.text();
  if (response.status !== 200 || text.length < 2 ** 20) throw new Error(`${response.status}: ${text.slice(0, 200)}`);
};

export const scenarios: Scenarios = {
  'W6 profiles of 349,000 empty records are identified in memory': onLargest(inMemory, 2, identify),
  'W6 they are identified on SQLite': onLargest(onSqlite, 3, identify),
  'W6 they are answered over HTTP': { ...onLargest(onSqlite, 3, request), mostOfReference: MORE_OF_REFERENCE },
};
