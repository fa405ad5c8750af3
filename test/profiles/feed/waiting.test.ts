import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { type ChangePage, StorageUnavailableError } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ChangesRequest } from 'dossier/storage';
import { BRUCE, createServicesWithBruce, outcome, TENANT } from '../../service-harness.js';

const { customerId } = BRUCE;

/** Counts how often the feed is read, and fails where told. */
class CountingRepository extends InMemoryProfileRepository {
  reads = 0;
  failing = false;

  override async changes(tenantId: string | undefined, request: ChangesRequest) {
    this.reads += 1;
    if (this.failing) throw new StorageUnavailableError('The store cannot be reached.');
    return super.changes(tenantId, request);
  }
}

async function atTheEnd() {
  const repository = new CountingRepository();
  const { profiles, dossier } = await createServicesWithBruce(repository, { changes: true });
  const { next: after } = await profiles.changes(TENANT);
  return { repository, profiles, dossier, after };
}

describe('waiting for lines', () => {
  it('C3: answers as soon as there is a line, or after so many seconds with none', async () => {
    const { profiles, dossier, after } = await atTheEnd();
    const waiting = [
      profiles.changes(TENANT, { after, wait: 30 }),
      dossier.changes({ wait: 30, after: (await dossier.changes()).next }),
    ];
    await profiles.delete(TENANT, customerId);
    for (const { items } of await Promise.all(waiting)) {
      expect(items.map(({ operation }) => operation)).to.deep.equal(['delete']);
    }
    const end = (await profiles.changes(TENANT)).next;
    expect(await profiles.changes(TENANT, { after: end, wait: 0.05 })).to.deep.equal({ items: [], next: end });
  });

  it('C3: a thousand readers wait by one poll, and each gets the line once', async () => {
    const { repository, profiles, after } = await atTheEnd();
    const waiting: Promise<ChangePage>[] = [];
    for (let reader = 0; reader < 1_000; reader++)
      waiting.push(profiles.changes(TENANT, { after, wait: 30, limit: 1 + (reader % 5) }));
    await setTimeout(20);
    const reads = repository.reads;
    await profiles.delete(TENANT, customerId);
    const pages = await Promise.all(waiting);
    expect(new Set(pages.map(({ items }) => items.map(({ revision }) => revision).join())).size).to.equal(1);
    expect(repository.reads - reads).to.be.below(5);
    const polled = repository.reads;
    await setTimeout(600);
    expect(repository.reads, 'reads while nobody waits').to.equal(polled);
  });

  it('ends with the reason of the signal, and others wait on', async () => {
    const { profiles, after } = await atTheEnd();
    const abort = new AbortController();
    const gone = profiles.changes(TENANT, { after, wait: 30, signal: abort.signal }).catch((error: unknown) => error);
    const other = profiles.changes(TENANT, { after, wait: 30 });
    await setTimeout(5);
    abort.abort('the client is gone');
    expect(await gone).to.equal('the client is gone');
    await profiles.delete(TENANT, customerId);
    expect((await other).items.length).to.equal(1);
  });

  it('storage_unavailable: all who wait are told, and can wait again', async () => {
    const { repository, profiles, after } = await atTheEnd();
    const waiting = [1, 2].map(() => outcome(profiles.changes(TENANT, { after, wait: 30 })));
    await setTimeout(5);
    repository.failing = true;
    expect(await Promise.all(waiting)).to.deep.equal(['storage_unavailable', 'storage_unavailable']);
    repository.failing = false;
    const again = profiles.changes(TENANT, { after, wait: 30 });
    await profiles.delete(TENANT, customerId);
    expect((await again).items.length).to.equal(1);
  });
});
