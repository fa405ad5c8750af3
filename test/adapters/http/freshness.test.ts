import { expect } from 'chai';
import { replicatedStore } from '../../profiles/lagging-replica.js';
import { createApiHarness, senderTo } from './api-harness.js';
import { revisionOf, tagOf } from './tags.js';

const NAMES = { attributes: [{ name: 'FirstName', type: 'string' }] } as const;
const KEY = { identificationKeys: [{ name: 'byName', attributes: ['FirstName'] }] };

describe('HTTP: services with a replica', () => {
  it('W3 W4 W6 reads use the replica, but not with Cache-Control: no-cache', async () => {
    const { primary, replica, catchUp } = replicatedStore();
    const { api, schemas, profiles } = createApiHarness({ repository: primary, services: { replica } });
    // In process: `fetch` adds the header to conditional requests.
    const send = senderTo(api);
    await schemas.define('1', { ...NAMES, ...KEY });
    await profiles.create('1', { customerId: 'bruce', attributes: { FirstName: 'Bruce' } });
    await catchUp();
    const written = await send('PUT', '/profiles/bruce', { body: { FirstName: 'Robert' } });

    const read = async (cacheControl?: string) => {
      const headers = cacheControl === undefined ? {} : { 'cache-control': cacheControl };
      const got = await send('GET', '/profiles/bruce', { headers });
      const known = await send('GET', '/profiles/bruce', { headers: { ...headers, 'if-none-match': tagOf(written) } });
      const found = await send('GET', '/profiles?FirstName=Robert', { headers });
      return [got.body.FirstName, revisionOf(got), known.status, found.body.length];
    };
    const old = ['Bruce', 1, 200, 0];
    const fresh = ['Robert', 2, 304, 1];
    for (const header of [undefined, 'max-age=60', 'x-no-cache']) expect(await read(header)).to.deep.equal(old);
    for (const header of ['no-cache', 'max-age=0, No-Cache']) expect(await read(header)).to.deep.equal(fresh);
    await catchUp();
    expect(await read()).to.deep.equal(fresh);
  });
});
