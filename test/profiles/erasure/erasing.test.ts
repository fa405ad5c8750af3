import { expect } from 'chai';
import { InMemoryProfileRepository } from 'dossier/memory';
import { BRUCE, createServicesWithBruce, outcome, TENANT } from '../../service-harness.js';
import { erasureTests } from './erasing.js';

describe('ProfileService: erase, in memory (E1, E2)', () => {
  erasureTests(async () => new InMemoryProfileRepository());

  it('E1 is not supported where the repository does not declare it', async () => {
    class WithoutErasure extends InMemoryProfileRepository {
      override readonly capabilities = { history: true } as InMemoryProfileRepository['capabilities'];
    }
    const { profiles } = await createServicesWithBruce(new WithoutErasure());
    expect(await outcome(profiles.erase(TENANT, BRUCE.customerId))).to.equal('not_supported');
    expect(await outcome(profiles.erasure(TENANT, BRUCE.customerId))).to.equal('not_supported');
    await profiles.delete(TENANT, BRUCE.customerId);
    expect(await outcome(profiles.restore(TENANT, BRUCE.customerId, 1))).to.equal('ok');
  });

  it('E1 names the options and texts that are not valid', async () => {
    const { profiles } = await createServicesWithBruce();
    const erase = (options: object) => outcome(profiles.erase(TENANT, BRUCE.customerId, options));
    for (const options of [{ actor: '' }, { reason: 'a\nb' }, { ifRevison: 1 }, { ifRevision: 'x' }]) {
      expect(await erase(options)).to.equal('malformed_request');
    }
    const created = profiles.create(TENANT, { ...BRUCE, customerId: 'new' }, { afterErasure: '' });
    expect(await outcome(created)).to.equal('malformed_request');
  });
});
