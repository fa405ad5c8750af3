import { expect } from 'chai';
import { createApiHarness } from './api-harness.js';
import { HULK, HULK_PATH, HULK_SCHEMA, storeHulk } from './hulk.js';
import { revisionOf } from './tags.js';

describe('HTTP: tenants and segments', () => {
  describe('W1: X-Genesys-TenantId', () => {
    it('defaults to the default tenant', async () => {
      const { schemas, send } = createApiHarness({ defaultTenant: '7' });
      await schemas.define('7', HULK_SCHEMA);
      expect((await send('GET', '/metadata/profiles')).status).to.equal(200);
    });

    it('is required without a default tenant: 400', async () => {
      const { send } = createApiHarness({ defaultTenant: undefined });
      const { status, body } = await send('GET', '/metadata/profiles');
      expect(status).to.equal(400);
      expect(body.code).to.equal('malformed_request');
    });

    it('accepts 1 to 18 digits, and ignores leading zeros', async () => {
      const harness = createApiHarness({ defaultTenant: undefined });
      await harness.schemas.define('1', HULK_SCHEMA);
      await harness.schemas.define('0', HULK_SCHEMA);
      await harness.schemas.define('999999999999999999', HULK_SCHEMA);
      for (const tenant of ['1', '01', '000000000000000001', '0', '000', '999999999999999999']) {
        const headers = { 'x-genesys-tenantid': tenant };
        expect((await harness.send('GET', '/metadata/profiles', { headers })).status, tenant).to.equal(200);
      }
    });

    it('refuses any other value, even with a default tenant', async () => {
      const harness = createApiHarness();
      await storeHulk(harness);
      for (const tenant of ['', '-1', '+1', '1.0', '1e0', '0x1', 'one', '1, 1', '1 1', '1000000000000000000', '١']) {
        const headers = { 'x-genesys-tenantid': encodeURIComponent(tenant) === tenant ? tenant : toLatin1(tenant) };
        const { status, body, text } = await harness.send('GET', HULK_PATH, { headers });
        expect([status, body.code], tenant).to.deep.equal([400, 'malformed_request']);
        expect(text).not.to.include('Bruce');
      }
    });

    it('R17: isolates tenants from each other', async () => {
      const harness = createApiHarness();
      await storeHulk(harness);
      await harness.schemas.define('2', HULK_SCHEMA);
      const headers = { 'x-genesys-tenantid': '2' };
      const body = { FirstName: 'Loki' };
      expect((await harness.send('GET', HULK_PATH, { headers })).status).to.equal(404);
      expect((await harness.send('PUT', HULK_PATH, { headers, body })).status).to.equal(404);
      expect((await harness.send('DELETE', HULK_PATH, { headers })).status).to.equal(404);
      expect((await harness.send('POST', '/profiles', { headers, body: { ...HULK, ...body } })).status).to.equal(201);
      expect((await harness.send('GET', `${HULK_PATH}?extensions=*`)).body).to.deep.equal(HULK);
    });

    it('R17: prevents caches from sharing responses between tenants', async () => {
      const harness = createApiHarness();
      await storeHulk(harness);
      for (const path of [HULK_PATH, '/profiles/nobody', '/nowhere']) {
        const { headers } = await harness.send('GET', path);
        expect(headers.get('vary'), path).to.include('x-genesys-tenantid');
        expect(headers.get('cache-control'), path).to.equal('private, no-cache, no-transform');
      }
    });
  });

  describe('W1: X-Genesys-Segment', () => {
    const trusted = { authenticate: () => ({ name: 'router', role: 'writer', maySetSegment: true }) as const };
    const gold = { 'x-genesys-segment': 'gold' };

    it('is stored from a trusted caller, and returned in the header, never in the body', async () => {
      const harness = createApiHarness(trusted);
      await harness.schemas.define('1', HULK_SCHEMA);
      const created = await harness.send('POST', '/profiles', { body: HULK, headers: gold });
      const got = await harness.send('GET', HULK_PATH);
      const replaced = await harness.send('PUT', HULK_PATH, { body: { FirstName: 'Hulk' }, headers: gold });
      for (const answer of [created, got, replaced]) {
        expect(answer.headers.get('x-genesys-segment')).to.equal('gold');
        expect(answer.text).not.to.include('gold');
      }
      expect((await harness.profiles.get('1', HULK.customer_id)).segment).to.equal('gold');
    });

    it('changes only with a request that has it', async () => {
      const harness = createApiHarness(trusted);
      await harness.schemas.define('1', HULK_SCHEMA);
      await harness.send('POST', '/profiles', { body: HULK, headers: gold });
      const without = await harness.send('PUT', HULK_PATH, { body: { FirstName: 'Hulk' } });
      expect(without.headers.get('x-genesys-segment')).to.equal('gold');
      const headers = { 'x-genesys-segment': 'silver' };
      const changed = await harness.send('PUT', HULK_PATH, { body: { FirstName: 'Hulk' }, headers });
      expect(changed.headers.get('x-genesys-segment')).to.equal('silver');
      expect(revisionOf(changed)).to.equal(3);
    });

    it('is ignored from other callers, even if it is not valid', async () => {
      for (const options of [{}, { authenticate: () => ({ name: 'agent', role: 'writer' }) as const }]) {
        const harness = createApiHarness(options);
        await storeHulk(harness);
        for (const segment of ['gold', 'x'.repeat(65)]) {
          const headers = { 'x-genesys-segment': segment };
          const answer = await harness.send('PUT', HULK_PATH, { body: { FirstName: 'Hulk' }, headers });
          expect(answer.status).to.equal(200);
          expect(answer.headers.has('x-genesys-segment')).to.equal(false);
        }
      }
    });

    it('has at most 64 characters', async () => {
      const harness = createApiHarness(trusted);
      await storeHulk(harness);
      for (const [length, status] of [
        [64, 200],
        [65, 400],
      ] as const) {
        const headers = { 'x-genesys-segment': 'x'.repeat(length) };
        expect((await harness.send('PUT', HULK_PATH, { body: {}, headers })).status).to.equal(status);
      }
    });
  });
});

/** Encodes a header value, since the Headers class accepts bytes only. */
function toLatin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}
