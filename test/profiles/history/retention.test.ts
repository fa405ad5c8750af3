import { expect } from 'chai';
import type { PruneProgress, ServiceOptions } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import { BRUCE, createServices, createServicesWithBruce, outcome, TENANT } from '../../service-harness.js';
import { revisionsOf, settableClock, statesOf } from './states.js';

const { customerId } = BRUCE;

/** Bruce with the revisions 1 to 5, of the days 1 to 5, all of which are kept. */
async function createFiveStates() {
  const clock = settableClock();
  clock.set(1);
  const { repository, profiles } = await createServicesWithBruce(new InMemoryProfileRepository(), { now: clock.now });
  for (let revision = 2; revision <= 5; revision += 1) {
    clock.set(revision);
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: `${revision}` } });
  }
  return {
    clock,
    all: profiles,
    /** The services of a host with another policy. */
    by: (history: ServiceOptions['history']) => createServices(repository, { history, now: clock.now }).profiles,
  };
}

type Retained = readonly [history: ServiceOptions['history'], day: number, revisions: readonly number[]];

/** What is answered by a policy on a day. */
const RETAINED: readonly Retained[] = [
  ['all', 500, [5, 4, 3, 2, 1]],
  [{}, 500, [5, 4, 3, 2, 1]],
  [{ revisions: 1 }, 5, [5, 4]],
  [{ revisions: 3 }, 5, [5, 4, 3, 2]],
  [{ revisions: 99 }, 5, [5, 4, 3, 2, 1]],
  [{ days: 2 }, 5.5, [5, 4, 3]],
  [{ days: 1 }, 5.5, [5, 4]],
  [{ days: 1 }, 5.9, [5, 4]],
  [{ days: 1 }, 6.1, [5]],
  [{ days: 3 }, 5.5, [5, 4, 3, 2]],
  [{ days: 3, revisions: 2 }, 5.5, [5, 4, 3]],
  [{ days: 1, revisions: 3 }, 5.5, [5, 4]],
];

describe('H5: retention', () => {
  for (const [history, day, revisions] of RETAINED) {
    it(`${JSON.stringify(history)} on day ${day} retains ${revisions}: no more is answered, before prune and after`, async () => {
      const { clock, all, by } = await createFiveStates();
      clock.set(day);
      const profiles = by(history);
      const expectRetained = async () => {
        const states = await statesOf(profiles);
        expect(states.map(({ revision }) => revision)).to.deep.equal(revisions);
        expect(states.at(-1), 'the oldest').not.to.have.property('changed');
        for (let revision = 1; revision <= 5; revision += 1) {
          const isRetained = revisions.includes(revision);
          const expected = isRetained ? 'ok' : 'not_found';
          expect(await outcome(profiles.at(TENANT, customerId, revision)), `${revision}`).to.equal(expected);
          if (isRetained) continue;
          expect(await outcome(profiles.restore(TENANT, customerId, revision))).to.equal(expected);
        }
      };
      await expectRetained();
      expect(await profiles.prune(TENANT)).to.equal(5 - revisions.length);
      await expectRetained();
      expect((await statesOf(all)).map(({ revision }) => revision)).to.deep.equal(revisions);
      expect(await profiles.prune(TENANT)).to.equal(0);
    });
  }

  it('a state is kept as long after it was replaced, however old it is', async () => {
    const { clock, by } = await createFiveStates();
    clock.set(1_000);
    const profiles = by({ days: 30 });
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'late' } });
    expect(await revisionsOf(profiles)).to.deep.equal(['6 replace', '5 replace']);
    clock.set(1_031);
    expect(await revisionsOf(profiles)).to.deep.equal(['6 replace']);
  });

  it('prune removes nothing that is answered, although the clock goes back', async () => {
    const { clock, by } = await createFiveStates();
    const profiles = by({ days: 2 });
    clock.set(9);
    await profiles.delete(TENANT, customerId);
    clock.set(1);
    await profiles.create(TENANT, BRUCE);
    clock.set(10);
    const answered = await revisionsOf(profiles);
    expect(answered).to.deep.equal(['7 create', '6 delete', '5 replace']);
    await profiles.prune(TENANT);
    expect(await revisionsOf(profiles)).to.deep.equal(answered);
  });

  it('pages by limit and after have what is retained', async () => {
    const { by } = await createFiveStates();
    const profiles = by({ revisions: 2 });
    const first = await profiles.history(TENANT, customerId, { limit: 2 });
    expect([first.items.map(({ revision }) => revision), first.next]).to.deep.equal([[5, 4], 4]);
    const second = await profiles.history(TENANT, customerId, { limit: 2, after: 4 });
    expect([second.items.map(({ revision }) => revision), second.next]).to.deep.equal([[3], undefined]);
    expect((await profiles.history(TENANT, customerId, { after: 3 })).items).to.deep.equal([]);
    expect((await profiles.history(TENANT, customerId, { limit: 3 })).next).to.equal(undefined);
  });

  it('prune keeps profiles, the deletion of those that were deleted, and its revision', async () => {
    const { clock, by } = await createFiveStates();
    clock.set(6);
    const profiles = by({ days: 1 });
    await profiles.delete(TENANT, customerId);
    clock.set(100);
    expect(await profiles.prune(TENANT)).to.equal(5);
    expect(await revisionsOf(profiles)).to.deep.equal(['6 delete']);
    expect((await profiles.create(TENANT, BRUCE)).revision).to.equal(7);
  });

  it('prune goes through all customer ids in batches, and reports the sum so far', async () => {
    const { profiles } = await createServicesWithBruce(undefined, { history: { revisions: 1 } });
    const ids = Array.from({ length: 450 }, (_, index) => `c${String(index).padStart(3, '0')}`);
    await profiles.createMany(
      TENANT,
      ids.map((id) => ({ customerId: id, attributes: { FirstName: id } })),
    );
    for (const name of ['x', 'y']) {
      for (const id of ids) await profiles.replace(TENANT, id, { attributes: { FirstName: name } });
    }
    const reported: PruneProgress[] = [];
    const removed = await profiles.prune(TENANT, { onProgress: (progress) => reported.push(progress) });
    expect(removed).to.equal(450);
    expect(reported.length).to.be.above(1);
    const sums = reported.map((progress) => progress.removed);
    expect(sums).to.deep.equal(sums.toSorted((one, other) => one - other));
    for (const { removed: sum, customerId: last } of reported) expect(sum).to.equal(ids.indexOf(last) + 1);
  });

  it('R17: prune leaves other tenants alone', async () => {
    const { by, all } = await createFiveStates();
    expect(await by({ revisions: 1 }).prune('2')).to.equal(0);
    expect(await revisionsOf(all)).to.have.length(5);
  });

  for (const options of [{ onprogress: () => undefined }, { onProgress: 1 }, null]) {
    it(`malformed_request: prune refuses ${JSON.stringify(options)}`, async () => {
      const { by } = await createFiveStates();
      expect(await outcome(by({ revisions: 1 }).prune(TENANT, options as never))).to.equal('malformed_request');
    });
  }
});
