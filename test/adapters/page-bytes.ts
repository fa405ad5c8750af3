import { expect } from 'chai';
import type { CreateChange, IndexEntry, ProfilePage, ProfileRepository } from 'dossier/storage';

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const IDS = Array.from('abcdefghijklmnopqrst');
const CITY: IndexEntry = { key: 'idCity', digest: '0'.repeat(64), unique: false };

/** Stores twenty profiles of 256 KiB, and walks over them with the largest limit by `page` and by `find`. */
export async function expectPagesBoundedByBytes(repository: ProfileRepository): Promise<void> {
  const schema = { attributes: [], extensions: [], identificationKeys: [] };
  for (const tenantId of ['1', '2']) await repository.commitSchema(tenantId, { expectedVersion: 0, schema });
  for (const id of IDS) await repository.commit('1', [creation(id)], { history: false });
  for (const [name, fetch] of Object.entries({
    page: (after?: string) => repository.page('1', { after, limit: 1000 }),
    find: (after?: string) => repository.find('1', CITY, { after, limit: 1000, extensions: true }),
  } satisfies Record<string, (after?: string) => Promise<ProfilePage>>)) {
    const sizes: number[] = [];
    const ids: string[] = [];
    for (let more = true; more; ) {
      const page = await fetch(ids.at(-1));
      ids.push(...page.profiles.map(({ customerId }) => customerId));
      sizes.push(Buffer.byteLength(JSON.stringify(page.profiles)));
      more = page.more;
    }
    expect(ids, name).to.deep.equal(IDS);
    // About 1 MiB. The memory counts characters, which are fewer than bytes, and SQLite the bytes of its own encoding.
    expect(Math.max(...sizes), name).to.be.within(MIB / 4, 2 * MIB);
  }
  // Without extensions, pages of about twice as many.
  const [bare, full] = await Promise.all([
    repository.find('1', CITY, { limit: 1000, extensions: false }),
    repository.find('1', CITY, { limit: 1000, extensions: true }),
  ]);
  expect(bare.profiles.length).to.be.above(full.profiles.length * 1.5);
  if (repository.capabilities?.history) await expectHistoryBoundedByBytes(repository);
  if (repository.capabilities?.changes) await expectFeedBoundedByBytes(repository);
}

/** Leaves twenty lines of 256 KiB, and walks over them with the largest limit: by their tenant, and by all. */
async function expectFeedBoundedByBytes(repository: ProfileRepository): Promise<void> {
  const line = {
    changed: Array.from({ length: 256 }, (_, index) => `/${String(index).padStart(3, '0')}${'n'.repeat(KIB)}`),
  };
  for (const id of IDS) {
    await repository.commit('2', [{ ...creation(id), attributes: {}, extensions: {}, addEntries: [], line }], {
      history: false,
      changes: true,
    });
  }
  for (const tenant of ['2', undefined]) {
    const ids: string[] = [];
    const counts: number[] = [];
    let after: number | undefined;
    for (let more = true; more; ) {
      const page = await repository.changes?.(tenant, { after, limit: 1000 });
      for (const { customerId, changed, position } of page?.lines ?? []) {
        ids.push(customerId);
        expect(changed).to.deep.equal(line.changed);
        after = position;
      }
      counts.push(page?.lines.length ?? 0);
      more = page?.more ?? false;
    }
    expect(ids.toSorted(), 'changes').to.deep.equal(IDS);
    expect(Math.max(...counts), 'changes').to.be.within(1, 4);
  }
}

/** Keeps twenty states of 256 KiB of one profile, and walks over them with the largest limit. */
async function expectHistoryBoundedByBytes(repository: ProfileRepository): Promise<void> {
  const [id = ''] = IDS;
  const { kind: _, ...content } = creation(id);
  const revisions = IDS.map((_id, index) => index + 1);
  for (const expectedRevision of revisions.slice(0, -1)) {
    const change = { ...content, kind: 'update' as const, expectedRevision, createdAt: content.at, removeEntries: [] };
    await repository.commit('1', [change], { history: true });
  }
  const sizes: number[] = [];
  const read: number[] = [];
  for (let more = true; more; ) {
    const page = await repository.history?.('1', id, { before: read.at(-1), limit: 1000 });
    read.push(...(page?.states ?? []).map(({ revision }) => revision));
    sizes.push(Buffer.byteLength(JSON.stringify(page?.states)));
    more = page?.more ?? false;
  }
  expect(read, 'history').to.deep.equal(revisions.toReversed());
  expect(Math.max(...sizes), 'history').to.be.within(MIB / 4, 2 * MIB);
}

/** Half of it attributes, half of it extensions, in characters of one and of four bytes. */
function creation(customerId: string): CreateChange {
  const text = `${'x'.repeat(64 * KIB - 100)}${'😀'.repeat(16 * KIB)}`;
  return {
    kind: 'create',
    metadata: { operation: 'create' },
    customerId,
    schemaVersion: 1,
    attributes: { Text: text },
    extensions: { Log: [{ Text: text }] },
    at: '2024-02-29T12:00:00.000Z',
    addEntries: [CITY],
  };
}
