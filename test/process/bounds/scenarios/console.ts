import type { SchemaDefinition } from 'dossier';
import { createConsole } from 'dossier/console';
import type { Scenario, Scenarios } from '../scenario.js';
import { listOf, services, TENANT } from './services.js';

const SCHEMA: SchemaDefinition = {
  attributes: [{ name: 'Numbers', type: 'integer', multiValued: true }],
  extensions: [
    { name: 'Plain', type: 'multi-valued', attributes: [{ name: 'X', type: 'integer' }] },
    { name: 'Unique', type: 'multi-valued', attributes: [{ name: 'X', type: 'integer' }], unique: ['X'] },
  ],
};

/** What a page of a profile costs, which is no part of what the profile does. */
const MOST_WORK = 24;
/** The interface writes the profile as JSON, and the console parses it again. */
const MOST_OF_REFERENCE = 3;

type Members = Readonly<Record<string, unknown>>;

/** A page of a profile of the text. */
function page(text: string, path: string, status: number): Scenario {
  const prepare = async () => {
    const dossier = await services(SCHEMA);
    await dossier.profiles.create(TENANT, { customerId: 'x', members: JSON.parse(text) as Members });
    const app = createConsole(dossier, { defaultTenant: TENANT });
    return async () => {
      const response = await app.request(`/profiles/x${path}`);
      if (response.status !== status) throw new Error(String(response.status));
      if ((await response.text()).length > 2 ** 20) throw new Error('The page is large.');
    };
  };
  return { text, outcome: 'ok', prepare, mostWork: MOST_WORK, mostOfReference: MOST_OF_REFERENCE };
}

/** A form of a small profile, with fields that no page has. */
function form(fields: string, status: number): Scenario {
  const prepare = async () => {
    const dossier = await services(SCHEMA);
    await dossier.profiles.create(TENANT, { customerId: 'x', members: {} });
    const app = createConsole(dossier, { defaultTenant: TENANT });
    const shown = await app.request('/profiles/x/edit');
    const cookie = shown.headers.get('set-cookie')?.split(';')[0] ?? '';
    const [, name, value] = /name="([^"]*token[^"]*)" value="([^"]*)"/.exec(await shown.text()) ?? [];
    const headers = {
      cookie,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    };
    return async () => {
      const body = `${name}=${value}&button=save&${fields}`;
      const response = await app.request('/profiles/x/edit', { method: 'POST', headers, body });
      if (response.status !== status) throw new Error(String(response.status));
    };
  };
  return { text: '0', outcome: 'ok', prepare };
}

const listed = (count: number, field: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => field(index)).join('&');

export const scenarios: Scenarios = {
  'shows a part of 349,000 records': page(`{"Plain":${listOf('{}')}}`, '', 200),
  'makes no form of them': page(`{"Plain":${listOf('{}')}}`, '/edit', 413),
  'shows a part of 524,000 numbers': page(`{"Numbers":${listOf('1')}}`, '', 200),
  'makes no form of them either': page(`{"Numbers":${listOf('1')}}`, '/edit', 413),
  'refuses 80,000 fields': form(
    listed(80_000, (index) => `/Numbers/${index}=1`),
    413,
  ),
  'takes no more rows than there are fields': form(
    `rows:/Numbers=100000&rows:/Plain=100000&rows:/Unique=9000&${listed(9_000, (index) => `n${index}=1`)}`,
    412,
  ),
};
