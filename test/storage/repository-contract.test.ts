import { expect } from 'chai';
import type { StorageUnavailableError } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository, StoredProfile } from 'dossier/storage';
import { BRUCE, createServices, createServicesWithBruce, outcome, refusal, TENANT } from '../service-harness.js';

const { customerId, attributes } = BRUCE;

/** A repository with one profile that breaks the contract in one method. */
async function brokenBy(faults: Partial<ProfileRepository>) {
  const inner = new InMemoryProfileRepository();
  await createServicesWithBruce(inner);
  const repository = new Proxy(inner as ProfileRepository, {
    get(target, name: keyof ProfileRepository) {
      const method = faults[name] ?? target[name];
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
  return createServices(repository);
}

const loaded = (changes: Partial<StoredProfile>) => async () => ({
  schemaVersion: 1,
  profile: { customerId, revision: 1, attributes: {}, extensions: {}, createdAt: '', updatedAt: '', ...changes },
});

async function fault(operation: Promise<unknown>): Promise<string> {
  return operation.then(
    () => 'none',
    (error: Error) => error.message,
  );
}

describe('services check the results of the repository', () => {
  it('R17 R20 a profile with another id is an error', async () => {
    for (const other of ['BRUCE', 'bruce ', 'clark']) {
      const { profiles } = await brokenBy({ load: loaded({ customerId: other }) });
      expect(await fault(profiles.get(TENANT, customerId))).to.match(/breaks the contract of ProfileRepository: load/);
    }
  });

  it('R13 a profile without a revision, or without a document, is an error', async () => {
    for (const wrong of [
      { revision: 0 },
      { revision: 1.5 },
      { revision: '1' as unknown as number },
      { attributes: undefined as unknown as object },
      { attributes: [] as unknown as object },
      { extensions: undefined },
    ]) {
      const { profiles } = await brokenBy({ load: loaded(wrong as Partial<StoredProfile>) });
      const got = profiles.get(TENANT, customerId, { extensions: 'all' });
      expect(await fault(got)).to.match(/breaks the contract of ProfileRepository: load/);
    }
  });

  it('R12 an unknown outcome is an error', async () => {
    for (const result of [{ outcome: 'done' }, { outcome: undefined }, { outcome: 'id_taken', index: 7 }]) {
      const { profiles } = await brokenBy({ commit: async () => result as never });
      const replaced = profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' } });
      expect(await fault(replaced)).to.match(/breaks the contract of ProfileRepository: commit/);
    }
    const { schemas } = await brokenBy({ commitSchema: async () => ({ outcome: 'done' }) as never });
    expect(await fault(schemas.define(TENANT, { attributes: [] }, { force: true }))).to.match(
      /breaks the contract of ProfileRepository: commitSchema/,
    );
  });

  it('E1 an erasure that counts what it cannot have removed is an error', async () => {
    for (const removed of [
      { profiles: 2, states: 0, entries: 0 },
      { profiles: 0, states: 0, entries: 0 },
      { profiles: 1, states: -1, entries: 0 },
      { profiles: 1, states: 0, entries: undefined as unknown as number },
    ]) {
      const { profiles } = await brokenBy({ erase: async () => ({ outcome: 'erased', removed }) });
      const erased = profiles.erase(TENANT, customerId);
      expect(await fault(erased)).to.match(/breaks the contract of ProfileRepository: erase/);
    }
    const other = { revision: 1, createdAt: '', updatedAt: '', exists: true, merged: [], customerId: 'clark' };
    const { profiles } = await brokenBy({ lineage: async () => other });
    expect(await fault(profiles.erase(TENANT, customerId))).to.match(/ProfileRepository: lineage/);
  });

  it('R12 a change that conflicts with every attempt fails as not made', async () => {
    const { profiles, state } = await brokenBy({
      commit: async () => ({ outcome: 'revision_changed', index: 0, revision: 1 }),
    });
    const before = await state();
    const replacing = profiles.replace(TENANT, customerId, { attributes: { ...attributes, FirstName: 'x' } });
    const { code, outcomeUnknown } = await refusal<StorageUnavailableError>(replacing);
    expect([code, outcomeUnknown]).to.deep.equal(['storage_unavailable', false]);
    expect(await state()).to.deep.equal(before);
  });

  it('R20 a malformed page is not passed on', async () => {
    const stored = (await loaded({})()).profile as StoredProfile;
    for (const wrong of [
      [stored],
      { profiles: [stored] },
      { profiles: [stored], more: 'no' },
      { profiles: [], more: true },
      {
        profiles: Array.from({ length: 201 }, (_, index) => ({ ...stored, customerId: `${1000 + index}` })),
        more: true,
      },
      { profiles: [stored, stored], more: false },
    ]) {
      const { profiles } = await brokenBy({ page: async () => wrong as never });
      const walking = (async () => {
        for await (const _ of profiles.all(TENANT));
      })();
      expect(await fault(walking)).to.match(/breaks the contract of ProfileRepository: page/);
    }
  });

  it('an error of the storage is rethrown unchanged', async () => {
    const broken = new Error('The disk is on fire.');
    const { profiles } = await brokenBy({ load: () => Promise.reject(broken) });
    expect(await profiles.get(TENANT, customerId).catch((error: unknown) => error)).to.equal(broken);
    expect(await outcome(profiles.ping())).to.equal('ok');
  });
});
