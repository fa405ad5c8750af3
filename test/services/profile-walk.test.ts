import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { createServicesWithBruce, TENANT } from './service-harness.js';

const PAGES = 5;

describe('walks over all profiles', () => {
  it('R21 give others their turn after each page, also where the storage needs none', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    const attributes = { FirstName: 'Bruce' };
    await profiles.createMany(
      TENANT,
      Array.from({ length: PAGES * 200 }, () => ({ attributes })),
    );
    const walks: Record<string, () => Promise<unknown>> = {
      'filling a key': () => schemas.addKey(TENANT, { name: 'byName', attributes: ['FirstName'] }),
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
