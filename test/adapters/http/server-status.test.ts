import { expect } from 'chai';
import { StorageUnavailableError } from 'dossier';
import { createApiHarness } from './api-harness.js';
import { FailingRepository } from './failing-repository.js';

describe('W12: GET /server/status', () => {
  const rejectingAll = { authenticate: () => undefined, defaultTenant: undefined, onError: () => undefined };

  it('returns 200 if the storage is available, without a tenant and without credentials', async () => {
    const { send } = createApiHarness(rejectingAll);
    const { status, body } = await send('GET', '/server/status');
    expect(status).to.equal(200);
    expect(body).to.include({ status: 'ok', mode: 'production' });
    expect(body.version).to.match(/^\d+\.\d+\.\d+/);
    expect(Date.parse(body.started)).to.be.at.most(Date.parse(body.system_time));
    expect(Math.abs(Date.now() - Date.parse(body.system_time))).to.be.below(60_000);
    expect((await send('HEAD', '/server/status')).status).to.equal(200);
    expect((await send('GET', '/server/status', { headers: { 'x-genesys-tenantid': 'x' } })).status).to.equal(200);
  });

  for (const failure of [new StorageUnavailableError('The database is gone.'), new Error('secret'), 'secret']) {
    it(`returns 503 with Retry-After if the storage fails with ${typeof failure} ${String(failure).slice(0, 8)}`, async () => {
      const repository = new FailingRepository();
      const { send } = createApiHarness({ ...rejectingAll, repository });
      repository.failure = failure;
      const { status, headers, body, text } = await send('GET', '/server/status');
      expect([status, body.code]).to.deep.equal([503, 'storage_unavailable']);
      expect(headers.get('retry-after')).to.match(/^[1-9][0-9]*$/);
      expect(text).not.to.include('secret');
      repository.failure = undefined;
      expect((await send('GET', '/server/status')).status).to.equal(200);
    });
  }
});
