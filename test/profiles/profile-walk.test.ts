import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { createServicesWithBruce, outcome, TENANT } from '../service-harness.js';

const PAGES = 5;

describe('ProfileService: all', () => {
  it('starts after a customer id, and refuses any other value', async () => {
    const { profiles } = await createServicesWithBruce();
    await profiles.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Clark' } });
    const idsAfter = async (after: string | undefined) => {
      const ids: string[] = [];
      for await (const { customerId } of profiles.all(TENANT, { after })) ids.push(customerId);
      return ids;
    };
    expect(await idsAfter(undefined)).to.deep.equal(['bruce', 'clark']);
    expect(await idsAfter('bruce')).to.deep.equal(['clark']);
    for (const wrong of ['', 'a b', 'a\0', 1, null]) {
      expect(await outcome(idsAfter(wrong as string)), String(wrong)).to.equal('malformed_request');
    }
  });

  it('R21 yields to the event loop after each page, even on an in-memory storage', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    const attributes = { FirstName: 'Bruce' };
    await profiles.createMany(
      TENANT,
      Array.from({ length: PAGES * 200 }, () => ({ attributes })),
    );
    const walks: Record<string, () => Promise<unknown>> = {
      'backfilling a key': () => schemas.addKey(TENANT, { name: 'byName', attributes: ['FirstName'] }),
      'reading all': async () => {
        for await (const profile of profiles.all(TENANT)) expect(profile.tenantId).to.equal(TENANT);
      },
    };
    for (const [walk, run] of Object.entries(walks)) {
      let ended = false;
      const end = run().finally(() => {
        ended = true;
      });
      let turns = 0;
      for (; !ended; turns++) await setImmediate();
      await end;
      expect(turns, walk).to.be.at.least(PAGES);
    }
  });
});
