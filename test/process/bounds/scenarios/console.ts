import type { SchemaDefinition } from 'dossier';
import { createConsole } from 'dossier/console';
import type { Hono } from 'hono';
import type { Scenario, Scenarios } from '../scenario.js';
import { listOf, services, TENANT } from './services.js';

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'Numbers', type: 'integer', multiValued: true },
  ],
  extensions: [
    { name: 'Plain', type: 'multi-valued', attributes: [{ name: 'X', type: 'integer' }] },
    { name: 'Unique', type: 'multi-valued', attributes: [{ name: 'X', type: 'integer' }], unique: ['X'] },
  ],
};

/** What a page of a profile costs, which is no part of what the profile does. */
const MOST_WORK = 24;
/** A form that is shown takes many times what its fields take to parse. What counts is the turns, and the memory. */
const MOST_WORK_OF_FORM = 1_000_000;
/** As large as a form of as many fields as are taken. */
const LARGEST_PAGE = 2 ** 23;

const WIDE: SchemaDefinition = {
  attributes: [],
  extensions: [
    {
      name: 'Wide',
      type: 'multi-valued',
      attributes: Array.from({ length: 1_900 }, (_, index) => ({ name: `A${index}`, type: 'string' }) as const),
    },
  ],
};

const LARGEST: SchemaDefinition = {
  attributes: Array.from({ length: 2_000 }, (_, index) => ({ name: `A${index}`, type: 'string' }) as const),
};

const INTEGERS = Array.from({ length: 100 }, (_, index) => ({ name: `N${index}`, type: 'integer' }) as const);
/** Each row has a hundred violations. */
const WRONG_ROWS = [INTEGERS.map(({ name }) => name), ...Array(2_000).fill(Array(100).fill('x'))].join('\r\n');

const CHOICES: SchemaDefinition = {
  attributes: [
    {
      ...{ name: 'Choices', type: 'integer', multiValued: true },
      oneOf: Array.from({ length: 1_000 }, (_, index) => index),
    },
  ],
};

/** Room is left for a value beside the list. */
const ROOM_BESIDE = 2 ** 20 - 1_024;

type Members = Readonly<Record<string, unknown>>;

/** A page of a profile of the text, which has been changed once. */
function page(text: string, path: string, status: number): Scenario {
  const prepare = async () => {
    const dossier = await services(SCHEMA);
    await dossier.profiles.create(TENANT, { customerId: 'x', members: JSON.parse(text) as Members });
    await dossier.profiles.patch(TENANT, 'x', { members: { Name: 'x' } });
    const app = createConsole(dossier, { defaultTenant: TENANT });
    return async () => {
      const response = await app.request(`/profiles/x${path}`);
      if (response.status !== status) throw new Error(String(response.status));
      if ((await response.text()).length > 2 ** 20) throw new Error('The page is large.');
    };
  };
  return { text, outcome: 'ok', prepare, mostWork: MOST_WORK };
}

/** What a page gives a browser for the forms that it has. */
async function formOn(app: Hono, path: string) {
  const page = await app.request(path);
  const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? '';
  const [, name = '', value = ''] = /name="([^"]*token[^"]*)" value="([^"]*)"/.exec(await page.text()) ?? [];
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  const send = (fields: string) =>
    app.request(path, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: `${name}=${value}&${fields}`,
    });
  return { name, value, headers, send };
}

/** What a form leads to, where `x` was the profile of the text and is empty now, and `y` still is. */
function previewed(text: string, path: string, fields: string, shown: string): Scenario {
  const prepare = async () => {
    const dossier = await services(SCHEMA);
    const members = JSON.parse(text) as Members;
    await dossier.profiles.create(TENANT, { customerId: 'x', members });
    await dossier.profiles.replace(TENANT, 'x', { attributes: {}, extensions: {} });
    await dossier.profiles.create(TENANT, { customerId: 'y', members });
    const app = createConsole(dossier, { defaultTenant: TENANT });
    const { send } = await formOn(app, path);
    return async () => {
      const response = await send(fields);
      const answer = await response.text();
      if (response.status !== 200 || !answer.includes(shown))
        throw new Error(`${response.status} ${answer.slice(0, 200)}`);
    };
  };
  return { text, outcome: 'ok', prepare, mostWork: MOST_WORK_OF_FORM };
}

/** A form of a small profile, with fields that no page has. */
function form(fields: string, status: number, schema = SCHEMA): Scenario {
  const prepare = async () => {
    const dossier = await services(schema);
    await dossier.profiles.create(TENANT, { customerId: 'x', members: {} });
    const app = createConsole(dossier, { defaultTenant: TENANT });
    const { send } = await formOn(app, '/profiles/x/edit');
    return async () => {
      const response = await send(`${fields}&button=save`);
      if (response.status !== status) throw new Error(String(response.status));
      if ((await response.text()).length > LARGEST_PAGE) throw new Error('The page is large.');
    };
  };
  return { text: '0', outcome: 'ok', prepare, mostWork: MOST_WORK_OF_FORM };
}

/** The report of an import of a table. */
function imported(text: string, schema: SchemaDefinition): Scenario {
  const prepare = async () => {
    const app = createConsole(await services(schema), { defaultTenant: TENANT });
    const { name, value, headers } = await formOn(app, '/import');
    return async () => {
      const body = new FormData();
      for (const [field, content] of [
        [name, value],
        ['max_errors', '10000'],
        ['button', 'try'],
      ] as const)
        body.append(field, content);
      body.append('file', new Blob([text]), 'rows.csv');
      const response = await app.request('/import', { method: 'POST', headers, body });
      if (!(await response.text()).includes('rows have errors')) throw new Error('There is no report.');
    };
  };
  return { text: '0', outcome: 'ok', prepare, mostWork: MOST_WORK_OF_FORM };
}

/** A page of the largest schema. */
function ofSchema(path: string): Scenario {
  const prepare = async () => {
    const app = createConsole(await services(LARGEST), { defaultTenant: TENANT });
    return async () => {
      const response = await app.request(path);
      if (response.status !== 200 || !(await response.text()).includes('A1999')) throw new Error('It is not shown.');
    };
  };
  return { text: '0', outcome: 'ok', prepare, mostWork: MOST_WORK_OF_FORM };
}

/** A page of several profiles. */
function searched(members: Members, count: number): Scenario {
  const prepare = async () => {
    const dossier = await services({ ...SCHEMA, identificationKeys: [{ name: 'ByName', attributes: ['Name'] }] });
    for (let index = 0; index < count; index += 1)
      await dossier.profiles.create(TENANT, { customerId: `c${index}`, members: { ...members, Name: 'x' } });
    const app = createConsole(dossier, { defaultTenant: TENANT });
    return async () => {
      const response = await app.request('/?id_key=ByName&Name=x');
      if (response.status !== 200 || !(await response.text()).includes('>More</a>')) throw new Error('It is no page.');
    };
  };
  return { text: '0', outcome: 'ok', prepare, mostWork: MOST_WORK_OF_FORM };
}

const listed = (count: number, field: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => field(index)).join('&');

export const scenarios: Scenarios = {
  'shows a part of 349,000 records': page(`{"Plain":${listOf('{}', ROOM_BESIDE)}}`, '', 200),
  'makes no form of them': page(`{"Plain":${listOf('{}', ROOM_BESIDE)}}`, '/edit', 413),
  'shows their history': page(`{"Plain":${listOf('{}', ROOM_BESIDE)}}`, '/history', 200),
  'shows what they were': page(`{"Plain":${listOf('{}', ROOM_BESIDE)}}`, '/history/1', 200),
  'shows what their erasure would remove': page(`{"Plain":${listOf('{}', ROOM_BESIDE)}}`, '/erase', 200),
  'shows what restoring them would do': previewed(
    `{"Plain":${listOf('{}', ROOM_BESIDE)}}`,
    '/profiles/x/history/1',
    'button=preview',
    'Restore',
  ),
  'shows what merging them would do': previewed(
    `{"Plain":${listOf('{}', ROOM_BESIDE)}}`,
    '/profiles/x/merge',
    'kind=merge&source=y',
    'Merge',
  ),
  'shows a part of 524,000 numbers': page(`{"Numbers":${listOf('1', ROOM_BESIDE)}}`, '', 200),
  'makes no form of them either': page(`{"Numbers":${listOf('1', ROOM_BESIDE)}}`, '/edit', 413),
  'refuses 80,000 fields': form(
    listed(80_000, (index) => `/Numbers/${index}=1`),
    413,
  ),
  'shows a form of 9,900 fields again': form(
    `rows:/Numbers=9900&${listed(9_900, (index) => `/Numbers/${index}=x`)}`,
    400,
  ),
  'shows a form of 4,900 open records': form(
    `button=back&rows:/Plain=4900&${listed(4_900, (index) => `/Plain/${index}/X=1&open:/Plain/${index}=1`)}`,
    200,
  ),
  'opens as many records of 1,900 attributes as a form has room for': form(
    `button=back&rows:/Wide=4000&${listed(4_000, (index) => `open:/Wide/${index}=1`)}`,
    200,
    WIDE,
  ),
  'lists 1,000 choices once for 9,900 fields': form(
    `button=back&rows:/Choices=9900&${listed(9_900, (index) => `/Choices/${index}=1`)}`,
    200,
    CHOICES,
  ),
  'shows no more profiles of 524,000 numbers than it parses at once': searched(
    { Numbers: JSON.parse(listOf('1', 2 ** 20 - 2 ** 10)) as number[] },
    4,
  ),
  'shows the largest schema': ofSchema('/schema'),
  'shows the columns of an import of the largest schema': ofSchema('/import'),
  'reports an import of 2,000 rows with errors': imported(WRONG_ROWS, { attributes: INTEGERS }),
  'takes no more rows than there are fields': form(
    `rows:/Numbers=100000&rows:/Plain=100000&rows:/Unique=9000&${listed(9_000, (index) => `n${index}=1`)}`,
    412,
  ),
};
