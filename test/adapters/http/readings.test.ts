import { expect } from 'chai';
import type { ApiHarness, Sent } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { HULK, HULK_PATH, HULK_SCHEMA, storeHulk } from './hulk.js';
import { tagOf } from './tags.js';

const READING = /^"1-[^"]+"$/;
const { customer_id, Address, Phone, ...ATTRIBUTES } = HULK;
const NICKNAME = { name: 'Nickname', type: 'string' } as const;
const FAX = { name: 'Fax', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }] } as const;

describeOnStorages('W3, R22: the ETag of a profile names a reading', (open) => {
  let harness: ApiHarness;
  const send = (method: string, path: string, sent?: Sent) => harness.send(method, path, sent);
  const read = async (query = '', path = HULK_PATH) => tagOf(await send('GET', `${path}${query}`));
  const stored = async () => (await send('GET', `${HULK_PATH}?extensions=*`)).body;
  const replace = (body: object, ...tags: string[]) =>
    send('PUT', HULK_PATH, { body, headers: { 'if-match': tags.join(', ') } });
  const defineAttributes = (attributes: typeof HULK_SCHEMA.attributes) =>
    harness.schemas.defineAttributes('1', attributes);

  beforeEach(async () => {
    harness = await open();
    await storeHulk(harness);
  });

  describe('which tag an answer has', () => {
    it('W3: of a reading if the body is one profile, of the bare revision if it is not', async () => {
      expect(await read()).to.match(READING);
      expect(tagOf(await send('PUT', HULK_PATH, { body: ATTRIBUTES }))).to.match(READING);
      expect(tagOf(await send('POST', `${HULK_PATH}/history/1/restore`))).to.match(READING);

      await send('POST', '/profiles', { body: { customer_id: 'other' } });
      const record = { PhoneNumber: '555-0100' };
      const tags = [
        await send('POST', '/profiles', { body: { FirstName: 'Thor' } }),
        await send('POST', `${HULK_PATH}/extensions`, { body: {} }),
        await send('PUT', HULK_PATH, { body: {}, headers: { 'if-match': '"9"' } }),
        await send('PUT', `${HULK_PATH}/extensions/Phone/by/unique`, { body: { ...record, PhoneType: 'work' } }),
        await send('PUT', `${HULK_PATH}/extensions/Phone/delete/by/unique`, { body: record }),
        await send('PUT', `${HULK_PATH}/merge/other`),
      ].map(tagOf);
      expect(tags).to.deep.equal(['"1"', '"1"', '"1"', '"2"', '"3"', '"4"']);
      expect((await send('DELETE', HULK_PATH)).headers.has('etag')).to.equal(false);
    });

    it('W3: the same for the same state, schema and content, however it was asked for', async () => {
      const groups = [
        ['', '?extensions=', '?attributes=*', '?attributes=DOB,EmailAddress,LastName,FirstName'],
        ['?extensions=*', '?extensions=Address,Phone', '?extensions=phone,ADDRESS,phone'],
        ['?attributes=FirstName', '?attributes=firstname,FirstName'],
      ];
      for (const queries of groups) {
        const tags = await Promise.all(queries.map((query) => read(query)));
        expect(new Set(tags).size, queries.join(' ')).to.equal(1);
      }
      expect(tagOf(await send('PUT', HULK_PATH, { body: ATTRIBUTES }))).to.equal(await read());
      expect(tagOf(await send('PUT', HULK_PATH, { body: HULK }))).to.equal(await read('?extensions=*'));
      expect(tagOf(await send('HEAD', HULK_PATH))).to.equal(await read());
    });

    it('W3: another for other content, another schema, another state, profile or tenant', async () => {
      const tags = [];
      for (const query of ['', '?attributes=', '?attributes=FirstName', '?attributes=LastName']) {
        for (const extensions of ['', 'Phone', 'Address', '*']) {
          tags.push(await read(`${query || '?'}&extensions=${extensions}`));
        }
      }
      await send('POST', '/profiles', { body: { ...HULK, customer_id: 'other' } });
      tags.push(await read('', '/profiles/other'));
      const headers = { 'x-genesys-tenantid': '2' };
      await harness.schemas.define('2', HULK_SCHEMA);
      await send('POST', '/profiles', { body: HULK, headers });
      tags.push(tagOf(await send('GET', HULK_PATH, { headers })));
      await harness.schemas.addKey('1', { name: 'byName', attributes: ['LastName'] });
      tags.push(await read());
      await send('PUT', HULK_PATH, { body: {} });
      tags.push(await read());
      expect(new Set(tags).size).to.equal(tags.length);
    });

    it('W3: another for a recreated profile, also where revisions begin anew without history', async () => {
      harness = await open({ services: { history: 'none' } });
      await storeHulk(harness);
      const former = await read();
      await send('DELETE', HULK_PATH);
      await send('POST', '/profiles', { body: HULK });
      expect(await read())
        .to.match(READING)
        .and.not.equal(former);
      expect((await replace({}, former)).status).to.equal(412);
      expect((await send('GET', HULK_PATH, { headers: { 'if-none-match': former } })).status).to.equal(200);
    });
  });

  describe('If-None-Match on GET', () => {
    it('W3: is a 304 for the same answer alone, by weak comparison', async () => {
      const get = async (query: string, tag: string) =>
        (await send('GET', `${HULK_PATH}${query}`, { headers: { 'if-none-match': tag } })).status;
      const [bare, whole] = [await read(), await read('?extensions=*')];
      expect(await get('', bare)).to.equal(304);
      expect(await get('', `"x", W/${bare}`)).to.equal(304);
      expect(await get('?extensions=*', bare)).to.equal(200);
      expect(await get('?attributes=FirstName', bare)).to.equal(200);
      expect(await get('?extensions=*', whole)).to.equal(304);
      expect(await get('', '"1"')).to.equal(200);
      await send('PUT', HULK_PATH, { body: {} });
      expect(await get('', bare)).to.equal(200);
    });

    it('W3: compares the version of the schema, which changes do not', async () => {
      const before = await read();
      await defineAttributes([...HULK_SCHEMA.attributes, NICKNAME]);
      const answer = await send('GET', HULK_PATH, { headers: { 'if-none-match': before } });
      expect([answer.status, tagOf(answer) === before]).to.deep.equal([200, false]);
      expect((await replace(ATTRIBUTES, before)).status).to.equal(200);
      expect((await replace({ ...ATTRIBUTES, FirstName: 'Hulk' }, before)).status).to.equal(200);
    });
  });

  describe('preconditions of changes', () => {
    const changes: readonly (readonly [method: string, path: string, body?: object])[] = [
      ['PUT', HULK_PATH, { FirstName: 'Hulk' }],
      ['DELETE', HULK_PATH],
      ['POST', `${HULK_PATH}/extensions`, { Phone: [{ PhoneNumber: '7' }] }],
      ['PUT', `${HULK_PATH}/extensions/Phone/by/unique`, { PhoneNumber: '555-0100', PhoneType: 'work' }],
      ['PUT', `${HULK_PATH}/extensions/Phone/delete/by/unique`, { PhoneNumber: '555-0100' }],
      ['PUT', `${HULK_PATH}/merge/other`],
      ['POST', `${HULK_PATH}/history/1/restore`],
    ];
    for (const [method, path, body] of changes) {
      const title = `${method} ${path.slice(HULK_PATH.length)}`;
      const sendIf = async (header: string, tag: string) =>
        (await send(method, path, { ...(body && { body }), headers: { [header]: tag } })).status;

      for (const query of ['', '?attributes=FirstName', '?attributes=&extensions=Phone', '?extensions=*']) {
        it(`R22: ${title} takes place by a reading of the present state, such as of ${query || 'all attributes'}`, async () => {
          await send('POST', '/profiles', { body: { customer_id: 'other' } });
          const [stale, other] = [await read(query), await read(query, '/profiles/other')];
          await send('PUT', HULK_PATH, { body: { LastName: 'Ross' } });
          const tag = await read(query);
          for (const none of [stale, other, `W/${tag}`, '"2-x"', '"x"', '']) {
            expect(await sendIf('if-match', none), none).to.equal(412);
          }
          for (const present of [tag, `W/${tag}`]) expect(await sendIf('if-none-match', present)).to.equal(412);
          expect((await stored()).LastName).to.equal('Ross');
          expect(await sendIf('if-match', `${stale}, ${tag}`)).to.be.oneOf([200, 204]);
        });
      }

      it(`R22: ${title} takes place where If-None-Match names another state`, async () => {
        await send('POST', '/profiles', { body: { customer_id: 'other' } });
        const stale = await read();
        await send('PUT', HULK_PATH, { body: { LastName: 'Ross' } });
        expect(await sendIf('if-none-match', stale)).to.be.oneOf([200, 204]);
      });
    }

    it('R17: a reading of a profile of another tenant matches nothing', async () => {
      const headers = { 'x-genesys-tenantid': '2' };
      await harness.schemas.define('2', HULK_SCHEMA);
      await send('POST', '/profiles', { body: HULK, headers });
      const elsewhere = tagOf(await send('GET', HULK_PATH, { headers }));
      expect((await replace({}, elsewhere)).status).to.equal(412);
    });

    it('R14: of twenty replacements by one reading, exactly one succeeds', async () => {
      const tag = await read();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => replace({ FirstName: `Writer ${index}` }, tag)),
      );
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
      expect(answers.filter(({ status }) => status === 412)).to.have.length(19);
    });

    it('W3: the 412 names the weak form of a reading that would match', async () => {
      const stale = await read();
      await send('PUT', HULK_PATH, { body: { FirstName: 'Hulk' } });
      const tag = await read('?extensions=Phone');
      const detailOf = async (...tags: string[]) => (await replace({}, ...tags)).body.detail;
      expect(await detailOf(`W/${tag}`))
        .to.include(`W/${tag}`)
        .and.to.include(`Send ${tag}.`);
      expect(await detailOf('"9"', `W/${tag}`)).to.include(`Send ${tag}.`);
      expect(await detailOf(`W/${stale}`)).not.to.include('weak');
      expect(await detailOf(`W/${tag.replace(/-[^.]+/, `-${'x'.repeat(12)}`)}`)).not.to.include('weak');
    });
  });

  describe('a replacement by a reading touches what it showed and what the body has', () => {
    it('R22: an extension that was neither shown nor given stays', async () => {
      const number = [{ PhoneNumber: '1' }];
      const { status, body } = await replace({ ...ATTRIBUTES, Phone: number }, await read('?extensions=Phone'));
      expect([status, body]).to.deep.equal([200, { customer_id, ...ATTRIBUTES, Phone: number }]);
      expect(await stored()).to.deep.equal({ ...HULK, Phone: number });
    });

    it('R22: an extension that was shown and is not given goes, where another one is given', async () => {
      const { body } = await replace({ ...ATTRIBUTES, Phone }, await read('?extensions=*'));
      expect(body).to.deep.equal({ customer_id, ...ATTRIBUTES, Phone });
      expect(await stored()).to.deep.equal(body);
    });

    it('R7: a body without extensions leaves all of them, whatever was shown', async () => {
      const { body } = await replace({ FirstName: 'Hulk' }, await read('?extensions=*'));
      expect(body).to.deep.equal({ customer_id, FirstName: 'Hulk', Address, Phone });
      expect(await stored()).to.deep.equal(body);
    });

    it('R22: an attribute that was neither shown nor given stays', async () => {
      const { status, body } = await replace({ FirstName: 'Hulk' }, await read('?attributes=FirstName,DOB'));
      expect([status, body]).to.deep.equal([200, { customer_id, FirstName: 'Hulk' }]);
      const { DOB: _, ...rest } = HULK;
      expect(await stored()).to.deep.equal({ ...rest, FirstName: 'Hulk' });
    });

    it('R22: a body without attributes clears those that were shown', async () => {
      await replace({}, await read('?attributes=FirstName,DOB'));
      const { FirstName, DOB, ...rest } = HULK;
      expect(await stored()).to.deep.equal(rest);
    });

    it('R22: what several readings of the present state showed is joined; others do not count', async () => {
      const stale = await read('?extensions=*');
      await send('PUT', HULK_PATH, { body: { ...ATTRIBUTES, FirstName: 'Hulk' } });
      const [ofPhone, ofAddress] = [await read('?extensions=Phone'), await read('?extensions=Address')];
      await replace({ ...ATTRIBUTES, Phone: [] }, stale, ofPhone, '"2"');
      expect(await stored()).to.deep.equal({ ...HULK, Phone: [] });
      await send('POST', `${HULK_PATH}/history/2/restore`);
      const [again, too] = [await read('?extensions=Phone'), await read('?extensions=Address')];
      expect([again, too]).not.to.include.members([ofPhone, ofAddress]);
      await replace({ ...ATTRIBUTES, Phone: [] }, again, too);
      expect(await stored()).to.deep.equal({ customer_id, ...ATTRIBUTES, Phone: [] });
    });

    it('R6, R8: without a reading, by a bare revision or *, everything is replaced, and W5 answers all of it', async () => {
      for (const [revision, tag] of [
        [1, undefined],
        [2, '"2"'],
        [3, '*'],
      ] as const) {
        const body = { FirstName: `${revision}`, Phone: [{ PhoneNumber: '1' }] };
        const answer = tag ? await replace(body, tag) : await send('PUT', HULK_PATH, { body });
        expect([answer.status, answer.body]).to.deep.equal([200, { customer_id, ...body }]);
        expect(await stored()).to.deep.equal(answer.body);
      }
    });

    it('R22: what has been defined since the reading was not shown by it', async () => {
      const before = await read('?extensions=*');
      await defineAttributes([...HULK_SCHEMA.attributes, NICKNAME]);
      await harness.schemas.addExtension('1', FAX);
      const whole = { ...HULK, Nickname: 'Jolly', Fax: [{ Number: '2' }] };
      // A change since would make the reading stale, so that it is given by the reading itself.
      const { body } = await replace(whole, before);
      expect(body).to.deep.equal(whole);
      const old = await read('?attributes=FirstName,LastName,DOB,EmailAddress&extensions=Address,Phone');
      await replace({ ...ATTRIBUTES, Phone }, old);
      expect(await stored()).to.deep.equal({
        customer_id,
        ...ATTRIBUTES,
        Nickname: 'Jolly',
        Phone,
        Fax: [{ Number: '2' }],
      });
    });

    it('R9, R22: the result is checked as a whole, after the precondition', async () => {
      await defineAttributes(HULK_SCHEMA.attributes.map((one) => ({ ...one, mandatory: one.name === 'LastName' })));
      const stale = await read('?attributes=FirstName');
      expect((await replace({ FirstName: 'Hulk' }, stale)).status).to.equal(200);
      expect((await replace({ DOB: 'May' }, stale)).status, 'violations in what is given').to.equal(400);
      expect((await replace({ FirstName: 'Bruce' }, stale)).status).to.equal(412);
      const shown = await replace({ FirstName: 'Bruce' }, await read('?attributes=LastName'));
      expect([shown.status, shown.body.violations[0].pointer]).to.deep.equal([400, '/LastName']);
      expect((await stored()).LastName).to.equal('Banner');
    });

    it('R22: what a change by a reading answers is a reading again', async () => {
      let tag = await read('?attributes=FirstName&extensions=Phone');
      for (const FirstName of ['One', 'Two', 'Three']) {
        const answer = await replace({ FirstName, Phone }, tag);
        expect(answer.body).to.deep.equal({ customer_id, FirstName, Phone });
        tag = tagOf(answer);
        expect(tag).to.equal(await read('?attributes=FirstName&extensions=Phone'));
      }
      expect(await stored()).to.deep.equal({ ...HULK, FirstName: 'Three' });
    });
  });
});
