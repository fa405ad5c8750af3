import { expect } from 'chai';
import type {
  ChangeLine,
  NotFoundError,
  Profile,
  ProfileService,
  RevisionConflictError,
  ServiceOptions,
} from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import { BRUCE, createServices, outcome, refusal, SCHEMA, TENANT } from '../../service-harness.js';

const { customerId } = BRUCE;

/** What an erasure is (E1, E2), by the library, over one kind of storage. */
export function erasureTests(newRepository: () => Promise<ProfileRepository>): void {
  async function open(options?: ServiceOptions) {
    const services = createServices(await newRepository(), options);
    await services.schemas.define(TENANT, SCHEMA);
    await services.schemas.addKey(TENANT, { name: 'byName', attributes: ['LastName'] });
    await services.schemas.addKey(TENANT, { name: 'byEmail', attributes: ['Email'], unique: true });
    await services.profiles.create(TENANT, BRUCE);
    const create = (id: string, attributes: object = {}) =>
      services.profiles.create(TENANT, { customerId: id, attributes: { FirstName: id, ...attributes } });
    return { ...services, create };
  }

  it('E1 removes the profile, its former states and its entries, and counts them in the receipt', async () => {
    const { profiles } = await open();
    await profiles.patch(TENANT, customerId, { attributes: { LastName: 'Smash' } });
    await profiles.delete(TENANT, customerId);
    await profiles.restore(TENANT, customerId, 1);
    const receipt = await profiles.erase(TENANT, customerId, { actor: 'ann', reason: 'Request 4711' });
    const { erasure, time, ...others } = receipt;
    expect(others).to.deep.equal({
      repeated: false,
      customerId,
      actor: 'ann',
      reason: 'Request 4711',
      customerIds: [customerId],
      // The states of revisions 1 to 3; the name and two addresses.
      removed: { profiles: 1, states: 3, entries: 3 },
    });
    expect(erasure).to.match(/^[\w-]{36}$/);
    expect(new Date(time).toISOString()).to.equal(time);
    for (const values of [{ LastName: 'Banner' }, { Email: 'a@example.com' }]) {
      expect((await profiles.identify(TENANT, { values })).items).to.deep.equal([]);
    }
    expect(await allOf(profiles, TENANT)).to.deep.equal([]);
  });

  it('E2 nothing is found of an erased customer id, and erasing it again answers the same receipt', async () => {
    const { profiles } = await open();
    const receipt = await profiles.erase(TENANT, customerId, { reason: 'Request 4711' });
    const again = await profiles.erase(TENANT, customerId, { reason: 'once more' });
    expect(again).to.deep.equal({ ...receipt, repeated: true });
    expect({ ...(await profiles.erasure(TENANT, customerId)), repeated: false }).to.deep.equal(receipt);
    for (const call of [
      () => profiles.get(TENANT, customerId),
      () => profiles.history(TENANT, customerId),
      () => profiles.at(TENANT, customerId, 1),
      () => profiles.at(TENANT, customerId, 2),
      () => profiles.replace(TENANT, customerId, { attributes: BRUCE.attributes }),
      () => profiles.delete(TENANT, customerId),
    ]) {
      expect(await outcome(call())).to.equal('not_found');
    }
  });

  it('E1 an id of which nothing is kept is not found', async () => {
    const { profiles } = await open();
    expect(await outcome(profiles.erase(TENANT, 'nobody'))).to.equal('not_found');
    expect(await outcome(profiles.erase(TENANT, 'no id'))).to.equal('not_found');
    expect(await outcome(profiles.erase('2', customerId))).to.equal('not_found');
    expect(await outcome(profiles.erasure(TENANT, customerId))).to.equal('not_found');
  });

  it('E1 erases a profile that was deleted', async () => {
    const { profiles } = await open();
    await profiles.delete(TENANT, customerId);
    const { removed } = await profiles.erase(TENANT, customerId);
    expect(removed).to.deep.equal({ profiles: 0, states: 1, entries: 0 });
    expect(await outcome(profiles.restore(TENANT, customerId, 1))).to.equal('erased');
  });

  it('E1 erases what was merged into the profile as well, transitively, and also where history was pruned', async () => {
    const { profiles, create } = await open({ history: { revisions: 1 } });
    for (const id of ['a', 'b', 'c', 'other']) await create(id, { LastName: id });
    await profiles.merge(TENANT, 'b', 'a');
    await profiles.merge(TENANT, customerId, 'b');
    await profiles.merge(TENANT, 'other', 'c');
    for (const Score of [11, 12, 13]) await profiles.patch(TENANT, customerId, { attributes: { Score } });
    await profiles.prune(TENANT);
    const receipt = await profiles.erase(TENANT, customerId);
    expect(receipt.customerIds).to.deep.equal(['a', 'b', customerId]);
    expect(receipt.removed).to.deep.include({ profiles: 1, states: 3 });
    for (const id of ['a', 'b']) {
      const error = await refusal<NotFoundError>(profiles.get(TENANT, id));
      expect([error.code, error.mergedInto]).to.deep.equal(['not_found', undefined]);
      expect((await profiles.erasure(TENANT, id)).erasure).to.equal(receipt.erasure);
      expect(await outcome(profiles.unmerge(TENANT, customerId, id))).to.equal('erased');
    }
    expect((await refusal<NotFoundError>(profiles.get(TENANT, 'c'))).mergedInto).to.equal('other');
  });

  for (const operation of ['unmerge', 'restore'] as const) {
    it(`E1 what was merged into it and came back by ${operation} is left alone`, async () => {
      const { profiles, create, state } = await open();
      await create('back');
      await profiles.merge(TENANT, customerId, 'back');
      if (operation === 'unmerge') await profiles.unmerge(TENANT, customerId, 'back');
      else await profiles.restore(TENANT, 'back', 1);
      const { customerIds } = await profiles.erase(TENANT, customerId);
      expect(customerIds).to.deep.equal([customerId]);
      expect((await state('back')).attributes.FirstName).to.equal('back');
      expect((await profiles.history(TENANT, 'back')).items).to.have.length(3);
    });
  }

  it('E1 of an id that was merged into it and has another profile since, the former states of the person go alone', async () => {
    const { profiles, create, state } = await open();
    for (const id of ['used', 'before', 'since']) await create(id, { LastName: id });
    await profiles.merge(TENANT, 'used', 'before');
    await profiles.merge(TENANT, customerId, 'used');
    await create('used', { LastName: 'Another' });
    await profiles.merge(TENANT, 'used', 'since');
    const { customerIds, formerStatesOf } = await profiles.erase(TENANT, customerId);
    expect([customerIds, formerStatesOf]).to.deep.equal([['before', customerId], ['used']]);
    expect((await state('used')).attributes.LastName).to.equal('Another');
    const states = (await profiles.history(TENANT, 'used')).items;
    expect(states.map(({ operation }) => operation)).to.deep.equal(['merge', 'create']);
    expect((await refusal<NotFoundError>(profiles.get(TENANT, 'since'))).mergedInto).to.equal('used');
  });

  it('E1 of a profile that was merged away, the receipt names the destination that still holds what it took over', async () => {
    const { profiles, create, state } = await open();
    await create('b');
    await create('c');
    await profiles.merge(TENANT, 'b', customerId);
    await profiles.merge(TENANT, 'c', 'b');
    const receipt = await profiles.erase(TENANT, customerId);
    expect([receipt.customerIds, receipt.heldBy]).to.deep.equal([[customerId], 'c']);
    expect((await state('c')).attributes.LastName).to.equal('Banner');
    expect((await profiles.erase(TENANT, 'c')).customerIds).to.deep.equal(['b', 'c']);
    expect((await profiles.erasure(TENANT, customerId)).heldBy).to.equal('c');
  });

  it('E2 creation under an erased id is refused, unless it names the erasure', async () => {
    const { profiles } = await open();
    const { erasure } = await profiles.erase(TENANT, customerId);
    const rows = [{ line: 1, customerId, members: BRUCE.attributes }];
    const emailed = { attributes: BRUCE.attributes, customerId };
    for (const afterErasure of [undefined, 'another']) {
      expect(await outcome(profiles.create(TENANT, BRUCE, { afterErasure }))).to.equal('erased');
      expect(await outcome(profiles.createMany(TENANT, [BRUCE], { afterErasure }))).to.equal('erased');
      const found = profiles.findOrCreate(TENANT, { key: 'byEmail' }, emailed, { afterErasure });
      expect(await outcome(found)).to.equal('erased');
      expect(await outcome(profiles.restore(TENANT, customerId, 1, { afterErasure }))).to.equal('erased');
      for (const existing of ['skip', 'replace', 'refuse'] as const) {
        const { errors, failed } = await profiles.import(TENANT, rows, { existing, afterErasure });
        expect([failed, errors[0]?.code]).to.deep.equal([1, 'erased']);
      }
    }
    // Violations come first.
    expect(await outcome(profiles.create(TENANT, { customerId, attributes: {} }))).to.equal('invalid_profile');
    expect(await outcome(profiles.restore(TENANT, customerId, 1, { afterErasure: erasure }))).to.equal('not_found');
    const { created } = await profiles.import(TENANT, rows, { afterErasure: erasure });
    expect(created).to.equal(1);
  });

  it('E2 the next import does not bring an erased person back, and imports all others', async () => {
    const { profiles } = await open();
    const rows = ['ann', customerId, 'bob'].map((id, index) => {
      return { line: index + 1, customerId: id, members: { FirstName: id } };
    });
    await profiles.erase(TENANT, customerId);
    for (const existing of ['skip', 'replace', 'patch'] as const) {
      const { failed, errors } = await profiles.import(TENANT, rows, { existing });
      expect([failed, errors.map(({ line, code }) => [line, code])]).to.deep.equal([1, [[2, 'erased']]]);
    }
    expect((await allOf(profiles, TENANT)).map((profile) => profile.customerId)).to.deep.equal(['ann', 'bob']);
    const { failed } = (await profiles.dryRun(TENANT, (rehearsal) => rehearsal.import(TENANT, rows))).result;
    expect(failed).to.equal(1);
  });

  it('H1 an erasure takes a revision, and a recreated profile goes on by one', async () => {
    const { profiles } = await open();
    await profiles.patch(TENANT, customerId, { attributes: { Score: 2 } });
    const { erasure } = await profiles.erase(TENANT, customerId, { actor: 'ann' });
    const { revision } = await profiles.create(TENANT, BRUCE, { afterErasure: erasure });
    expect(revision).to.equal(4);
    const { items } = await profiles.history(TENANT, customerId);
    expect(items.map((one) => `${one.revision} ${one.operation}`)).to.deep.equal(['4 create', '3 erase']);
    // It is a profile like any other, which may be deleted and come back.
    expect(await outcome(profiles.erasure(TENANT, customerId))).to.equal('not_found');
    await profiles.delete(TENANT, customerId);
    expect((await profiles.create(TENANT, BRUCE)).revision).to.equal(6);
    expect((await profiles.erase(TENANT, customerId)).erasure).not.to.equal(erasure);
  });

  it('E1 works where no history is kept', async () => {
    const { profiles } = await open({ history: 'none' });
    const { removed, erasure } = await profiles.erase(TENANT, customerId);
    expect(removed).to.deep.equal({ profiles: 1, states: 0, entries: 3 });
    expect(await outcome(profiles.create(TENANT, BRUCE))).to.equal('erased');
    expect((await profiles.create(TENANT, BRUCE, { afterErasure: erasure })).revision).to.equal(3);
  });

  it('R14 E3 an erasure heeds the expected state, and changes nothing if it is another', async () => {
    const { profiles, state } = await open();
    const read = await profiles.get(TENANT, customerId);
    await profiles.patch(TENANT, customerId, { attributes: { Score: 2 } });
    const conflict = await refusal<RevisionConflictError>(profiles.erase(TENANT, customerId, { basedOn: read }));
    expect([conflict.code, conflict.currentRevision]).to.deep.equal(['revision_conflict', 2]);
    expect((await state()).revision).to.equal(2);
    await profiles.delete(TENANT, customerId, { ifRevision: 2 });
    expect(await outcome(profiles.erase(TENANT, customerId, { ifRevision: 2 }))).to.equal('revision_conflict');
    expect(await outcome(profiles.erase(TENANT, customerId, { ifRevision: 3 }))).to.equal('ok');
  });

  it('R14 a host that requires an expected revision requires it of an erasure', async () => {
    const { profiles } = await open({ requireExpectedRevision: true });
    expect(await outcome(profiles.erase(TENANT, customerId))).to.equal('precondition_required');
    expect(await outcome(profiles.erase(TENANT, customerId, { ifRevision: 1 }))).to.equal('ok');
  });

  it('E1 C1 lines of the feed keep place, revision, time and operation, and the erasure leaves one for each id', async () => {
    const { profiles, create } = await open({ changes: true });
    await create('old', { LastName: 'old' });
    await profiles.merge(TENANT, customerId, 'old', { actor: 'ann', reason: 'same person', origin: 'crm' });
    const before = await linesOf(profiles);
    await profiles.erase(TENANT, customerId, { actor: 'bob', reason: 'Request 4711', origin: 'privacy desk' });
    const items = await linesOf(profiles);
    const kept = before.map(({ cursor, tenantId, customerId, revision, time, operation }) => {
      return { cursor, tenantId, customerId, revision, time, operation };
    });
    expect(items.slice(0, before.length)).to.deep.equal(kept);
    const left = items.slice(before.length).map(({ cursor: _, time: __, tenantId: ___, ...line }) => line);
    const details = { operation: 'erase', actor: 'bob', reason: 'Request 4711', origin: 'privacy desk' };
    expect(left).to.have.deep.members([
      { customerId, revision: 3, ...details },
      { customerId: 'old', revision: 3, ...details },
    ]);
    await profiles.erase(TENANT, customerId);
    expect(await linesOf(profiles)).to.deep.equal(items);
  });

  it('E1 C1 of an id that has another profile since, the lines of the person alone are redacted', async () => {
    const { profiles, create } = await open({ changes: true });
    await create('used');
    await profiles.merge(TENANT, customerId, 'used', { origin: 'crm' });
    await create('used');
    await profiles.erase(TENANT, customerId);
    const lines = (await linesOf(profiles)).filter((line) => line.customerId === 'used');
    expect(lines.map(({ operation, changed }) => [operation, changed !== undefined])).to.deep.equal([
      ['create', false],
      ['merge_away', false],
      ['create', true],
    ]);
  });

  it('E1 C1 without history, of a deleted profile the lines are what an erasure redacts', async () => {
    const { profiles } = await open({ history: 'none', changes: true });
    await profiles.delete(TENANT, customerId, { actor: 'ann' });
    await profiles.erase(TENANT, customerId);
    const lines = await linesOf(profiles);
    expect(lines.map(({ revision, operation, actor }) => [revision, operation, actor])).to.deep.equal([
      [1, 'create', undefined],
      [2, 'delete', undefined],
      [3, 'erase', undefined],
    ]);
  });

  it('L1 a dry run answers what would be removed, and removes nothing', async () => {
    const { profiles, state, create } = await open();
    await create('twin');
    await profiles.merge(TENANT, customerId, 'twin');
    const before = await state();
    const { result } = await profiles.dryRun(TENANT, (rehearsal) => rehearsal.erase(TENANT, customerId));
    expect(await state()).to.deep.equal(before);
    expect(await outcome(profiles.erasure(TENANT, customerId))).to.equal('not_found');
    const receipt = await profiles.erase(TENANT, customerId);
    expect([result.removed, result.customerIds]).to.deep.equal([receipt.removed, receipt.customerIds]);
    const rehearsed = (afterErasure?: string) =>
      outcome(profiles.dryRun(TENANT, (rehearsal) => rehearsal.create(TENANT, BRUCE, { afterErasure })));
    expect([await rehearsed(), await rehearsed(receipt.erasure)]).to.deep.equal(['erased', 'ok']);
  });

  it('R17 an erasure in one tenant leaves the same customer ids of another', async () => {
    const { profiles, schemas, create } = await open();
    await create('twin');
    await profiles.merge(TENANT, customerId, 'twin');
    await schemas.define('2', SCHEMA);
    for (const id of [customerId, 'twin']) await profiles.create('2', { ...BRUCE, customerId: id });
    const before = await allOf(profiles, '2');
    const { erasure } = await profiles.erase(TENANT, customerId);
    expect(await allOf(profiles, '2')).to.deep.equal(before);
    expect(await outcome(profiles.erasure('2', customerId))).to.equal('not_found');
    expect((await profiles.erase('2', customerId)).customerIds).to.deep.equal([customerId]);
    expect(await outcome(profiles.create('2', BRUCE, { afterErasure: erasure }))).to.equal('erased');
  });

  it('E2 R22 a reading of an erased profile matches nothing, also after it was recreated', async () => {
    const { profiles, state } = await open();
    const read = await state();
    const { erasure } = await profiles.erase(TENANT, customerId);
    const { attributes } = read;
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes }, { basedOn: read }))).to.equal(
      'not_found',
    );
    await profiles.create(TENANT, BRUCE, { afterErasure: erasure });
    const replaced = profiles.replace(TENANT, customerId, { attributes }, { basedOn: read });
    expect(await outcome(replaced)).to.equal('revision_conflict');
  });
}

async function allOf(profiles: ProfileService, tenantId: string): Promise<Profile[]> {
  const all: Profile[] = [];
  for await (const profile of profiles.all(tenantId)) all.push(profile);
  return all;
}

/** All lines of the feed. */
async function linesOf(profiles: ProfileService): Promise<readonly ChangeLine[]> {
  const lines: ChangeLine[] = [];
  let after: string | undefined;
  for (;;) {
    const { items, next } = await profiles.changes(TENANT, { after });
    if (items.length === 0) return lines;
    lines.push(...items);
    after = next;
  }
}
