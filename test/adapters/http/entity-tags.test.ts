import { expect } from 'chai';
import { createApiHarness, senderTo } from './api-harness.js';
import { HULK_PATH, storeHulk } from './hulk.js';
import { revisionOf, tagOf } from './tags.js';

describe('W3: entity tags', () => {
  const hulkAtRevision3 = async () => {
    const harness = createApiHarness();
    await storeHulk(harness);
    await harness.send('PUT', HULK_PATH, { body: { FirstName: 'Two' } });
    await harness.send('PUT', HULK_PATH, { body: { FirstName: 'Three' } });
    return harness.send;
  };

  it('R13: the tag begins with the revision: 1 at creation, plus one with every change', async () => {
    const harness = createApiHarness();
    await storeHulk(harness);
    const replace = async (FirstName: string) =>
      revisionOf(await harness.send('PUT', HULK_PATH, { body: { FirstName } }));
    expect(revisionOf(await harness.send('GET', HULK_PATH))).to.equal(1);
    expect([await replace('Hulk'), await replace('Hulk'), await replace('Bruce')]).to.deep.equal([2, 2, 3]);
    expect(revisionOf(await harness.send('GET', HULK_PATH))).to.equal(3);
  });

  describe('If-Match', () => {
    const matching = [
      '"3"',
      '*',
      ' "3" ',
      '"1", "3"',
      '"3","4"',
      ',"3",',
      ' ,\t, "x" ,, "3" , ',
      'W/"3", "3"',
      '"a,b", "3"',
    ];
    const notMatching = ['"2"', '"4"', 'W/"3"', '"03"', '"3.0"', '"+3"', '"v3"', '""', '"*"', '', ',', '"1", "2"'];
    const noList = [
      '3',
      '"3',
      '3"',
      '"3 "',
      '"3" "4"',
      '*, "3"',
      '"3", *',
      'w/"3"',
      'W/3',
      'W/ "3"',
      '"3";',
      "'3'",
      '"a"b"',
      '"3", x',
      '**',
    ];

    for (const value of matching) {
      it(`${JSON.stringify(value)} matches revision 3`, async () => {
        const send = await hulkAtRevision3();
        const headers = { 'if-match': value };
        expect((await send('PUT', HULK_PATH, { body: {}, headers })).status).to.equal(200);
      });
    }

    for (const value of notMatching) {
      it(`${JSON.stringify(value)} does not match: 412 with the current revision, and nothing changes (R14)`, async () => {
        const send = await hulkAtRevision3();
        const headers = { 'if-match': value };
        for (const method of ['PUT', 'DELETE']) {
          const answer = await send(method, HULK_PATH, { ...(method === 'PUT' && { body: {} }), headers });
          expect([answer.status, answer.body.code]).to.deep.equal([412, 'revision_conflict']);
          expect([answer.body.current_revision, answer.headers.get('etag')]).to.deep.equal([3, '"3"']);
        }
        expect((await send('GET', HULK_PATH)).body.FirstName).to.equal('Three');
      });
    }

    for (const value of noList) {
      it(`${JSON.stringify(value)} is not a list of tags: 400`, async () => {
        const send = await hulkAtRevision3();
        const headers = { 'if-match': value };
        for (const method of ['PUT', 'DELETE']) {
          const answer = await send(method, HULK_PATH, { ...(method === 'PUT' && { body: {} }), headers });
          expect([answer.status, answer.body.code]).to.deep.equal([400, 'malformed_request']);
        }
      });
    }

    it('* is a 404 without a profile: a replacement never creates (R15)', async () => {
      const send = await hulkAtRevision3();
      const headers = { 'if-match': '*' };
      expect((await send('PUT', '/profiles/nobody', { body: {}, headers })).status).to.equal(404);
      expect((await send('DELETE', '/profiles/nobody', { headers })).status).to.equal(404);
    });

    it('DELETE succeeds if it matches', async () => {
      const send = await hulkAtRevision3();
      expect((await send('DELETE', HULK_PATH, { headers: { 'if-match': '"3"' } })).status).to.equal(200);
      expect((await send('GET', HULK_PATH)).status).to.equal(404);
    });

    it('parses a list of 10,000 tags, and as many blanks, quickly', async () => {
      const harness = createApiHarness();
      await storeHulk(harness);
      // In process: Node refuses headers above 16 KiB on a socket.
      const send = senderTo(harness.api);
      const long = Array.from({ length: 10_000 }, (_, index) => `"x${index}"`).join(',');
      const blank = `"1"${' '.repeat(10_000)}x`;
      expect((await send('PUT', HULK_PATH, { body: {}, headers: { 'if-match': long } })).status).to.equal(412);
      expect((await send('PUT', HULK_PATH, { body: {}, headers: { 'if-match': blank } })).status).to.equal(400);
    });

    it('R14: of fifty replacements that expect the same revision, exactly one succeeds', async () => {
      const send = await hulkAtRevision3();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          send('PUT', HULK_PATH, { body: { FirstName: `Writer ${index}` }, headers: { 'if-match': '"3"' } }),
        ),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).to.have.length(1);
      expect(statuses.filter((status) => status === 412)).to.have.length(49);
      expect(revisionOf(await send('GET', HULK_PATH))).to.equal(4);
    });
  });

  describe('If-None-Match on GET', () => {
    for (const form of ['TAG', 'W/TAG', '*', '"1", W/TAG', ',,TAG']) {
      it(`${form} returns 304 with the tag and without a body`, async () => {
        const send = await hulkAtRevision3();
        const tag = tagOf(await send('GET', HULK_PATH));
        const headers = { 'if-none-match': form.replace('TAG', tag) };
        for (const method of ['GET', 'HEAD']) {
          const answer = await send(method, HULK_PATH, { headers });
          expect([answer.status, tagOf(answer), answer.text]).to.deep.equal([304, tag, '']);
        }
      });
    }

    // A bare revision does not say what was shown.
    for (const value of ['"3"', 'W/"3"', '"2"', 'W/"2"', '"03"', '']) {
      it(`${JSON.stringify(value)} returns the profile`, async () => {
        const send = await hulkAtRevision3();
        const answer = await send('GET', HULK_PATH, { headers: { 'if-none-match': value } });
        expect([answer.status, answer.body.FirstName]).to.deep.equal([200, 'Three']);
      });
    }

    it('is a 400 if it is not a list of tags, whether or not there is a profile or a schema', async () => {
      const send = await hulkAtRevision3();
      const headers = { 'if-none-match': '3' };
      const elsewhere = { ...headers, 'x-genesys-tenantid': '2' };
      for (const path of [HULK_PATH, '/profiles/nobody', '/metadata/profiles', '/metadata/profiles/schema.json']) {
        expect((await send('GET', path, { headers })).status).to.equal(400);
        expect((await send('GET', path, { headers: elsewhere })).status).to.equal(400);
      }
    });
  });

  it('412 names a weak form of the current tag', async () => {
    const send = await hulkAtRevision3();
    const detailOf = async (tags: string) => {
      const answer = await send('PUT', HULK_PATH, { body: {}, headers: { 'if-match': tags } });
      expect([answer.status, answer.body.current_revision]).to.deep.equal([412, 3]);
      return answer.body.detail;
    };
    expect(await detailOf('W/"3"'))
      .to.include('W/"3"')
      .and.to.include('weakened')
      .and.not.to.include('not the current one');
    expect(await detailOf('"9", W/"3"')).to.include('W/"3"');
    expect(await detailOf('W/"2"')).to.include('is not the current one');
  });

  it('forbids transformations on the way, since compression weakens tags', async () => {
    const send = await hulkAtRevision3();
    expect((await send('GET', HULK_PATH)).headers.get('cache-control')).to.equal('private, no-cache, no-transform');
  });

  describe('If-None-Match on changes (RFC 9110 §13.1.2)', () => {
    const changes: readonly (readonly [method: string, path: string, body?: object])[] = [
      ['PUT', HULK_PATH, { FirstName: 'Four' }],
      ['DELETE', HULK_PATH],
      ['POST', `${HULK_PATH}/extensions`, { Phone: [{ PhoneNumber: '7' }] }],
      ['PUT', `${HULK_PATH}/extensions/Phone/by/unique`, { PhoneNumber: '555-0100', PhoneType: 'work' }],
      ['PUT', `${HULK_PATH}/extensions/Phone/delete/by/unique`, { PhoneNumber: '555-0100' }],
      ['PUT', `${HULK_PATH}/merge/other`],
    ];
    for (const [method, path, body] of changes) {
      const sending = async (value: string) => {
        const send = await hulkAtRevision3();
        await send('POST', '/profiles', { body: { customer_id: 'other', LastName: 'Ross' } });
        const answer = await send(method, path, {
          ...(body && { body }),
          headers: { 'if-none-match': value },
        });
        const now = await send('GET', HULK_PATH);
        return { answer, revision: now.status === 404 ? undefined : revisionOf(now) };
      };
      for (const value of ['*', '"3"', 'W/"3"', '"1", W/"3"']) {
        it(`${method} ${path.slice(HULK_PATH.length)}: ${value} is a 412, and nothing changes`, async () => {
          const { answer, revision } = await sending(value);
          expect([answer.status, answer.body.code, revision]).to.deep.equal([412, 'revision_conflict', 3]);
          expect(answer.body.detail).to.include('If-None-Match');
        });
      }
      it(`${method} ${path.slice(HULK_PATH.length)}: other tags hold`, async () => {
        const { answer, revision } = await sending('"2", "x"');
        expect(answer.status).to.be.oneOf([200, 204]);
        expect(revision).to.equal(method === 'DELETE' ? undefined : 4);
      });
    }

    it('comes after 404 and violations, and holds together with If-Match', async () => {
      const send = await hulkAtRevision3();
      const statusOf = async (path: string, body: object, headers: Record<string, string>) =>
        (await send('PUT', path, { body, headers })).status;
      expect(await statusOf('/profiles/nobody', {}, { 'if-none-match': '*' })).to.equal(404);
      expect(await statusOf(HULK_PATH, { Nope: 1 }, { 'if-none-match': '*' })).to.equal(400);
      expect(await statusOf(HULK_PATH, {}, { 'if-none-match': '3' })).to.equal(400);
      expect(await statusOf(HULK_PATH, {}, { 'if-none-match': '"1"', 'if-match': '"2"' })).to.equal(412);
      expect(await statusOf(HULK_PATH, {}, { 'if-none-match': '"1"', 'if-match': '"3"' })).to.equal(200);
    });

    it('holds against writers that race', async () => {
      const send = await hulkAtRevision3();
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          send('PUT', HULK_PATH, { body: { FirstName: `${index}` }, headers: { 'if-none-match': '"4"' } }),
        ),
      );
      // Whoever finds revision 4 is refused; the others, at most one of them, change revision 3.
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
      expect(answers.filter(({ status }) => status === 412)).to.have.length(9);
    });

    it('* creates a schema, and replaces none', async () => {
      const { send } = createApiHarness();
      const define = async (headers: Record<string, string>) =>
        (await send('PUT', '/metadata/profiles', { body: { attributes: [] }, headers })).status;
      expect(await define({ 'if-none-match': '*', 'if-match': '*' })).to.equal(412);
      expect(await define({ 'if-none-match': '*' })).to.equal(200);
      expect(await define({ 'if-none-match': '*' })).to.equal(412);
      expect(await define({ 'if-none-match': '"1"' })).to.equal(412);
      expect(await define({ 'if-none-match': '"7"' })).to.equal(200);
    });
  });
});
