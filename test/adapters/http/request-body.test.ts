import { expect } from 'chai';
import { InMemoryProfileRepository } from 'dossier/memory';
import { createApiHarness, type Send, senderTo } from './api-harness.js';
import { HULK, HULK_PATH, storeHulk } from './hulk.js';

describe('HTTP: request bodies', () => {
  let send: Send;

  beforeEach(async () => {
    const harness = createApiHarness({ maxBodyBytes: 1000 });
    await storeHulk(harness);
    send = harness.send;
  });

  describe('W2: Content-Type', () => {
    for (const type of [
      'application/json',
      'Application/JSON',
      'application/json;charset=utf-8',
      'application/json ; Charset=UTF-8',
      'application/json; charset="utf-8"',
      'application/json;',
    ]) {
      it(`accepts ${type}`, async () => {
        const { status } = await send('PUT', HULK_PATH, { body: {}, headers: { 'content-type': type } });
        expect(status).to.equal(200);
      });
    }

    for (const type of [
      '',
      'text/plain',
      'application/jsonp',
      'application/merge-patch+json',
      'application/json; charset=iso-8859-1',
      'application/json; version=2',
      'application/json, application/json',
      'text/html;application/json',
    ]) {
      it(`refuses ${type || 'an empty value'} with 415`, async () => {
        const { status, body } = await send('PUT', HULK_PATH, { body: {}, headers: { 'content-type': type } });
        expect([status, body.code]).to.deep.equal([415, 'unsupported_media_type']);
      });
    }

    it('refuses a request without Content-Type and without a body with 415', async () => {
      expect((await send('PUT', HULK_PATH)).status).to.equal(415);
    });

    it('refuses a content coding with 415', async () => {
      const coded = await send('PUT', HULK_PATH, { body: {}, headers: { 'content-encoding': 'gzip' } });
      const plain = await send('PUT', HULK_PATH, { body: {}, headers: { 'content-encoding': 'identity' } });
      expect([coded.status, plain.status]).to.deep.equal([415, 200]);
    });
  });

  describe('W2: customer_id', () => {
    it('may be in the body of a replacement if it equals the id in the URL', async () => {
      const body = { customer_id: HULK.customer_id, FirstName: 'Hulk' };
      const answer = await send('PUT', HULK_PATH, { body });
      expect([answer.status, answer.body]).to.deep.equal([200, body]);
    });

    for (const id of ['00027A52JCGY000M', '', 'other', null, 27, ['00027a52JCGY000M'], { id: 'x' }]) {
      it(`is a 400 if it is ${JSON.stringify(id)}`, async () => {
        const { status, body } = await send('PUT', HULK_PATH, { body: { customer_id: id, FirstName: 'Hulk' } });
        expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
        expect((await send('GET', HULK_PATH)).body.FirstName).to.equal('Bruce');
      });
    }

    for (const id of ['', 'a b', 'a/b', 'é', 'x'.repeat(65), null, 27]) {
      it(`refuses to create a profile with the id ${JSON.stringify(id)}`, async () => {
        const { status, body } = await send('POST', '/profiles', { body: { customer_id: id } });
        expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
      });
    }
  });

  describe('malformed_request: a body that is not a JSON object', () => {
    const cases: Record<string, NonNullable<RequestInit['body']>> = {
      'an empty body': '',
      'invalid JSON': '{"FirstName": }',
      'two JSON texts': '{} {}',
      'a comment': '{} // nothing',
      NaN: '{"FirstName": NaN}',
      null: 'null',
      'a string': '"Bruce"',
      'a number': '1',
      'an array': '[{"FirstName": "Hulk"}]',
      'invalid UTF-8': new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      'UTF-16': Buffer.from('{"FirstName": "Hulk"}', 'utf16le'),
      'a lone surrogate in UTF-8': new Uint8Array([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
      'R2: a repeated member': '{"FirstName": "a", "FirstName": "b"}',
      'R2: a repeated member in escaped characters': '{"FirstName": "a", "\\u0046irstName": "b"}',
      'R2: a repeated member in a record': '{"Address": {"City": "a", "City": "b"}}',
      'R2: a repeated customer_id': `{"customer_id": "${HULK.customer_id}", "customer_id": "${HULK.customer_id}"}`,
      'a document nested too deeply': `{"FirstName": ${'['.repeat(400)}${']'.repeat(400)}}`,
    };
    for (const [name, raw] of Object.entries(cases)) {
      it(`refuses ${name}, and changes nothing`, async () => {
        const { status, body } = await send('PUT', HULK_PATH, { raw });
        expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
        expect((await send('GET', `${HULK_PATH}?extensions=*`)).body).to.deep.equal(HULK);
      });
    }

    it('ignores a byte-order mark', async () => {
      expect((await send('PUT', HULK_PATH, { raw: '\uFEFF{"FirstName": "Hulk"}' })).status).to.equal(200);
    });
  });

  describe('too_large', () => {
    const bodyOf = (bytes: number) => `{"FirstName": "Hulk"}${' '.repeat(bytes - 21)}`;

    it('accepts a body of exactly the limit', async () => {
      expect((await send('PUT', HULK_PATH, { raw: bodyOf(1000) })).status).to.equal(200);
    });

    it('refuses one byte more, and returns the limit', async () => {
      const { status, body } = await send('PUT', HULK_PATH, { raw: bodyOf(1001) });
      expect([status, body.code, body.limit]).to.deep.equal([413, 'too_large', 1000]);
    });

    it('counts bytes, not characters', async () => {
      const raw = JSON.stringify({ FirstName: '€'.repeat(330) });
      expect(raw.length).to.be.below(1000);
      expect((await send('PUT', HULK_PATH, { raw })).status).to.equal(413);
    });

    it('is also the error for a profile over maxProfileBytes', async () => {
      const harness = createApiHarness({ services: { maxProfileBytes: 1024 } });
      await storeHulk(harness);
      const EmailAddress = Array.from({ length: 100 }, () => 'bruce.banner@example.com');
      const { status, body } = await harness.send('PUT', HULK_PATH, { body: { EmailAddress } });
      expect([status, body.code, body.limit]).to.deep.equal([413, 'too_large', 1024]);
    });
  });

  it('R2: an object of more than maxObjectMembers is a 400 that names the option, and a failed row of an import', async () => {
    const repository = new InMemoryProfileRepository();
    await storeHulk(createApiHarness({ repository }));
    const harness = createApiHarness({ repository, maxObjectMembers: 2 });
    const raw = '{"FirstName":"Hulk","LastName":null,"EmailAddress":null}';
    const { status, body } = await harness.send('PUT', HULK_PATH, { raw });
    expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
    expect(body.detail).to.include('more than 2 members (option `maxObjectMembers`)');
    expect((await harness.send('PUT', HULK_PATH, { body: { FirstName: 'Hulk', LastName: null } })).status).to.equal(
      200,
    );
    const headers = { 'content-type': 'application/x-ndjson' };
    const imported = await harness.send('POST', '/profiles/import', { raw: `${raw}\n{}\n`, headers });
    expect(imported.body).to.deep.include({ rows: 2, created: 1, failed: 1 });
    expect(imported.body.errors[0].detail).to.include('`maxObjectMembers`');
  });

  // A client over a socket cannot test this: it sends the true length, and buffers.
  describe('in process', () => {
    let sendDirectly: Send;

    beforeEach(async () => {
      const harness = createApiHarness({ maxBodyBytes: 1000 });
      await storeHulk(harness);
      sendDirectly = senderTo(harness.api);
    });

    it('refuses a declared length over the limit without reading', async () => {
      let pulled = 0;
      const pull = () => {
        pulled += 1;
      };
      const raw = new ReadableStream({ pull }, { highWaterMark: 0 });
      const { status } = await sendDirectly('PUT', HULK_PATH, { raw, headers: { 'content-length': '1001' } });
      expect([status, pulled]).to.deep.equal([413, 0]);
    });

    it('stops reading an endless body at the limit', async () => {
      let cancelled = false;
      const raw = new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(300)),
        cancel: () => {
          cancelled = true;
        },
      });
      const { status } = await sendDirectly('PUT', HULK_PATH, { raw });
      expect([status, cancelled]).to.deep.equal([413, true]);
    });

    /** Sends one byte each 20 ms, for ever. */
    const trickle = () =>
      new ReadableStream({
        pull: async (controller) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          controller.enqueue(new TextEncoder().encode(' '));
        },
      });

    it('request_timeout: refuses a body that trickles, also of an import', async () => {
      const options = { bodyTimeoutMs: 100, minBodyRate: 1_000 };
      const { api, schemas } = createApiHarness(options);
      await schemas.define('1', { attributes: [] });
      const send = senderTo(api);
      const csv = { 'content-type': 'text/csv' };
      for (const [method, path, headers] of [
        ['PUT', '/profiles/x', {}],
        ['POST', '/profiles/import', csv],
      ] as const) {
        const { status, body } = await send(method, path, { raw: trickle(), headers });
        expect([status, body.code], path).to.deep.equal([408, 'request_timeout']);
      }
    });

    it('request_timeout: bytes that have arrived buy time, and the time of the server does not count', async () => {
      const slow = (chunks: number) =>
        new ReadableStream({
          pull: async (controller) => {
            await new Promise((resolve) => setTimeout(resolve, 30));
            if (chunks === 0) return controller.close();
            chunks -= 1;
            controller.enqueue(new Uint8Array(1_000).fill(32));
          },
        });
      const { api } = createApiHarness({ bodyTimeoutMs: 200, minBodyRate: 1_000 });
      const { status } = await senderTo(api)('PUT', '/profiles/x', { raw: slow(12) });
      expect(status).to.equal(400);
    });

    it('returns 400, not 500, for an incomplete body', async () => {
      const raw = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
      expect((await sendDirectly('PUT', HULK_PATH, { raw })).status).to.equal(400);
    });
  });
});
