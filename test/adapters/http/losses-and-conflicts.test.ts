import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import type { ApiHarness, Sent } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { describedAnswers } from './described-answers.js';
import { HULK, HULK_PATH, HULK_SCHEMA, storeHulk } from './hulk.js';
import { revisionOf, tagOf } from './tags.js';

const ROUTE = '/profiles/{customer_id}';
const { customer_id, Address, Phone, ...ATTRIBUTES } = HULK;
const PROTECTED = ['DOB', 'EmailAddress', 'Phone'];

const protect = <Definition extends { readonly name: string }>(definition: Definition) => ({
  ...definition,
  protected: PROTECTED.includes(definition.name),
});
const GUARDED: SchemaDefinition = {
  attributes: HULK_SCHEMA.attributes.map(protect),
  extensions: HULK_SCHEMA.extensions?.map(protect),
};

describeOnStorages('L2: protected members', (open) => {
  let harness: ApiHarness;
  const send = (method: string, path: string, sent?: Sent) => harness.send(method, path, sent);
  const stored = async () => (await send('GET', `${HULK_PATH}?extensions=*`)).body;
  const replace = (body: object, query = '', headers: Sent['headers'] = {}) =>
    send('PUT', `${HULK_PATH}${query}`, { body, headers });

  beforeEach(async () => {
    harness = await open();
    await storeHulk(harness);
    await harness.schemas.define('1', GUARDED);
  });

  it('are shown by the schema, and can be declared over HTTP', async () => {
    const { body } = await send('GET', '/metadata/profiles');
    expect(body.attributes).to.deep.include({ name: 'DOB', type: 'date', protected: true });
    const fax = { name: 'Fax', type: 'multi-valued', attributes: [], protected: true };
    expect((await send('POST', '/metadata/profiles/extensions', { body: fax })).body).to.deep.equal(fax);
    expect((await send('PUT', '/metadata/profiles', { body })).body.attributes).to.deep.equal(body.attributes);
  });

  it('loss_not_allowed: a replacement that clears them by leaving them out is a 409 with pointers and no values', async () => {
    const answer = await replace({ FirstName: 'Hulk', Address });
    expect([answer.status, answer.body.code]).to.deep.equal([409, 'loss_not_allowed']);
    expect(answer.body.pointers).to.deep.equal(['/DOB', '/EmailAddress', '/Phone']);
    expect(answer.text).not.to.match(/1962|example\.com|555/);
    (await describedAnswers(harness.send))('PUT', ROUTE, answer);
    expect(await stored()).to.deep.equal(HULK);
  });

  it('go by null, by [], and by their names in allow_loss', async () => {
    const { status } = await replace({ DOB: null, EmailAddress: [], Phone: [] });
    expect([status, await stored()]).to.deep.equal([200, { customer_id, Phone: [] }]);
    await send('POST', `${HULK_PATH}/history/1/restore`);
    const partly = await replace({ Address }, '?allow_loss=dob,%20Phone');
    expect([partly.status, partly.body.pointers]).to.deep.equal([409, ['/EmailAddress']]);
    expect((await replace({ Address }, '?allow_loss=DOB,EmailAddress,Phone,FirstName')).status).to.equal(200);
    expect(await stored()).to.deep.equal({ customer_id, Address, Phone: [] });
  });

  for (const query of ['allow_loss=Nope', 'allow_loss=*', 'allow_loss=DOB;Phone', 'allow_loss=DOB&allow_loss=Phone']) {
    it(`malformed_request: ?${query} is a 400, and changes nothing`, async () => {
      for (const [method, path] of [
        ['PUT', HULK_PATH],
        ['POST', `${HULK_PATH}/history/1/restore`],
      ] as const) {
        const answer = await send(method, `${path}?${query}`, method === 'PUT' ? { body: {} } : {});
        expect([answer.status, answer.body.code], path).to.deep.equal([400, 'malformed_request']);
      }
      expect(await stored()).to.deep.equal(HULK);
    });
  }

  it('R22: what a reading did not show is not cleared, hence not guarded', async () => {
    const tag = tagOf(await send('GET', `${HULK_PATH}?attributes=FirstName`));
    expect((await replace({ FirstName: 'Hulk' }, '', { 'if-match': tag })).status).to.equal(200);
    expect(await stored()).to.deep.equal({ ...HULK, FirstName: 'Hulk' });
    const shown = tagOf(await send('GET', `${HULK_PATH}?attributes=FirstName,DOB`));
    const { status, body } = await replace({ FirstName: 'Bruce' }, '', { 'if-match': shown });
    expect([status, body.pointers]).to.deep.equal([409, ['/DOB']]);
  });

  it('restoring a state without them is a 409, unless it is allowed', async () => {
    await send('POST', '/profiles', { body: { customer_id: 'thor', FirstName: 'Thor' } });
    await send('PUT', '/profiles/thor', { body: { DOB: '2000-01-01', Phone: { PhoneNumber: '1' } } });
    const restore = (query: string) => send('POST', `/profiles/thor/history/1/restore${query}`);
    const { status, body } = await restore('');
    expect([status, body.code, body.pointers]).to.deep.equal([409, 'loss_not_allowed', ['/DOB', '/Phone']]);
    expect((await restore('?allow_loss=DOB,Phone')).body).to.deep.equal({
      customer_id: 'thor',
      FirstName: 'Thor',
      Phone: [],
    });
  });

  it('a row of an import that would clear them is an error; allow_loss holds for every row', async () => {
    const raw = `{"customer_id":"${customer_id}","FirstName":"Hulk"}\n{"customer_id":"thor"}\n`;
    const importing = (query: string) =>
      send('POST', `/profiles/import?existing=replace${query}`, {
        raw,
        headers: { 'content-type': 'application/x-ndjson' },
      });
    const { body } = await importing('');
    expect(body).to.include({ created: 1, replaced: 0, failed: 1 });
    expect(body.errors[0]).to.deep.include({
      line: 1,
      code: 'loss_not_allowed',
      pointers: ['/DOB', '/EmailAddress'],
    });
    expect(await stored()).to.deep.equal(HULK);
    expect((await importing('&allow_loss=DOB,EmailAddress')).body).to.include({ replaced: 2, failed: 0 });
    expect((await importing('&allow_loss=Nope')).status).to.equal(400);
  });

  it('are not guarded against record operations, merging and deletion, which name what they take', async () => {
    const body = { PhoneNumber: '555-0100' };
    expect((await send('PUT', `${HULK_PATH}/extensions/Phone/delete/by/unique`, { body })).status).to.equal(204);
    await send('POST', '/profiles', { body: { customer_id: 'other' } });
    expect((await send('PUT', `/profiles/other/merge/${customer_id}`)).status).to.equal(204);
    expect((await send('DELETE', '/profiles/other')).status).to.equal(200);
  });

  it('lossGuard of the services protects every member', async () => {
    harness = await open({ services: { lossGuard: true } });
    await storeHulk(harness);
    const { DOB: _, ...rest } = ATTRIBUTES;
    const { status, body } = await replace(rest);
    expect([status, body.code, body.pointers]).to.deep.equal([409, 'loss_not_allowed', ['/DOB']]);
    expect((await replace({ ...ATTRIBUTES, Phone })).body.pointers).to.deep.equal(['/Address']);
    expect((await replace(ATTRIBUTES)).status).to.equal(200);
  });
});

describeOnStorages('L3, L4: conflicts', (open) => {
  let harness: ApiHarness;
  const send = (method: string, path: string, sent?: Sent) => harness.send(method, path, sent);
  const stored = async () => (await send('GET', `${HULK_PATH}?extensions=*`)).body;
  const read = async (query = '') => tagOf(await send('GET', `${HULK_PATH}${query}`));
  const replaceIf = (body: object, tag: string, query = '') =>
    send('PUT', `${HULK_PATH}${query}`, { body, headers: { 'if-match': tag } });
  /** What another caller does meanwhile. */
  const meanwhile = () => send('PUT', HULK_PATH, { body: { ...ATTRIBUTES, FirstName: 'Hulk', Phone: [] } });

  beforeEach(async () => {
    harness = await open();
    await storeHulk(harness);
  });

  it('L3: a 412 says what has changed since, and what of it the request changes too, by a reading or a revision', async () => {
    const tags = ['"1"', await read('?extensions=*')];
    await meanwhile();
    for (const tag of tags) {
      const answer = await replaceIf({ ...ATTRIBUTES, FirstName: 'Banner', LastName: 'B', Address, Phone }, tag);
      expect([answer.status, answer.body.code, answer.body.current_revision]).to.deep.equal([
        412,
        'revision_conflict',
        2,
      ]);
      expect(answer.body.changed).to.deep.equal(['/FirstName', '/Address', '/Phone']);
      expect(answer.body.conflicting).to.deep.equal(['/FirstName']);
      expect(answer.text).not.to.match(/Hulk|Bruce|Hollywood|555/);
      (await describedAnswers(harness.send))('PUT', ROUTE, answer);
    }
  });

  it('L3: the 412 of a deletion and of a merge says what has changed since, and nothing that conflicts', async () => {
    await send('POST', '/profiles', { body: { customer_id: 'other' } });
    const tags = ['"1"', await read('?attributes=LastName')];
    await meanwhile();
    for (const tag of tags) {
      for (const [method, path] of [
        ['DELETE', ''],
        ['PUT', '/merge/other'],
      ] as const) {
        const answer = await send(method, `${HULK_PATH}${path}`, { headers: { 'if-match': tag } });
        expect([answer.status, answer.body.code]).to.deep.equal([412, 'revision_conflict']);
        expect(answer.body.changed).to.deep.equal(['/FirstName', '/Address', '/Phone']);
        expect(answer.body).not.to.have.property('conflicting');
        (await describedAnswers(harness.send))(method, `${ROUTE}${path.replace('other', '{source_id}')}`, answer);
      }
    }
    expect(revisionOf(await send('GET', HULK_PATH))).to.equal(2);
  });

  it('L3: neither is there where the base is not known: of several tags, a foreign one, or without history', async () => {
    const tag = await read();
    await meanwhile();
    for (const unknown of ['"9"', '"1-x"', `"9", ${tag}`, `W/${tag}`]) {
      const { status, body } = await replaceIf({}, unknown);
      expect([status, body.code], unknown).to.deep.equal([412, 'revision_conflict']);
      expect(body, unknown).not.to.have.any.keys('changed', 'conflicting');
    }
    harness = await open({ services: { history: 'none' } });
    await storeHulk(harness);
    const former = await read();
    await meanwhile();
    expect((await replaceIf({}, former)).body).not.to.have.any.keys('changed', 'conflicting');
  });

  it('L4: rebase=yes carries a change over to a newer state that touches other members', async () => {
    for (const tag of [await read('?extensions=*'), '"1"']) {
      if (tag !== '"1"') await meanwhile();
      const answer = await replaceIf({ ...ATTRIBUTES, LastName: 'Ross', Address, Phone }, tag, '?rebase=yes');
      expect(answer.status).to.equal(200);
      expect(await stored()).to.deep.equal({
        customer_id,
        ...ATTRIBUTES,
        FirstName: 'Hulk',
        LastName: 'Ross',
        Phone: [],
      });
    }
    expect(revisionOf(await send('GET', HULK_PATH))).to.equal(3);
  });

  it('L4, R22: the answer shows what the reading showed and the body has, and is a reading of the newest state', async () => {
    const tag = await read('?attributes=LastName');
    await meanwhile();
    const answer = await replaceIf({ LastName: 'Ross' }, tag, '?rebase=yes');
    expect([answer.status, answer.body]).to.deep.equal([200, { customer_id, LastName: 'Ross' }]);
    expect(tagOf(answer)).to.equal(await read('?attributes=LastName'));
    expect((await stored()).FirstName).to.equal('Hulk');
  });

  it('L4: the conflict stands where both change the same member', async () => {
    const tag = await read();
    await meanwhile();
    const { status, body } = await replaceIf({ ...ATTRIBUTES, FirstName: 'Robert' }, tag, '?rebase=yes');
    expect([status, body.conflicting]).to.deep.equal([412, ['/FirstName']]);
    expect((await stored()).FirstName).to.equal('Hulk');
    // Both end with the same.
    expect((await replaceIf({ ...ATTRIBUTES, FirstName: 'Hulk' }, tag, '?rebase=yes')).status).to.equal(200);
  });

  it('L4: the conflict stands for a recreated profile, and where the base is not known', async () => {
    const tag = await read();
    await send('DELETE', HULK_PATH);
    await send('POST', '/profiles', { body: HULK });
    for (const base of [tag, '"1"', '"9"', tag.replace(/-[^.]+/, `-${'x'.repeat(12)}`)]) {
      expect((await replaceIf({ ...ATTRIBUTES, LastName: 'Ross' }, base, '?rebase=yes')).status, base).to.equal(412);
    }
    expect(await stored()).to.deep.equal(HULK);
  });

  it('L4: rebase=yes needs exactly one revision or reading; otherwise it is a 400', async () => {
    const tag = await read();
    for (const tags of [undefined, '*', `${tag}, "1"`, '"1", "2"', `W/${tag}`, '"1-x"', '']) {
      const headers: Sent['headers'] = tags === undefined ? {} : { 'if-match': tags };
      const answer = await send('PUT', `${HULK_PATH}?rebase=yes`, { body: {}, headers });
      expect([answer.status, answer.body.code], tags).to.deep.equal([400, 'malformed_request']);
      expect(answer.body.detail).to.include('If-Match');
    }
    for (const query of ['rebase=', 'rebase=true', 'rebase=yes&rebase=yes']) {
      expect((await replaceIf({}, tag, `?${query}`)).status, query).to.equal(400);
    }
    expect(await stored()).to.deep.equal(HULK);
  });
});
