import { expect } from 'chai';
import type { ServerMode } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import { BRUCE, createServices, createServicesWithBruce, outcome, TENANT } from '../service-harness.js';

/** A repository that declares nothing: it keeps no history, and stores no mode. */
class PlainRepository extends InMemoryProfileRepository {
  override readonly capabilities = undefined as unknown as InMemoryProfileRepository['capabilities'];
}

describe('W14: the mode of the server', () => {
  it('W14: is production until it is set, and the same for all services over the storage', async () => {
    const one = createServices();
    const other = createServices(one.repository);
    expect(await other.profiles.serverMode()).to.equal('production');
    for (const mode of ['maintenance', 'maintenance', 'production'] as const) {
      await one.profiles.setServerMode(mode);
      expect(await other.profiles.serverMode()).to.equal(mode);
    }
  });

  it('W14: concerns HTTP alone: in maintenance, the services change profiles', async () => {
    const { profiles } = await createServicesWithBruce();
    await profiles.setServerMode('maintenance');
    await profiles.replace(TENANT, BRUCE.customerId, { attributes: { FirstName: 'B' } });
  });

  it('W14: of a repository that cannot store it, it is always production', async () => {
    const { profiles } = createServices(new PlainRepository());
    for (const mode of ['maintenance', 'production'] as const) {
      expect(await outcome(profiles.setServerMode(mode))).to.equal('not_supported');
    }
    expect(await profiles.serverMode()).to.equal('production');
  });

  it('W14: another text is no mode', async () => {
    const { profiles } = createServices();
    for (const mode of ['Maintenance', '', 'read-only', undefined, 1]) {
      expect(await outcome(profiles.setServerMode(mode as ServerMode))).to.equal('malformed_request');
    }
    expect(await profiles.serverMode()).to.equal('production');
  });

  it('W14: a repository that answers another text breaks its contract', async () => {
    const repository = new InMemoryProfileRepository();
    repository.loadServerMode = async () => 'closed' as ServerMode;
    const thrown = await createServices(repository)
      .profiles.serverMode()
      .catch((error: unknown) => error);
    expect(thrown)
      .to.have.property('message')
      .that.contains('breaks the contract of ProfileRepository: loadServerMode');
  });

  it('W14: a rehearsal reads the mode, and cannot set it', async () => {
    const { profiles } = await createServicesWithBruce();
    await profiles.dryRun(TENANT, async (rehearsing) => {
      expect(await rehearsing.serverMode()).to.equal('production');
      expect(await rehearsing.setServerMode('maintenance').catch(() => 'refused')).to.equal('refused');
    });
    expect(await profiles.serverMode()).to.equal('production');
  });
});
