import { expect } from 'chai';
import type { Principal } from 'dossier/http';
import { type ApiHarness, createApiHarness, type Sent } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { describedAnswers } from './described-answers.js';
import { HULK, HULK_PATH, storeHulk } from './hulk.js';
import { revisionOf, tagOf } from './tags.js';

const HISTORY = `${HULK_PATH}/history`;
const { customer_id: CUSTOMER_ID, ...ATTRIBUTES } = { ...HULK, Address: undefined, Phone: undefined };

describeOnStorages('W13: the history of a profile', (open) => {
  let harness: ApiHarness;
  let principal: Principal;
  const send = (method: string, path: string, sent?: Sent) => harness.send(method, path, sent);
  const restore = (revision: number, headers: Sent['headers'] = {}) =>
    send('POST', `${HISTORY}/${revision}/restore`, { headers });
  const answered = async (method: string, path: string, sent?: Sent) => {
    const { status, text } = await send(method, path, sent);
    return { status, text };
  };

  beforeEach(async () => {
    principal = { name: 'ann', role: 'administrator', maySetSegment: true };
    harness = await open({ authenticate: () => principal });
    await storeHulk(harness);
    await send('PUT', HULK_PATH, { body: { FirstName: 'Hulk' }, headers: { 'x-genesys-segment': 'gold' } });
    await send('POST', `${HULK_PATH}/extensions`, { body: { Phone: { PhoneNumber: '555-0101' } } });
  });

  describe('GET /profiles/{id}/history', () => {
    it('H2: lists the states, the newest first, with what made them and what they changed', async () => {
      const { status, body } = await send('GET', HISTORY);
      expect(status).to.equal(200);
      expect(body.map(({ time: _, ...state }: Record<string, unknown>) => state)).to.deep.equal([
        { revision: 3, operation: 'insert_records', actor: 'ann', changed: ['/Phone'] },
        {
          revision: 2,
          operation: 'replace',
          actor: 'ann',
          changed: ['/FirstName', '/LastName', '/DOB', '/EmailAddress', '/segment'],
        },
        { revision: 1, operation: 'create', actor: 'ann' },
      ]);
      for (const { time } of body) expect(time).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    it('leads through pages by Link', async () => {
      const revisions: number[] = [];
      let path: string | undefined = `${HISTORY}?limit=2`;
      let pages = 0;
      while (path !== undefined) {
        const { body, headers } = await send('GET', path);
        revisions.push(...body.map(({ revision }: { revision: number }) => revision));
        path = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
        pages += 1;
      }
      expect([revisions, pages]).to.deep.equal([[3, 2, 1], 2]);
    });

    for (const query of ['limit=0', 'limit=101', 'limit=x', 'after=0', 'after=-1', 'after=1.5', 'limit=1&limit=2']) {
      it(`malformed_request: ?${query} is a 400`, async () => {
        const { status, body } = await send('GET', `${HISTORY}?${query}`);
        expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
      });
    }

    it('C4: tells actors and reasons to administrators alone', async () => {
      for (const role of ['reader', 'writer'] as const) {
        principal = { name: 'bob', role };
        const { text } = await send('GET', HISTORY);
        expect(text).to.contain('insert_records').and.not.contain('actor').and.not.contain('ann');
      }
    });
  });

  describe('GET /profiles/{id}/history/{revision}', () => {
    it('W4: answers the profile as it was, with the extensions asked for, and its segment', async () => {
      const first = await send('GET', `${HISTORY}/1`);
      expect(first.body).to.deep.equal({ customer_id: CUSTOMER_ID, ...JSON.parse(JSON.stringify(ATTRIBUTES)) });
      expect(first.headers.has('x-genesys-segment')).to.equal(false);
      expect((await send('GET', `${HISTORY}/1?extensions=*`)).body).to.deep.equal(HULK);
      const second = await send('GET', `${HISTORY}/2?extensions=Phone`);
      expect(second.body).to.deep.equal({ customer_id: CUSTOMER_ID, FirstName: 'Hulk', Phone: HULK.Phone });
      expect(second.headers.get('x-genesys-segment')).to.equal('gold');
      expect((await send('GET', `${HISTORY}/1?extensions=Nope`)).status).to.equal(404);
    });

    it('W3: has the tag of that answer, for If-None-Match; no change matches it', async () => {
      const tag = tagOf(await send('GET', `${HISTORY}/3`));
      expect(tag).to.match(/^"3\.[\w-]+"$/);
      expect(tagOf(await send('GET', `${HISTORY}/3`))).to.equal(tag);
      expect(tagOf(await send('GET', `${HISTORY}/3?extensions=*`))).not.to.equal(tag);
      const known = await send('GET', `${HISTORY}/3`, { headers: { 'if-none-match': tag } });
      expect([known.status, known.text, tagOf(known)]).to.deep.equal([304, '', tag]);
      for (const [method, path] of [
        ['PUT', HULK_PATH],
        ['DELETE', HULK_PATH],
        ['POST', `${HISTORY}/1/restore`],
      ] as const) {
        const sent = { headers: { 'if-match': tag }, ...(method === 'PUT' && { body: {} }) };
        expect((await send(method, path, sent)).status, method).to.equal(412);
      }
      expect((await restore(1, { 'if-none-match': tag })).status).to.equal(200);
    });

    for (const revision of ['4', '0', '-1', '01', '1.0', 'x', '9007199254740993']) {
      it(`not_found: revision ${revision} is a 404`, async () => {
        const { status, body } = await send('GET', `${HISTORY}/${revision}`);
        expect([status, body.code]).to.deep.equal([404, 'not_found']);
      });
    }

    it('not_found: a deletion has no content', async () => {
      await send('DELETE', HULK_PATH);
      expect((await send('GET', `${HISTORY}/4`)).status).to.equal(404);
      expect((await send('GET', `${HISTORY}/3`)).status).to.equal(200);
    });
  });

  describe('POST /profiles/{id}/history/{revision}/restore', () => {
    it('H3: makes the profile what it was, as one more revision, and answers all of it', async () => {
      const answer = await restore(1);
      const { status, body, headers } = answer;
      expect([status, body, revisionOf(answer)]).to.deep.equal([200, HULK, 4]);
      expect(tagOf(await send('GET', `${HULK_PATH}?extensions=*`))).to.equal(tagOf(answer));
      expect(headers.get('content-location')).to.equal(HULK_PATH);
      expect(headers.has('x-genesys-segment')).to.equal(false);
      expect((await send('GET', `${HULK_PATH}?extensions=*`)).body).to.deep.equal(HULK);
      const [newest] = (await send('GET', `${HISTORY}?limit=1`)).body;
      expect(newest).to.include({ revision: 4, operation: 'restore', actor: 'ann' });
    });

    it('H3: restores the segment only for callers trusted with it', async () => {
      principal = { name: 'bob', role: 'writer' };
      expect((await restore(1)).headers.get('x-genesys-segment')).to.equal('gold');
      principal = { ...principal, maySetSegment: true };
      expect((await restore(1)).headers.has('x-genesys-segment')).to.equal(false);
      expect((await restore(2)).headers.get('x-genesys-segment')).to.equal('gold');
    });

    it('R23: names what the schema of today does not know, and restores it as residual', async () => {
      expect((await restore(1)).headers.has('x-dossier-residual')).to.equal(false);
      const { attributes } = await harness.schemas.get('1');
      const others = attributes.filter(({ name }) => name !== 'DOB' && name !== 'EmailAddress');
      await harness.schemas.defineAttributes('1', others);
      await restore(2);
      const { status, body, headers } = await restore(1);
      expect([status, headers.get('x-dossier-residual')]).to.deep.equal([200, '/DOB, /EmailAddress']);
      expect(body).to.not.have.any.keys('DOB', 'EmailAddress');
      await harness.schemas.defineAttributes('1', attributes);
      expect((await send('GET', HULK_PATH)).body).to.include({ DOB: HULK.DOB });
    });

    it('W3: heeds If-Match and If-None-Match', async () => {
      expect((await restore(1, { 'if-match': '"2"' })).status).to.equal(412);
      expect((await restore(1, { 'if-none-match': '*' })).status).to.equal(412);
      expect((await restore(1, { 'if-none-match': '"3"' })).status).to.equal(412);
      expect((await restore(1, { 'if-match': '3' })).status).to.equal(400);
      expect((await restore(1, { 'if-match': '"2", "3"' })).status).to.equal(200);
    });

    it('needs the role of PUT', async () => {
      principal = { name: 'bob', role: 'reader' };
      expect((await restore(1)).status).to.equal(401);
      principal = { name: 'bob', role: 'writer' };
      expect((await restore(1)).status).to.equal(200);
    });
  });

  describe('of a profile that was deleted', () => {
    beforeEach(() => send('DELETE', HULK_PATH));

    it('is for administrators, who can restore it under its id', async () => {
      expect((await send('GET', `${HISTORY}?limit=1`)).body[0]).to.include({ revision: 4, operation: 'delete' });
      expect((await send('GET', `${HISTORY}/3`)).body).to.include({ FirstName: 'Hulk' });
      const answer = await restore(1);
      expect([answer.status, answer.body, revisionOf(answer)]).to.deep.equal([200, HULK, 5]);
    });

    it('is for others what a profile is that never was', async () => {
      principal = { name: 'bob', role: 'writer', maySetSegment: true };
      for (const [method, path] of [
        ['GET', '/history'],
        ['GET', '/history/3'],
        ['GET', '/history/99'],
        ['POST', '/history/3/restore'],
        ['POST', '/history/99/restore'],
      ] as const) {
        const never = await answered(method, `/profiles/nobody${path}`);
        expect(await answered(method, `${HULK_PATH}${path}`), `${method} ${path}`).to.deep.equal(never);
        expect(never.status).to.equal(404);
      }
      expect((await send('GET', HULK_PATH)).status).to.equal(404);
    });

    it('is a 404 for If-Match and If-None-Match, as other changes are', async () => {
      for (const headers of [{ 'if-match': '"4"' }, { 'if-match': '*' }, { 'if-none-match': '*' }]) {
        expect((await restore(1, headers)).status).to.equal(404);
      }
    });

    it('W3: a recreated profile has the next revision, so that no tag of the former one matches it', async () => {
      const created = await send('POST', '/profiles', { body: HULK });
      expect(created.headers.get('etag')).to.equal('"5"');
      for (const tag of ['"1"', '"2"', '"3"', '"4"']) {
        expect((await send('PUT', HULK_PATH, { body: {}, headers: { 'if-match': tag } })).status).to.equal(412);
      }
    });
  });
});

describeOnStorages('H4, W13: a profile that was merged away', (open) => {
  const AWAY = '/profiles/away';
  const REQUESTS: readonly (readonly [method: string, path: string, route: string, sent?: Sent])[] = [
    ['GET', '', ''],
    ['PUT', '', '', { body: {} }],
    ['PATCH', '', '', { body: {} }],
    ['DELETE', '', ''],
    ['POST', '/extensions', '/extensions', { body: {} }],
    ['PUT', `/merge/${CUSTOMER_ID}`, '/merge/{source_id}'],
    ['PUT', '?dry_run=yes', '', { body: {} }],
  ];
  let harness: ApiHarness;
  let principal: Principal;

  beforeEach(async () => {
    principal = { name: 'ann', role: 'administrator' };
    harness = await open({ authenticate: () => principal });
    await storeHulk(harness);
    await harness.profiles.create('1', { customerId: 'away', attributes: {} });
    await harness.profiles.merge('1', CUSTOMER_ID, 'away');
  });

  it('H4: is a 404 with mergedInto for administrators', async () => {
    const check = await describedAnswers(harness.send);
    for (const [method, path, route, sent] of REQUESTS) {
      const answer = await harness.send(method, `${AWAY}${path}`, sent);
      const { status, body } = answer;
      expect([status, body.code, body.mergedInto], `${method} ${path}`).to.deep.equal([404, 'not_found', CUSTOMER_ID]);
      check(method, `/profiles/{customer_id}${route}`, answer);
    }
    expect((await harness.send('GET', '/profiles/nobody')).body).not.to.have.property('mergedInto');
    const asSource = await harness.send('PUT', `${HULK_PATH}/merge/away`);
    expect([asSource.status, asSource.body.mergedInto]).to.deep.equal([404, CUSTOMER_ID]);
  });

  it('W13: is for others what a profile is that never was', async () => {
    for (const role of ['reader', 'writer'] as const) {
      principal = { name: 'bob', role };
      const histories = [
        ['GET', '/history', ''],
        ['GET', '/history/1', ''],
      ] as const;
      for (const [method, path, _, sent] of [...REQUESTS, ...histories]) {
        if (role === 'reader' && method !== 'GET') continue;
        const [merged, never] = await Promise.all(
          [AWAY, '/profiles/nobody'].map((base) => harness.send(method, `${base}${path}`, sent)),
        );
        expect(merged?.status, `${method} ${path}`).to.equal(404);
        expect(merged?.text).to.equal(never?.text);
      }
    }
  });
});

describe('W13: without history', () => {
  it('not_supported: is a 501 for a profile that exists', async () => {
    const { send, schemas } = createApiHarness({ services: { history: 'none' }, onError: () => undefined });
    await storeHulk({ schemas, send });
    for (const [method, path] of [
      ['GET', HISTORY],
      ['GET', `${HISTORY}/1`],
      ['POST', `${HISTORY}/1/restore`],
    ] as const) {
      const { status, body } = await send(method, path);
      expect([status, body.code], `${method} ${path}`).to.deep.equal([501, 'not_supported']);
    }
  });
});
