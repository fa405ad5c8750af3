import type { Dossier, SchemaDefinition } from 'dossier';
import { createProfileApi } from 'dossier/http';
import { MORE_OF_REFERENCE, type Scenario, type Scenarios } from '../scenario.js';
import { listOf, services, TENANT } from './services.js';

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'Numbers', type: 'integer', multiValued: true },
  ],
  extensions: [
    { name: 'Plain', type: 'multi-valued', attributes: [{ name: 'X', type: 'integer' }] },
    {
      name: 'Wide',
      type: 'multi-valued',
      attributes: Array.from({ length: 1_900 }, (_, index) => ({ name: `A${index}`, type: 'string' }) as const),
    },
  ],
  identificationKeys: [{ name: 'ByName', attributes: ['Name'] }],
};

const LARGEST: SchemaDefinition = {
  attributes: Array.from({ length: 2_000 }, (_, index) => ({ name: `A${index}`, type: 'string' }) as const),
};

const small = ({ profiles }: Dossier) => profiles.create(TENANT, { customerId: 'x', attributes: {} });

const large =
  (customerId: string) =>
  ({ profiles }: Dossier) =>
    profiles.create(TENANT, { customerId, members: JSON.parse(EMPTY) as Record<string, unknown> });

/** A request by someone who gets an answer with the status. */
function request(
  method: string,
  path: string,
  body: string | undefined,
  status: number,
  store: (dossier: Dossier) => Promise<unknown> = small,
  schema = SCHEMA,
): Scenario {
  const prepare = async () => {
    const dossier = await services(schema);
    await store(dossier);
    const api = createProfileApi(dossier, { defaultTenant: TENANT });
    return async () => {
      const headers = { 'content-type': 'application/json' };
      const response = await api.request(path, { method, ...(body !== undefined && { body, headers }) });
      if (response.status !== status) throw new Error(`${response.status}: ${(await response.text()).slice(0, 200)}`);
    };
  };
  return { text: body ?? '0', outcome: 'ok', prepare };
}

/** Reads or changes what is stored: what counts is the turns, and the memory. */
function stored(...given: Parameters<typeof request>): Scenario {
  return { ...request(...given), mostWork: MOST_WORK };
}

const MOST_WORK = 1_000_000;

const EMPTY = `{"Plain":${listOf('{}')}}`;
const NUMBERS = `{"Numbers":${listOf('1')}}`;
/** Each has a value of the last attribute of nineteen hundred. */
const OF_WIDE = `{"Wide":[${Array.from({ length: 50_000 }, (_, index) => `{"A1899":"${index}"}`).join()}]}`;
const parameters = Array.from({ length: 20_000 }, (_, index) => `p${index}=1`).join('&');

export const scenarios: Scenarios = {
  'R8 349,000 empty records replace a profile': request('PUT', '/profiles/x', EMPTY, 200),
  'L5 they are a patch': {
    ...request('PATCH', '/profiles/x', EMPTY, 200),
    mostWork: 24,
    mostOfReference: MORE_OF_REFERENCE,
  },
  'L1 they are tried': request('PUT', '/profiles/x?dry_run=yes', EMPTY, 200),
  'W9 they are inserted': request('POST', '/profiles/x/extensions', EMPTY, 200),
  'L5 524,000 numbers are a patch': { ...request('PATCH', '/profiles/x', NUMBERS, 200), mostWork: 24 },
  'R6 empty records of 1,900 attributes': request('PUT', '/profiles/x', `{"Wide":${listOf('{}')}}`, 200),
  'R6 records of one of 1,900 attributes': { ...request('PUT', '/profiles/x', OF_WIDE, 200), mostWork: 24 },
  'L1 they are tried, and compared': { ...request('PUT', '/profiles/x?dry_run=yes', OF_WIDE, 200), mostWork: 36 },
  'W4 they are read': stored('GET', '/profiles/x?extensions=*', undefined, 200, large('x')),
  'W13 they are read as they were': stored('GET', '/profiles/x/history/1?extensions=*', undefined, 200, large('x')),
  'W11 they are merged': stored('PUT', '/profiles/x/merge/y', undefined, 204, async (dossier) => {
    await small(dossier);
    await large('y')(dossier);
  }),
  'E1 what an erasure of them would remove': stored(
    'POST',
    '/profiles/x/erasure?dry_run=yes',
    undefined,
    200,
    large('x'),
  ),
  'W7 the JSON Schema of 2,000 attributes': stored(
    'GET',
    '/metadata/profiles/schema.json',
    undefined,
    200,
    small,
    LARGEST,
  ),
  'W7 2,000 attributes are defined': stored('PUT', '/metadata/profiles', JSON.stringify(LARGEST), 200, small, {
    attributes: [],
  }),
  'W7 the description of 2,000 attributes': stored('GET', '/openapi.json', undefined, 200, small, LARGEST),
  'R2 80,000 members are not parsed': request(
    'PUT',
    '/profiles/x',
    `{${Array.from({ length: 80_000 }, (_, index) => `"n${index}":1`).join()}}`,
    400,
  ),
  'R2 nor are lists in 500,000 lists': request('PUT', '/profiles/x', '['.repeat(500_000) + ']'.repeat(500_000), 400),
  'W6 20,000 criteria': request('GET', `/profiles?${parameters}`, undefined, 400),
};
