import { expect } from 'chai';
import type { ChangeLine, ServiceOptions } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import { BRUCE, createServicesWithBruce, outcome, refusal, SCHEMA, TENANT } from '../../service-harness.js';

const { customerId } = BRUCE;
const FEED: ServiceOptions = { changes: true };

const withFeed = (options: ServiceOptions = {}) =>
  createServicesWithBruce(new InMemoryProfileRepository(), { ...FEED, ...options });

/** What the last lines say, beside their cursors and times. */
function told(items: readonly ChangeLine[], count: number) {
  return items.slice(-count).map(({ cursor: _, time: __, tenantId: ___, ...line }) => line);
}

describe('lines of the feed', () => {
  it('C1: every operation leaves a line with its operation, revision and pointers, and no value', async () => {
    const { profiles } = await withFeed();
    const { attributes } = BRUCE;
    const by = { actor: 'Zoë', reason: 'asked for', origin: 'crm' };
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: 'Secret' } }, by);
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: 'Secret' } });
    await profiles.patch(TENANT, customerId, { attributes: { Score: 3 }, extensions: { Address: null } });
    await profiles.insertRecords(TENANT, customerId, { Phone: [{ Number: '3' }] }, { segment: 'gold' });
    await profiles.updateRecord(TENANT, customerId, 'Phone', { Number: '3', Kind: 'work' });
    await profiles.deleteRecord(TENANT, customerId, 'Phone', { Number: '3' });
    await profiles.restore(TENANT, customerId, 1, { origin: 'desk' });
    await profiles.import(TENANT, [{ line: 1, customerId: 'clark', members: { FirstName: 'Clark' } }], {}, by);
    await profiles.merge(TENANT, customerId, 'clark', { ...by });
    await profiles.unmerge(TENANT, customerId, 'clark', { origin: 'crm' });
    await profiles.delete(TENANT, customerId, by);
    const { items } = await profiles.changes(TENANT, { limit: 1_000 });
    const all = ['/FirstName', '/LastName', '/Score', '/Email', '/Address', '/Phone'];
    const bruce = (revision: number, operation: string, changed: readonly string[]) => {
      return { customerId, revision, operation, changed };
    };
    expect(told(items, items.length)).to.deep.equal([
      bruce(1, 'create', all),
      { ...bruce(2, 'replace', ['/LastName']), ...by },
      bruce(3, 'patch', ['/Score', '/Address']),
      bruce(4, 'insert_records', ['/Phone', '/segment']),
      bruce(5, 'update_record', ['/Phone']),
      bruce(6, 'delete_record', ['/Phone']),
      { ...bruce(7, 'restore', ['/LastName', '/Score', '/Address', '/segment']), origin: 'desk' },
      { customerId: 'clark', revision: 1, operation: 'import', changed: ['/FirstName', '/Score'], ...by },
      {
        ...{ customerId: 'clark', revision: 2, operation: 'merge_away', changed: ['/FirstName', '/Score'] },
        ...{ counterpart: customerId, ...by },
      },
      { ...bruce(8, 'merge', []), counterpart: 'clark', ...by },
      { ...bruce(9, 'unmerge', []), counterpart: 'clark', origin: 'crm' },
      {
        ...{ customerId: 'clark', revision: 3, operation: 'unmerge', changed: ['/FirstName', '/Score'] },
        ...{ counterpart: customerId, origin: 'crm' },
      },
      { ...bruce(10, 'delete', all), ...by },
    ]);
    expect(JSON.stringify(items)).not.to.include('Secret');
  });

  it('C1: a schema change that changes profiles leaves their lines, with the names of the time', async () => {
    const { profiles, schemas } = await withFeed();
    await schemas.removeExtension(TENANT, 'Phone', { force: true });
    const { items } = await profiles.changes(TENANT);
    expect(told(items, 1)).to.deep.equal([
      { customerId, revision: 2, operation: 'schema_change', changed: ['/Phone'] },
    ]);
  });

  it('C1: a refused change, one that changes nothing, and a dry run leave no line', async () => {
    const { profiles } = await withFeed();
    const { next } = await profiles.changes(TENANT);
    await outcome(profiles.replace(TENANT, customerId, { attributes: {} }));
    await outcome(profiles.create(TENANT, BRUCE));
    const { attributes, extensions } = BRUCE;
    await profiles.replace(TENANT, customerId, { attributes, extensions });
    await profiles.dryRun(TENANT, (rehearsed) => rehearsed.delete(TENANT, customerId));
    expect((await profiles.changes(TENANT, { after: next })).items).to.deep.equal([]);
  });

  it('H1: without history as well, a profile created under the id of a deleted one goes on with its revisions', async () => {
    const { profiles } = await withFeed({ history: 'none' });
    await profiles.delete(TENANT, customerId);
    expect((await profiles.create(TENANT, BRUCE)).revision).to.equal(3);
    const { items } = await profiles.changes(TENANT);
    expect(items.map(({ revision }) => revision)).to.deep.equal([1, 2, 3]);
  });

  it('C4: an origin has 1 to 64 characters without control characters', async () => {
    const { profiles } = await withFeed();
    const patch = (origin: string) => profiles.patch(TENANT, customerId, { attributes: { Score: 4 } }, { origin });
    for (const origin of ['', 'a'.repeat(65), 'a\nb']) {
      const error = await refusal(patch(origin));
      expect(error).to.include({ code: 'malformed_request' });
      expect(error.message).to.include('`origin`');
    }
    await patch('\u{1f600}'.repeat(64));
    const [line] = (await profiles.changes(TENANT)).items.slice(-1);
    expect(line?.origin).to.equal('\u{1f600}'.repeat(64));
  });

  it('without the option there is no feed, and nothing is written for one', async () => {
    const { profiles, dossier, repository } = await createServicesWithBruce();
    for (const call of [profiles.changes(TENANT), dossier.changes(), dossier.tenant(TENANT).profiles.changes()]) {
      expect(await outcome(call)).to.equal('not_supported');
    }
    expect((await repository.changes?.(TENANT, { limit: 1 }))?.newest).to.equal(0);
    expect(await outcome(createServicesWithBruce(withoutFeed(), FEED))).to.equal('not_supported');
    for (const changes of ['all', 1, { days: 0 }, { days: 1, revisions: 2 }, null]) {
      const options = { changes } as unknown as ServiceOptions;
      expect(await outcome(createServicesWithBruce(undefined, options))).to.equal('invalid_options');
    }
  });
});

/** A repository that keeps no feed. */
function withoutFeed(): InMemoryProfileRepository {
  return Object.assign(new InMemoryProfileRepository(), { capabilities: { history: true } });
}

describe('the feed of a tenant', () => {
  it('C2: pages go on after their cursors, and those of a line as well', async () => {
    const { profiles } = await withFeed();
    for (const id of ['a', 'b', 'c', 'd']) await profiles.create(TENANT, { ...BRUCE, customerId: id });
    const { items } = await profiles.changes(TENANT);
    let after: string | undefined;
    for (const line of items) {
      const page = await profiles.changes(TENANT, { ...(after !== undefined && { after }), limit: 1 });
      expect(page).to.deep.equal({ items: [line], next: line.cursor });
      after = page.next;
    }
    expect(await profiles.changes(TENANT, { ...(after !== undefined && { after }) })).to.deep.equal({
      items: [],
      next: after,
    });
  });

  it('C2: a cursor is valid in its feed alone, and tells nothing of others', async () => {
    const { profiles, schemas, dossier } = await withFeed();
    const quiet = await profiles.changes(TENANT);
    await schemas.define('2', SCHEMA);
    for (const id of ['a', 'b', 'c']) await profiles.create('2', { ...BRUCE, customerId: id });
    await dossier.changes();
    await profiles.delete(TENANT, customerId);
    const [line] = (await profiles.changes(TENANT, { after: quiet.next })).items;
    // The same as if there were no other tenant.
    const alone = await withFeed();
    await alone.profiles.delete(TENANT, customerId);
    expect(line?.cursor).to.equal((await alone.profiles.changes(TENANT)).next);
    const all = await dossier.changes();
    expect(all.items.map(({ tenantId }) => tenantId).sort()).to.deep.equal(['1', '1', '2', '2', '2']);
    const own = quiet.next;
    const wrong = [
      ...[profiles.changes('2', { after: own }), dossier.changes({ after: own })],
      ...[profiles.changes(TENANT, { after: all.next }), profiles.changes(TENANT, { after: own.replace(/^./, '9') })],
      ...['', '1', 'nonsense', `${own} `, 7, null].map((after) => profiles.changes(TENANT, { after: after as string })),
    ];
    for (const call of wrong) expect(await outcome(call)).to.equal('malformed_request');
  });

  for (const options of [
    { limit: 0 },
    { limit: 1_001 },
    { wait: -1 },
    { wait: 61 },
    { wait: Number.NaN },
    { since: 1 },
  ]) {
    it(`malformed_request: ${JSON.stringify(options)}`, async () => {
      const { profiles } = await withFeed();
      expect(await outcome(profiles.changes(TENANT, options))).to.equal('malformed_request');
    });
  }

  it('C3: beyond retention, a cursor is refused with the newest position, and prune removes the lines', async () => {
    let day = 1;
    const now = () => new Date(day * 86_400_000);
    const { profiles, dossier, repository } = await withFeed({ changes: { days: 2 }, history: 'none', now });
    const first = await profiles.changes(TENANT, { limit: 1 });
    for (day = 2; day <= 5; day++) await profiles.patch(TENANT, customerId, { attributes: { Score: 10 + day } });
    day = 4.9;
    const expired = await refusal(profiles.changes(TENANT, { after: first.next }));
    expect(expired).to.include({ code: 'cursor_expired' });
    const { next } = expired as unknown as { next: string };
    expect((await profiles.changes(TENANT, { after: next })).items).to.deep.equal([]);
    const kept = await profiles.changes(TENANT);
    expect(kept.items.map(({ revision }) => revision)).to.deep.equal([3, 4, 5]);
    expect((await dossier.changes()).items.map(({ revision }) => revision)).to.deep.equal([3, 4, 5]);
    expect(await profiles.prune(TENANT)).to.equal(2);
    expect((await repository.changes?.(TENANT, { limit: 9 }))?.lines.length).to.equal(3);
    expect(await profiles.changes(TENANT)).to.deep.equal(kept);
    expect(await outcome(profiles.changes(TENANT, { after: first.next }))).to.equal('cursor_expired');
    day = 9;
    expect((await profiles.changes(TENANT)).items).to.deep.equal([]);
    expect(await outcome(profiles.changes(TENANT, { after: first.next }))).to.equal('cursor_expired');
    expect(await outcome(profiles.changes(TENANT, { after: next }))).to.equal('ok');
  });
});
