import { expect } from 'chai';
import { createApiHarness, type Send } from './api-harness.js';
import { HULK, HULK_PATH, storeHulk } from './hulk.js';
import { tagOf } from './tags.js';

describe('W4: GET /profiles/{id}', () => {
  const { Address, Phone, ...attributes } = HULK;
  let send: Send;

  beforeEach(async () => {
    const harness = createApiHarness();
    await storeHulk(harness);
    send = harness.send;
  });

  const extensionLists: Record<string, object> = {
    '': {},
    ',': {},
    Phone: { Phone },
    pHONE: { Phone },
    'Phone,Phone,phone': { Phone },
    'Phone,Address': { Address, Phone },
    ' Address , ,Phone,': { Address, Phone },
    '*': { Address, Phone },
    ' * ,': { Address, Phone },
  };
  for (const [list, extensions] of Object.entries(extensionLists)) {
    it(`extensions=${JSON.stringify(list)} returns ${Object.keys(extensions).join(' and ') || 'attributes only'}`, async () => {
      const { status, text } = await send('GET', `${HULK_PATH}?extensions=${encodeURIComponent(list)}`);
      // Compares text, since members are in the order of the schema.
      expect([status, text]).to.deep.equal([200, JSON.stringify({ ...attributes, ...extensions })]);
    });
  }

  it('returns no extension unless requested', async () => {
    const { status, headers, body } = await send('GET', HULK_PATH);
    expect([status, headers.get('content-type')]).to.deep.equal([200, 'application/json']);
    expect(body).to.deep.equal(attributes);
  });

  for (const list of ['Nope', 'Phone,Nope', 'FirstName', 'constructor', '__proto__', '*,Phone', 'Phone;Address', 'ſ']) {
    it(`extensions=${list} is a 404: the schema has no such extension`, async () => {
      const { status, body } = await send('GET', `${HULK_PATH}?extensions=${encodeURIComponent(list)}`);
      expect([status, body.code]).to.deep.equal([404, 'not_found']);
    });
  }

  const { customer_id, FirstName, LastName } = HULK;
  const attributeLists: Record<string, object> = {
    '': { customer_id },
    ',': { customer_id },
    FirstName: { customer_id, FirstName },
    fIRSTnAME: { customer_id, FirstName },
    ' LastName , ,FirstName,LastName': { customer_id, FirstName, LastName },
    '*': attributes,
    ' * ,': attributes,
  };
  for (const [list, expected] of Object.entries(attributeLists)) {
    it(`attributes=${JSON.stringify(list)} returns ${Object.keys(expected).join(', ')}`, async () => {
      const query = `attributes=${encodeURIComponent(list)}`;
      const { status, text } = await send('GET', `${HULK_PATH}?${query}`);
      expect([status, text]).to.deep.equal([200, JSON.stringify(expected)]);
      const { text: withPhone } = await send('GET', `${HULK_PATH}?${query}&extensions=Phone`);
      expect(withPhone).to.equal(JSON.stringify({ ...expected, Phone }));
    });
  }

  for (const list of ['Nope', 'FirstName,Nope', 'Phone', 'customer_id', 'constructor', '__proto__', '*,FirstName']) {
    it(`attributes=${list} is a 404: the schema has no such attribute`, async () => {
      const { status, body } = await send('GET', `${HULK_PATH}?attributes=${encodeURIComponent(list)}`);
      expect([status, body.code]).to.deep.equal([404, 'not_found']);
    });
  }

  for (const name of ['attributes', 'extensions']) {
    it(`refuses a repeated ${name} parameter`, async () => {
      const { status, body } = await send('GET', `${HULK_PATH}?${name}=Phone&${name}=Phone`);
      expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
    });
  }

  it('returns an extension without records as [] if it is multi-valued, and omits it if it is single-valued', async () => {
    await send('PUT', HULK_PATH, { body: { FirstName: 'Hulk', Phone: [] } });
    const { body } = await send('GET', `${HULK_PATH}?extensions=Address,Phone`);
    expect(body).to.deep.equal({ customer_id: HULK.customer_id, FirstName: 'Hulk', Phone: [] });
  });

  it('R15: is a 404 without the profile or without a schema', async () => {
    expect((await send('GET', '/profiles/nobody')).status).to.equal(404);
    expect((await send('GET', HULK_PATH, { headers: { 'x-genesys-tenantid': '2' } })).status).to.equal(404);
  });

  it('responds to HEAD as to GET, without the body', async () => {
    const answer = await send('HEAD', HULK_PATH);
    const tag = tagOf(await send('GET', HULK_PATH));
    expect([answer.status, tagOf(answer), answer.text]).to.deep.equal([200, tag, '']);
  });

  it('decodes a percent-encoded id', async () => {
    const encoded = `/profiles/%30${HULK.customer_id.slice(1)}`;
    expect((await send('GET', encoded)).body.customer_id).to.equal(HULK.customer_id);
  });
});
