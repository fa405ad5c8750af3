import { expect } from 'chai';
import { type ApiHarness, createApiHarness, senderTo } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { BRUCE, HERO_SCHEMA, JEN, storeHeroes } from './heroes.js';

const [ANYBODY, BOTH] = [[], [{ customer_id: 'bruce' }, { customer_id: 'jen' }]];
const [ONLY_BRUCE, ONLY_JEN] = [[{ customer_id: 'bruce' }], [{ customer_id: 'jen' }]];

describeOnStorages('W6: GET /profiles', (open) => {
  let harness: ApiHarness;
  beforeEach(async () => {
    harness = await open();
    await storeHeroes(harness);
  });

  const find = (query: string) => harness.send('GET', `/profiles?${query}`);

  const expectFound = async (query: string, expected: unknown) => {
    const { status, body } = await find(query);
    expect([status, body], query).to.deep.equal([200, expected]);
  };

  const expectRefused = async (query: string, status: number, code: string) => {
    const answer = await find(query);
    expect([answer.status, answer.body.code], query).to.deep.equal([status, code]);
    expect(answer.body.detail).not.to.match(/Banner|555|secret/);
  };

  it('accepts id_key in any case, and returns customer ids in order', async () => {
    await expectFound('id_key=byLastName&LastName=Banner', BOTH);
    await expectFound('id_key=BYLASTNAME&lastname=Banner', BOTH);
    await expectFound('id_key=byName&LastName=Banner&FirstName=Bruce', ONLY_BRUCE);
  });

  it('infers the first key, in order of definition, whose attributes are all given', async () => {
    await expectFound('LastName=Banner', BOTH);
    await expectFound('FirstName=Jennifer&LastName=Banner', ONLY_JEN);
    await expectFound('Phone.Number=555-0101', ONLY_BRUCE);
  });

  it('returns [] if no profile matches', async () => {
    await expectFound('LastName=Nobody', ANYBODY);
    await expectFound('EmailAddress=', ANYBODY);
  });

  it('R18: finds by any value of a multi-valued attribute, and of any record', async () => {
    await expectFound('EmailAddress=BRUCE.BANNER@EXAMPLE.COM', ONLY_BRUCE);
    await expectFound('EmailAddress=b%2Bhulk@example.com', ONLY_BRUCE);
    await expectFound('EmailAddress=b+hulk@example.com', ANYBODY);
    await expectFound('phone.number=555-0100', BOTH);
  });

  it('further criteria must match too, those on one extension in the same record', async () => {
    await expectFound('id_key=byLastName&LastName=Banner&FirstName=Bruce', ONLY_BRUCE);
    await expectFound('Phone.Number=555-0100&Phone.Kind=work', ONLY_JEN);
    await expectFound('Phone.Number=555-0101&Phone.Kind=home', ANYBODY);
    await expectFound('Phone.Number=555-0100&Address.City=Hollywood', ONLY_BRUCE);
  });

  it('parses a value by the type of its attribute', async () => {
    await expectFound('Secret=true', ONLY_BRUCE);
    await expectFound('Age=42', ONLY_BRUCE);
    await expectFound('DOB=1962-05-10', ONLY_BRUCE);
    await expectFound('Phone.Number=555-0101&Phone.Rank=2', ONLY_BRUCE);
  });

  for (const query of [
    'Secret=yes',
    'Secret=TRUE',
    'Age=forty',
    'Age=',
    'Age=042',
    'Age=4.5',
    'Age=2147483648',
    'DOB=1962-5-10',
    'DOB=1962-02-30',
    'LastName=%00',
    `LastName=${'x'.repeat(257)}`,
    'LastName=%ff',
    'LastName=%',
  ]) {
    it(`a value that does not parse is a 400: ${query.slice(0, 30)}`, () =>
      expectRefused(query, 400, 'malformed_request'));
  }

  for (const query of [
    '',
    'include_profile=yes',
    'extensions=Phone&include_extensions=unique',
    'id_key=byName',
    'id_key=Nope',
    '_after=bruce',
  ]) {
    it(`missing criteria are a 400: ?${query}`, () => expectRefused(query, 400, 'malformed_request'));
  }

  for (const query of [
    'FirstName=Bruce',
    'Address.City=Hollywood',
    'Number=555-0100',
    'id_key=byName&LastName=Banner',
    'Nope=1',
    'Phone=1',
    'Phone.Nope=1',
    'Nope.Number=1',
    'Phone.Number.x=1',
    'LastName=Banner&Nope=1',
    'ID_KEY=byName&LastName=Banner',
    'LastName=Banner&_limit=1',
    'constructor=x',
    '__proto__=x',
    'toString.length=1',
    '=x',
    'profile.LastName=Banner',
  ]) {
    it(`criteria that no key covers, or that are not in the schema, are a 400: ?${query}`, () =>
      expectRefused(query, 400, 'malformed_request'));
  }

  it('an unknown id_key is a 404', async () => {
    for (const key of ['Nope', '', 'constructor', 'LastName']) {
      await expectRefused(`id_key=${key}&LastName=Banner`, 404, 'not_found');
    }
  });

  for (const query of [
    'LastName=Banner&LastName=Banner',
    'LastName=Banner&lastname=Banner',
    'Phone.Number=1&phone.number=2',
    'LastName=Banner&id_key=byName&id_key=byName',
    'LastName=Banner&extensions=Phone&extensions=Note',
    'LastName=Banner&include_profile=yes&include_profile=yes',
    'LastName=Banner&include_extensions=unique&include_extensions=always',
    'LastName=Banner&_after=a&_after=b',
  ]) {
    it(`W4: a repeated parameter is a 400: ?${query}`, () => expectRefused(query, 400, 'malformed_request'));
  }

  for (const query of ['include_profile=', 'include_profile=true', 'include_extensions=yes', '_after=', '_after=a/b']) {
    it(`a parameter with another value is a 400: ?${query}`, () =>
      expectRefused(`LastName=Banner&${query}`, 400, 'malformed_request'));
  }

  it('include_profile=yes adds all attributes, in the order of the schema', async () => {
    const { Phone: _, ...jen } = JEN;
    const { Address: __, Phone: ___, ...bruce } = BRUCE;
    expect((await find('LastName=Banner&include_profile=yes')).text).to.equal(JSON.stringify([bruce, jen]));
    await expectFound('LastName=Banner&include_profile=no', BOTH);
  });

  it('extensions adds extensions to the attributes, or to customer_id only', async () => {
    const phones = [
      { customer_id: 'bruce', Phone: BRUCE.Phone },
      { customer_id: 'jen', Phone: JEN.Phone },
    ];
    await expectFound('LastName=Banner&extensions=phone', phones);
    await expectFound('LastName=Banner&extensions=Phone&include_profile=no', phones);
    await expectFound('LastName=Banner&extensions=*&include_profile=yes', [
      { ...BRUCE, Note: [] },
      { ...JEN, Note: [] },
    ]);
    await expectFound('LastName=Banner&extensions=,', BOTH);
  });

  it('W4: an unknown extension is a 404', () =>
    expectRefused('LastName=Banner&extensions=Phone,Nope', 404, 'not_found'));

  it('include_extensions=unique adds them only if exactly one profile matches; always adds them in any case', async () => {
    const unique = 'extensions=Address&include_extensions=unique';
    await expectFound(`FirstName=Bruce&LastName=Banner&${unique}`, [{ customer_id: 'bruce', Address: BRUCE.Address }]);
    await expectFound(`LastName=Banner&${unique}`, BOTH);
    await expectFound(`LastName=Nobody&${unique}`, ANYBODY);
    await expectFound('LastName=Banner&extensions=Note&include_extensions=always', [
      { customer_id: 'bruce', Note: [] },
      { customer_id: 'jen', Note: [] },
    ]);
  });

  it('R17: finds no profile of another tenant', async () => {
    await harness.schemas.define('2', HERO_SCHEMA);
    const headers = { 'x-genesys-tenantid': '2' };
    const { status, body } = await harness.send('GET', '/profiles?LastName=Banner', { headers });
    expect([status, body]).to.deep.equal([200, []]);
  });

  it('R15: is a 404 for a tenant without a schema', async () => {
    const headers = { 'x-genesys-tenantid': '3' };
    expect((await harness.send('GET', '/profiles?LastName=Banner', { headers })).status).to.equal(404);
  });

  it('R21: a new key finds existing profiles, and a deleted key finds none', async () => {
    const city = 'Address.City=Hollywood';
    await expectRefused(city, 400, 'malformed_request');
    const byCity = { name: 'byCity', source: 'Address', attributes: ['City'] };
    await harness.send('POST', '/metadata/identification-keys', { body: byCity });
    await expectFound(city, ONLY_BRUCE);
    await harness.send('DELETE', '/metadata/identification-keys/byCity');
    await expectRefused(city, 400, 'malformed_request');
  });
});

describeOnStorages('W6: pagination', (open) => {
  const IDS = Array.from({ length: 205 }, (_, index) => `id-${String(index).padStart(3, '0')}`);

  /** Follows the links from one page to the next. */
  const pages = async ({ send }: ApiHarness, first: string) => {
    const followed: { readonly url: string; readonly ids: string[] }[] = [];
    let url: string | undefined = first;
    while (url !== undefined) {
      const { status, headers, body } = await send('GET', url);
      expect(status).to.equal(200);
      followed.push({ url, ids: body.map(({ customer_id }: { customer_id: string }) => customer_id) });
      const link = headers.get('link');
      expect(link === null || /^<[^<>]+>; rel="next"$/.test(link)).to.equal(true);
      url = link?.slice(1, link.indexOf('>'));
    }
    return followed;
  };

  const store = async (harness: ApiHarness) => {
    await harness.schemas.define('1', HERO_SCHEMA);
    const attributes = { LastName: 'O’Hara & <Söhne>', FirstName: 'x' };
    for (const ids of [IDS.slice(0, 100), IDS.slice(100)]) {
      await harness.profiles.createMany(
        '1',
        ids.toReversed().map((customerId) => ({ customerId, attributes, extensions: { Note: { Text: 'n' } } })),
      );
    }
  };

  it('returns at most 100 per page, and links to the next page of the same query, without gaps or duplicates', async () => {
    const harness = await open();
    await store(harness);
    const own = new URLSearchParams({ LastName: 'O’Hara & <Söhne>', include_profile: 'yes', extensions: 'Note' });
    const followed = await pages(harness, `/profiles?${own}`);
    expect(followed.map(({ ids }) => ids.length)).to.deep.equal([100, 100, 5]);
    expect(followed.flatMap(({ ids }) => ids)).to.deep.equal(IDS);
    for (const { url } of followed) {
      const query = new URLSearchParams(url.slice(url.indexOf('?')));
      for (const [name, value] of own) expect(query.get(name)).to.equal(value);
    }
  });

  it('has no link if exactly 100 match', async () => {
    const harness = await open();
    await store(harness);
    for (const id of IDS.slice(100)) await harness.profiles.delete('1', id);
    const query = new URLSearchParams({ LastName: 'O’Hara & <Söhne>' });
    expect((await pages(harness, `/profiles?${query}`)).map(({ ids }) => ids.length)).to.deep.equal([100]);
  });

  it('include_extensions=unique counts all matches, not those of one page', async () => {
    const harness = await open();
    await store(harness);
    for (const id of IDS.slice(101)) await harness.profiles.delete('1', id);
    const query = new URLSearchParams({
      LastName: 'O’Hara & <Söhne>',
      extensions: 'Note',
      include_extensions: 'unique',
    });
    const [, last] = await pages(harness, `/profiles?${query}`);
    expect((await harness.send('GET', last?.url ?? '')).body).to.deep.equal([{ customer_id: IDS[100] }]);
  });
});

describe('W6: GET /profiles, mounted', () => {
  it('links to the path of the request', async () => {
    const { api, schemas, profiles } = createApiHarness({ basePath: '/crm' });
    await schemas.define('1', HERO_SCHEMA);
    const inputs = Array.from({ length: 101 }, () => ({ attributes: { LastName: 'x' } }));
    await profiles.createMany('1', inputs);
    for (const path of ['/crm/profiles', '/crm/profiles/']) {
      const { headers } = await senderTo(api)('GET', `${path}?LastName=x`);
      expect(headers.get('link')).to.match(/^<\/crm\/profiles\?LastName=x&_after=[0-9A-Za-z]{16}>; rel="next"$/);
    }
  });

  it('responds to HEAD without the body', async () => {
    const harness = createApiHarness();
    await storeHeroes(harness);
    const { status, text } = await harness.send('HEAD', '/profiles?LastName=Banner');
    expect([status, text]).to.deep.equal([200, '']);
  });
});
