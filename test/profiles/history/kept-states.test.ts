import { expect } from 'chai';
import type { Attribution, ProfileService } from 'dossier';
import { BRUCE, createServicesWithBruce, outcome, SCHEMA, TENANT } from '../../service-harness.js';
import { revisionsOf, settableClock, statesOf, timeOf } from './states.js';

const { customerId } = BRUCE;
const BY_ANN: Attribution = { actor: 'Ann 𝒳', reason: 'Asked by phone' };
const OTHER = { customerId: 'other', attributes: { FirstName: 'Other' } };

type Change = (profiles: ProfileService, context: Attribution) => Promise<unknown>;

/** A change of Bruce by each operation that the services have. */
const CHANGES: Readonly<Record<string, Change>> = {
  replace: (profiles, context) => profiles.replace(TENANT, customerId, { attributes: { FirstName: 'B' } }, context),
  insert_records: (profiles, context) =>
    profiles.insertRecords(TENANT, customerId, { Phone: { Number: '9' } }, context),
  update_record: (profiles, context) =>
    profiles.updateRecord(TENANT, customerId, 'Phone', { Number: '1', Kind: 'work' }, context),
  delete_record: (profiles, context) => profiles.deleteRecord(TENANT, customerId, 'Phone', { Number: '1' }, context),
  merge: (profiles, context) => profiles.merge(TENANT, customerId, OTHER.customerId, context),
  restore: (profiles, context) => profiles.restore(TENANT, customerId, 1, context),
  delete: (profiles, context) => profiles.delete(TENANT, customerId, context),
  import: (profiles, context) => {
    const rows = [{ line: 1, customerId, members: { FirstName: 'Imported' } }];
    return profiles.import(TENANT, rows, { existing: 'replace' }, context);
  },
};

/** Changes that change nothing. */
const UNCHANGED: Readonly<Record<string, Change>> = {
  'a replacement by the same': (profiles, context) =>
    profiles.replace(TENANT, customerId, { attributes: BRUCE.attributes, extensions: BRUCE.extensions }, context),
  'an insertion of the same record': (profiles, context) =>
    profiles.insertRecords(TENANT, customerId, { Phone: { Number: '2' } }, context),
  'a restoring of the same': (profiles, context) => profiles.restore(TENANT, customerId, 1, context),
  'an import of the same': (profiles, context) => {
    const { attributes, extensions } = BRUCE;
    const rows = [{ line: 1, customerId, members: { ...attributes, ...extensions } }];
    return profiles.import(TENANT, rows, { existing: 'replace' }, context);
  },
  'a refused replacement': (profiles, context) =>
    profiles.replace(TENANT, customerId, { attributes: {} }, context).catch(() => undefined),
  'a replacement of another revision': (profiles, context) =>
    profiles
      .replace(TENANT, customerId, { attributes: { FirstName: 'B' } }, { ...context, ifRevision: 9 })
      .catch(() => undefined),
};

describe('H1: the states that are kept', () => {
  for (const [operation, change] of Object.entries(CHANGES)) {
    it(`${operation} keeps the state that it replaces, and says who made the new one and why`, async () => {
      const { profiles } = await createServicesWithBruce();
      await profiles.create(TENANT, OTHER);
      // Otherwise restoring would change nothing.
      await profiles.replace(TENANT, customerId, { attributes: BRUCE.attributes }, { segment: 'gold', actor: 'Bob' });
      const before = await profiles.get(TENANT, customerId, { extensions: 'all' });
      await change(profiles, BY_ANN);
      const [newest, former, first] = await statesOf(profiles);
      expect(newest).to.include({ ...BY_ANN, operation, revision: 3 });
      expect(former).to.include({ operation: 'replace', actor: 'Bob', revision: 2 }).and.not.have.property('reason');
      expect(first).to.include({ operation: 'create', revision: 1 }).and.not.have.property('actor');
      expect(await profiles.at(TENANT, customerId, 2, { extensions: 'all' })).to.deep.equal(before);
    });
  }

  for (const [what, change] of Object.entries(UNCHANGED)) {
    it(`R13: ${what} leaves no state`, async () => {
      const { profiles } = await createServicesWithBruce();
      await change(profiles, BY_ANN);
      expect(await revisionsOf(profiles)).to.deep.equal(['1 create']);
    });
  }

  it('creation, of one or of many, and by import, says who and why', async () => {
    const { profiles } = await createServicesWithBruce();
    await profiles.create(TENANT, OTHER, BY_ANN);
    await profiles.createMany(TENANT, [{ ...OTHER, customerId: 'b' }], BY_ANN);
    await profiles.import(TENANT, [{ line: 1, customerId: 'c', members: { FirstName: 'C' } }], {}, BY_ANN);
    const newest = await Promise.all(['other', 'b', 'c'].map(async (id) => (await statesOf(profiles, id))[0]));
    for (const state of newest) expect(state).to.include(BY_ANN);
    expect(newest.map((state) => state?.operation)).to.deep.equal(['create', 'create', 'import']);
  });

  it('a merge is a state of both profiles; the source ends with it', async () => {
    const { profiles } = await createServicesWithBruce();
    await profiles.create(TENANT, OTHER);
    await profiles.merge(TENANT, customerId, 'other', BY_ANN);
    const [source, before] = await statesOf(profiles, 'other');
    expect(source).to.include({ ...BY_ANN, operation: 'merge', revision: 2 });
    expect(before).to.include({ operation: 'create', revision: 1 });
    expect(await outcome(profiles.at(TENANT, 'other', 2))).to.equal('not_found');
    expect((await profiles.at(TENANT, 'other', 1)).attributes.FirstName).to.equal('Other');
  });

  it('W8: removing an extension with its records is a state of each profile that had some', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await profiles.create(TENANT, OTHER);
    await schemas.removeExtension(TENANT, 'Phone', { force: true });
    expect(await revisionsOf(profiles)).to.deep.equal(['2 schema_change', '1 create']);
    expect(await revisionsOf(profiles, 'other')).to.deep.equal(['1 create']);
  });

  it('the author of a state is its own, never that of the change that replaced it', async () => {
    const { profiles } = await createServicesWithBruce();
    const authors = ['ann', 'bob', 'cy', 'dan'];
    for (const [index, actor] of authors.entries()) {
      const attributes = { FirstName: `${index}` };
      await profiles.replace(TENANT, customerId, { attributes }, { actor, reason: `by ${actor}` });
    }
    const states = await statesOf(profiles);
    expect(states.map(({ actor }) => actor)).to.deep.equal([...authors.toReversed(), undefined]);
    for (const [index, actor] of authors.entries()) {
      const { revision = 0, reason } = states.find((state) => state.actor === actor) ?? {};
      expect(reason).to.equal(`by ${actor}`);
      expect((await profiles.at(TENANT, customerId, revision)).attributes.FirstName).to.equal(`${index}`);
    }
  });

  it('revisions go on: 7, deleted 8, recreated 9, as another creation', async () => {
    const { profiles, state } = await createServicesWithBruce();
    for (let revision = 2; revision <= 7; revision += 1) {
      await profiles.replace(TENANT, customerId, { attributes: { FirstName: `${revision}` } });
    }
    const former = await state();
    await profiles.delete(TENANT, customerId);
    const anew = await profiles.create(TENANT, BRUCE);
    expect(anew.revision).to.equal(9);
    expect((await state()).revision).to.equal(9);
    const replacing = profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' } }, { basedOn: former });
    expect(await outcome(replacing)).to.equal('revision_conflict');
    expect((await revisionsOf(profiles)).slice(0, 3)).to.deep.equal(['9 create', '8 delete', '7 replace']);
    await profiles.delete(TENANT, customerId);
    expect((await profiles.createMany(TENANT, [BRUCE]))[0]?.revision).to.equal(11);
  });

  it('times never decrease with revisions, although the clock does', async () => {
    const clock = settableClock();
    clock.set(9);
    const { profiles } = await createServicesWithBruce(undefined, { now: clock.now });
    const replace = (name: string) => profiles.replace(TENANT, customerId, { attributes: { FirstName: name } });
    for (const [day, change] of [
      [5, () => replace('a')],
      [11, () => replace('b')],
      [3, () => profiles.delete(TENANT, customerId)],
      [2, () => profiles.create(TENANT, BRUCE)],
      [1, () => replace('c')],
      [12, () => replace('d')],
    ] as const) {
      clock.set(day);
      await change();
    }
    const times = (await statesOf(profiles)).map(({ time }) => time).reverse();
    expect(times).to.deep.equal([9, 9, 11, 11, 11, 11, 12].map(timeOf));
  });

  for (const [what, note] of Object.entries({
    'an empty text': '',
    '257 code points': '𝒳'.repeat(257),
    'a line end': 'a\nb',
    'half a character': '\ud800',
    'a number': 7,
  })) {
    it(`malformed_request: ${what} is no actor and no reason, for any method`, async () => {
      const { profiles } = await createServicesWithBruce();
      await profiles.create(TENANT, OTHER);
      for (const name of ['actor', 'reason']) {
        for (const [operation, change] of Object.entries(CHANGES)) {
          const refused = change(profiles, { [name]: note });
          expect(await outcome(refused), `${operation} ${name}`).to.equal('malformed_request');
        }
      }
      expect(await revisionsOf(profiles)).to.deep.equal(['1 create']);
    });
  }

  it('actor and reason have up to 256 code points', async () => {
    const { profiles } = await createServicesWithBruce();
    const note = '𝒳'.repeat(256);
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'B' } }, { actor: note, reason: note });
    expect((await statesOf(profiles))[0]).to.include({ actor: note, reason: note });
  });

  it('R17: tenants do not see the states of each other', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await schemas.define('2', SCHEMA);
    expect(await outcome(profiles.history('2', customerId))).to.equal('not_found');
    expect(await outcome(profiles.at('2', customerId, 1))).to.equal('not_found');
    expect(await outcome(profiles.restore('2', customerId, 1))).to.equal('not_found');
    await profiles.delete(TENANT, customerId);
    expect((await profiles.create('2', BRUCE)).revision).to.equal(1);
  });
});
