import { expect } from 'chai';
import type { ApiHarness, Sent } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { BRUCE, JEN, storeHeroes } from './heroes.js';

const PATH = '/profiles/jen/merge/bruce';
const [HOME, WORK] = BRUCE.Phone;

describeOnStorages('W11: PUT /profiles/{id}/merge/{source}', (open) => {
  let harness: ApiHarness;
  beforeEach(async () => {
    harness = await open();
    await storeHeroes(harness);
  });

  const merge = (sent?: Sent) => harness.send('PUT', PATH, sent);
  const stored = async (id: string) => (await harness.send('GET', `/profiles/${id}?extensions=Address,Phone`)).body;
  const notFound = async (id: string) => expect((await harness.send('GET', `/profiles/${id}`)).status).to.equal(404);

  const expectUnchanged = async () => {
    expect([await stored('jen'), await stored('bruce')]).to.deep.equal([JEN, BRUCE]);
  };

  const withoutConflict = () =>
    harness.send('PUT', '/profiles/jen', { body: { ...JEN, EmailAddress: ['a', 'b+hulk@example.com'], Phone: [] } });

  it('returns 204 and the revision of the destination, and deletes the source', async () => {
    await withoutConflict();
    const { status, headers, text } = await merge();
    expect([status, headers.get('etag'), text]).to.deep.equal([204, '"3"', '']);
    await notFound('bruce');
  });

  it('the destination keeps its values and takes missing ones from the source; lists and records are concatenated, its own first', async () => {
    await withoutConflict();
    await harness.send('POST', '/profiles/jen/extensions', { body: { Phone: [{ Number: '1' }, HOME] } });
    await merge();
    expect(await stored('jen')).to.deep.equal({
      ...BRUCE,
      ...JEN,
      EmailAddress: ['a', 'b+hulk@example.com', 'bruce.banner@example.com'],
      Phone: [{ Number: '1', Kind: 'home' }, HOME, WORK],
    });
  });

  it('removes duplicates from a concatenated list, including those of the destination', async () => {
    await harness.send('PUT', '/profiles/jen', { body: { ...JEN, EmailAddress: ['a', 'b', 'a'], Phone: [] } });
    await harness.send('PUT', '/profiles/bruce', { body: { ...BRUCE, EmailAddress: ['c', 'b', 'c'] } });
    await merge();
    expect((await stored('jen')).EmailAddress).to.deep.equal(['a', 'b', 'c']);
  });

  it('merge_conflict: records with equal unique attributes and other differences are a 409 with the extension names', async () => {
    const { status, body } = await merge();
    expect([status, body.code, body.extensions]).to.deep.equal([409, 'merge_conflict', ['Phone']]);
    await expectUnchanged();
  });

  it('merge_conflict: different records of a single-valued extension are a 409', async () => {
    await harness.send('POST', '/profiles/jen/extensions', { body: { Address: { City: 'Los Angeles' } } });
    const { status, body } = await merge({ body: { force_merge: false } });
    expect([status, body.extensions]).to.deep.equal([409, ['Address', 'Phone']]);
  });

  it('"force_merge": true keeps the records of the source', async () => {
    await harness.send('POST', '/profiles/jen/extensions', { body: { Address: { City: 'Los Angeles' } } });
    expect((await merge({ body: { force_merge: true } })).status).to.equal(204);
    expect(await stored('jen')).to.deep.include({ Address: BRUCE.Address, Phone: [HOME, WORK] });
    await notFound('bruce');
  });

  const unforced: Record<string, Sent> = {
    'no body': {},
    'an empty body of any type': { raw: '', headers: { 'content-type': 'text/plain' } },
    'an empty JSON body': { raw: '', headers: { 'content-type': 'application/json' } },
    '{}': { body: {} },
    'the other members of UCS': { body: { agent_id: '0', reason: 'same person', description: '' } },
    'its own customer_id': { body: { customer_id: 'jen' } },
  };
  for (const [what, sent] of Object.entries(unforced)) {
    it(`${what} does not force the merge`, async () => {
      expect((await merge(sent)).status).to.equal(409);
      await withoutConflict();
      expect((await merge(sent)).status).to.equal(204);
    });
  }

  it('an empty streamed body counts as no body', async () => {
    await withoutConflict();
    const raw = new ReadableStream({ start: (stream) => stream.close() });
    expect((await merge({ raw, headers: { 'content-type': '' } })).status).to.equal(204);
  });

  const refused: readonly (readonly [number, Sent])[] = [
    [415, { raw: '{"force_merge": true}', headers: { 'content-type': 'text/plain' } }],
    [415, { raw: new TextEncoder().encode('{}'), headers: { 'content-type': '' } }],
    [413, { raw: ' '.repeat(2 ** 20 + 1) }],
    [400, { raw: '[]' }],
    [400, { raw: '{' }],
    [400, { raw: ' ' }],
    [400, { raw: '{"force_merge": true, "force_merge": true}' }],
    [400, { body: { force_merge: 'true' } }],
    [400, { body: { force_merge: null } }],
    [400, { body: { Force_Merge: true } }],
    [400, { body: { force_merge: true, Phone: [] } }],
    [400, { raw: '{"__proto__": {"force_merge": true}}' }],
    [400, { body: { customer_id: 'bruce' } }],
  ];
  for (const [status, sent] of refused) {
    it(`refuses ${JSON.stringify(sent).slice(0, 60)}: ${status}`, async () => {
      expect((await merge(sent)).status).to.equal(status);
      await expectUnchanged();
    });
  }

  it('merging a profile with itself is a 400, whether or not it exists', async () => {
    for (const id of ['jen', 'nobody']) {
      const { status, body } = await harness.send('PUT', `/profiles/${id}/merge/${id}`);
      expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
    }
    await expectUnchanged();
  });

  it('R15: a missing destination or source is a 404, a tenant without a schema a 403', async () => {
    for (const path of ['/profiles/jen/merge/nobody', '/profiles/nobody/merge/bruce', '/profiles/jen/merge/%00']) {
      expect((await harness.send('PUT', path)).status).to.equal(404);
    }
    expect((await merge({ headers: { 'x-genesys-tenantid': '2' } })).status).to.equal(403);
    await expectUnchanged();
  });

  for (const path of [
    '/profiles/jen/merge/..',
    '/profiles/jen/merge/.',
    '/profiles/jen/merge/',
    '/profiles/jen/merge',
  ]) {
    it(`${path} neither merges nor replaces the destination`, async () => {
      expect((await harness.send('PUT', path, { body: {} })).status).to.be.oneOf([404, 405]);
      await expectUnchanged();
    });
  }

  it('W3: If-Match applies to the destination', async () => {
    await withoutConflict();
    const mergeIf = (ifMatch: string) => merge({ headers: { 'if-match': ifMatch } });
    const stale = await mergeIf('"1"');
    expect([stale.status, stale.body.current_revision, stale.headers.get('etag')]).to.deep.equal([412, 2, '"2"']);
    expect((await mergeIf('W/"2"')).status).to.equal(412);
    expect((await mergeIf('2')).status).to.equal(400);
    expect((await mergeIf('"2"')).headers.get('etag')).to.equal('"3"');
  });

  it('W3: succeeds with If-Match: *', async () => {
    await withoutConflict();
    expect((await merge({ headers: { 'if-match': '*' } })).status).to.equal(204);
  });

  it('412 comes before 409', async () => {
    expect((await merge({ headers: { 'if-match': '"9"' } })).status).to.equal(412);
  });

  it('R18: the entries of the source find the destination', async () => {
    await withoutConflict();
    await merge();
    for (const query of ['EmailAddress=Bruce.Banner@example.com', 'Phone.Number=555-0101', 'Age=42']) {
      expect((await harness.send('GET', `/profiles?${query}`)).body).to.deep.equal([{ customer_id: 'jen' }]);
    }
  });

  it('R14: of twenty merges of one source into two destinations, exactly one succeeds', async () => {
    await withoutConflict();
    await harness.send('POST', '/profiles', { body: { customer_id: 'other' } });
    const paths = Array.from({ length: 20 }, (_, index) => `/profiles/${index % 2 ? 'jen' : 'other'}/merge/bruce`);
    const statuses = (await Promise.all(paths.map((path) => harness.send('PUT', path)))).map(({ status }) => status);
    expect(statuses.toSorted()).to.deep.equal([204, ...Array(19).fill(404)]);
  });
});
