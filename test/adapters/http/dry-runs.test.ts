import { expect } from 'chai';
import type { ApiHarness, Sent } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { describedAnswers } from './described-answers.js';
import { BRUCE, HERO_SCHEMA, JEN, storeHeroes } from './heroes.js';

const PATH = '/profiles/bruce';
const NDJSON = 'application/x-ndjson';

interface Change {
  readonly method: string;
  readonly path: string;
  /** As OpenAPI names the path. */
  readonly route: string;
  readonly sent?: Sent;
  /** What the preview says, where it says anything. */
  readonly preview: Readonly<Record<string, unknown>>;
}

const ROUTE = '/profiles/{customer_id}';
const omitted = (...pointers: string[]) => pointers.map((pointer) => ({ pointer, given: 'omitted' }));

const CHANGES: readonly Change[] = [
  {
    method: 'POST',
    path: '/profiles',
    route: '/profiles',
    sent: { body: { customer_id: 'thor', FirstName: 'Thor', Note: { Text: 'hammer' } } },
    preview: { added: ['/FirstName', '/Note'] },
  },
  {
    method: 'POST',
    path: '/profiles',
    route: '/profiles',
    sent: { body: { FirstName: 'Thor' } },
    preview: { added: ['/FirstName'] },
  },
  {
    method: 'PUT',
    path: PATH,
    route: ROUTE,
    sent: {
      body: { FirstName: 'Hulk', LastName: null, EmailAddress: [], Secret: true, Age: 42, Phone: BRUCE.Phone[0] },
    },
    preview: {
      changed: ['/FirstName', '/Phone'],
      cleared: [
        { pointer: '/LastName', given: 'null' },
        { pointer: '/EmailAddress', given: '[]' },
        ...omitted('/DOB', '/Address'),
      ],
      extensions: [
        { name: 'Address', records: 1 },
        { name: 'Phone', records: 1 },
      ],
      keys: ['byName', 'byLastName', 'byEmail', 'byDay'],
    },
  },
  {
    method: 'DELETE',
    path: PATH,
    route: ROUTE,
    preview: {
      cleared: omitted('/FirstName', '/LastName', '/EmailAddress', '/DOB', '/Age', '/Secret', '/Address', '/Phone'),
      extensions: [
        { name: 'Address', records: 1 },
        { name: 'Phone', records: 2 },
      ],
      keys: ['byName', 'byLastName', 'byEmail', 'byPhone', 'byDay', 'byAge', 'bySecret'],
    },
  },
  {
    method: 'POST',
    path: `${PATH}/extensions`,
    route: `${ROUTE}/extensions`,
    sent: { body: { Note: { Text: 'green' } } },
    preview: { added: ['/Note'] },
  },
  {
    method: 'PUT',
    path: `${PATH}/extensions/Phone/by/unique`,
    route: `${ROUTE}/extensions/{extension}/by/unique`,
    sent: { body: { Number: '555-0100', Rank: 9 } },
    preview: { changed: ['/Phone'] },
  },
  {
    method: 'PUT',
    path: `${PATH}/extensions/Phone/delete/by/unique`,
    route: `${ROUTE}/extensions/{extension}/delete/by/unique`,
    sent: { body: { Number: '555-0100' } },
    preview: { changed: ['/Phone'], extensions: [{ name: 'Phone', records: 1 }] },
  },
  {
    method: 'PUT',
    path: '/profiles/jen/merge/bruce',
    route: `${ROUTE}/merge/{source_id}`,
    sent: { body: { force_merge: true } },
    preview: { added: ['/EmailAddress', '/DOB', '/Age', '/Secret', '/Address', '/Phone'] },
  },
  {
    method: 'POST',
    path: '/profiles/jen/history/1/restore',
    route: `${ROUTE}/history/{revision}/restore`,
    preview: { added: ['/DOB', '/Phone'], changed: ['/FirstName'] },
  },
];

const NOTHING = {
  outcome: 'changed',
  added: [],
  changed: [],
  cleared: [],
  defaulted: [],
  extensions: [],
  keys: [],
};

describeOnStorages('L1: dry_run=yes', (open) => {
  let harness: ApiHarness;
  beforeEach(async () => {
    harness = await open();
    await storeHeroes(harness);
    await harness.send('PUT', '/profiles/jen', { body: { FirstName: 'Jen', LastName: 'Banner', Phone: [] } });
  });

  /** All that is stored: profiles with their revisions, and how many states of each there are. */
  const stored = async () => {
    const all = [];
    for await (const profile of harness.profiles.all('1')) {
      const { items } = await harness.profiles.history('1', profile.customerId);
      all.push([profile, items.length]);
    }
    return all;
  };
  const rehearse = (method: string, path: string, sent?: Sent, query = 'dry_run=yes') =>
    harness.send(method, `${path}${path.includes('?') ? '&' : '?'}${query}`, sent);

  for (const [index, { method, path, route, sent, preview }] of CHANGES.entries()) {
    it(`${index + 1}. ${method} ${path} tells what it would change, stores nothing, and has no ETag and no Location`, async () => {
      const before = await stored();
      const answer = await rehearse(method, path, sent);
      (await describedAnswers(harness.send))(method, route, answer);
      expect([answer.status, answer.body]).to.deep.equal([200, { ...NOTHING, ...preview }]);
      for (const header of ['etag', 'location', 'content-location']) expect(answer.headers.has(header)).to.equal(false);
      expect(await stored()).to.deep.equal(before);

      expect((await rehearse(method, path, sent, 'dry_run=no')).status).to.be.oneOf([200, 201, 204]);
      expect(await stored()).not.to.deep.equal(before);
    });
  }

  it('R13: says that a request would change nothing', async () => {
    const unchanged: readonly (readonly [method: string, path: string, body: object])[] = [
      ['PUT', PATH, BRUCE],
      ['POST', `${PATH}/extensions`, { Phone: BRUCE.Phone }],
      ['PUT', `${PATH}/extensions/Phone/by/unique`, { Number: '555-0100' }],
    ];
    for (const [method, path, body] of unchanged) {
      const answer = await rehearse(method, path, { body });
      expect([answer.status, answer.body], path).to.deep.equal([200, { ...NOTHING, outcome: 'unchanged' }]);
    }
  });

  it('R22: a replacement by a reading would touch only what that showed', async () => {
    const tag = (await harness.send('GET', `${PATH}?attributes=FirstName,DOB`)).headers.get('etag') ?? '';
    const { body } = await rehearse('PUT', PATH, { body: { FirstName: 'Hulk' }, headers: { 'if-match': tag } });
    expect(body).to.deep.include({ changed: ['/FirstName'], cleared: omitted('/DOB') });
  });

  it('of an import answers its counts and errors, and imports nothing', async () => {
    const before = await stored();
    const rows = [
      '{"customer_id":"thor"}',
      '{"customer_id":"bruce","DOB":"May"}',
      '{"customer_id":"jen","FirstName":"J"}',
    ];
    const sent = { raw: rows.join('\n'), headers: { 'content-type': NDJSON } };
    const importing = (query: string) => harness.send('POST', `/profiles/import?existing=replace${query}`, sent);
    const rehearsed = await importing('&dry_run=yes');
    expect([rehearsed.status, rehearsed.headers.has('etag')]).to.deep.equal([200, false]);
    expect(rehearsed.body).to.include({ rows: 3, created: 1, replaced: 1, failed: 1 });
    expect(rehearsed.body.errors).to.have.length(1);
    expect(await stored()).to.deep.equal(before);
    const { losses, ...answer } = rehearsed.body;
    expect(losses).to.deep.equal({
      rows: 1,
      members: [{ pointer: '/LastName', rows: 1 }],
      first: [{ line: 3, pointers: ['/LastName'] }],
    });
    expect((await importing('')).body).to.deep.equal(answer);
  });

  describe('is refused exactly as the change would be', () => {
    const refused: readonly (readonly [status: number, method: string, path: string, sent?: Sent])[] = [
      [409, 'POST', '/profiles', { body: BRUCE }],
      [400, 'POST', '/profiles', { body: { Nope: 1 } }],
      [409, 'POST', '/profiles', { body: { Age: 42 } }],
      [400, 'POST', '/profiles', { raw: '{' }],
      [415, 'POST', '/profiles', { raw: '{}', headers: { 'content-type': 'text/plain' } }],
      [403, 'POST', '/profiles', { body: {}, headers: { 'x-genesys-tenantid': '2' } }],
      [404, 'PUT', '/profiles/nobody', { body: {} }],
      [400, 'PUT', PATH, { body: { DOB: 'May' } }],
      [400, 'PUT', PATH, { body: {}, headers: { 'if-match': '1' } }],
      [412, 'PUT', PATH, { body: {}, headers: { 'if-match': '"9"' } }],
      [412, 'PUT', PATH, { body: {}, headers: { 'if-none-match': '*' } }],
      [409, 'PUT', '/profiles/jen', { body: { Age: 42 } }],
      [400, 'PUT', `${PATH}?allow_loss=Nope`, { body: {} }],
      [400, 'PUT', `${PATH}?rebase=yes`, { body: {} }],
      [409, 'PUT', `${PATH}`, { body: { FirstName: 'Hulk', Secret: true } }],
      [404, 'DELETE', '/profiles/nobody'],
      [412, 'DELETE', PATH, { headers: { 'if-match': '"9"' } }],
      [400, 'POST', `${PATH}/extensions`, { body: { Phone: {} } }],
      [412, 'POST', `${PATH}/extensions`, { body: {}, headers: { 'if-match': 'W/"1"' } }],
      [404, 'PUT', `${PATH}/extensions/Phone/by/unique`, { body: { Number: '0' } }],
      [400, 'PUT', `${PATH}/extensions/Address/delete/by/unique`, { body: { City: 'x' } }],
      [404, 'PUT', `${PATH}/extensions/Nope/delete/by/unique`, { body: {} }],
      [404, 'PUT', `${PATH}/merge/nobody`],
      [400, 'PUT', `${PATH}/merge/bruce`],
      [409, 'PUT', `${PATH}/merge/kin`],
      [412, 'PUT', `${PATH}/merge/kin`, { headers: { 'if-match': '"9"' } }],
      [404, 'POST', `${PATH}/history/9/restore`],
      [412, 'POST', `${PATH}/history/1/restore`, { headers: { 'if-match': '"9"' } }],
    ];
    beforeEach(async () => {
      const attributes = HERO_SCHEMA.attributes.map((one) => ({ ...one, protected: one.name === 'Age' }));
      await harness.schemas.defineAttributes('1', attributes);
      await harness.schemas.addKey('1', { name: 'oneAge', attributes: ['Age'], unique: true });
      await harness.send('POST', '/profiles', { body: { ...JEN, customer_id: 'kin' } });
    });

    for (const [index, [status, method, path, sent]] of refused.entries()) {
      it(`${index + 1}. ${method} ${path} ${JSON.stringify(sent ?? {}).slice(0, 80)}: ${status}`, async () => {
        const before = await stored();
        const rehearsed = await rehearse(method, path, sent);
        const answer = await harness.send(method, path, sent);
        expect([answer.status, answer.body.status]).to.deep.equal([status, status]);
        expect([rehearsed.status, rehearsed.body]).to.deep.equal([status, answer.body]);
        expect(rehearsed.headers.get('etag')).to.equal(answer.headers.get('etag'));
        expect(await stored()).to.deep.equal(before);
      });
    }

    it('parameters of reading are ignored', async () => {
      const [{ method, path, sent }] = CHANGES as [(typeof CHANGES)[number]];
      const plain = await rehearse(method, path, sent, 'dry_run=yes');
      const { status, body } = await rehearse(method, path, sent, 'dry_run=yes&extensions=*&include_extensions=always');
      expect([status, body]).to.deep.equal([plain.status, plain.body]);
    });

    for (const query of [
      ...['dry_run=', 'dry_run=true', 'dry_run=YES', 'dry_run=yes&dry_run=yes'],
      ...['dryrun=yes', 'dry-run=yes', 'DRY_RUN=yes', 'dry_run%20=yes'],
    ]) {
      it(`?${query} is a 400, and nothing is stored`, async () => {
        const before = await stored();
        for (const { method, path, sent } of CHANGES) {
          const { status, body } = await rehearse(method, path, sent, query);
          expect([status, body.code], path).to.deep.equal([400, 'malformed_request']);
        }
        expect(await stored()).to.deep.equal(before);
      });
    }
  });

  it('holds to requireExpectedRevision, and needs the role of the change', async () => {
    const strict = await open({ services: { requireExpectedRevision: true } });
    await storeHeroes(strict);
    expect((await strict.send('PUT', `${PATH}?dry_run=yes`, { body: {} })).status).to.equal(428);
    const reading = await open({ authenticate: () => ({ name: 'ann', role: 'reader' }) });
    for (const { method, path, sent } of CHANGES) {
      expect((await reading.send(method, `${path}?dry_run=yes`, sent)).status, path).to.equal(401);
    }
  });

  it('never repeats a value', async () => {
    for (const { method, path, sent } of CHANGES) {
      const { text } = await rehearse(method, path, sent);
      expect(text).not.to.match(/Bruce|Banner|Thor|hammer|555|example|Hollywood|green/);
    }
  });
});
