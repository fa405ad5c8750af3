import { expect } from 'chai';
import { BRUCE, createServices, createServicesWithBruce, outcome, TENANT } from '../../service-harness.js';
import { settableClock, statesOf } from './states.js';

const { customerId } = BRUCE;

/** Bruce with the revisions 1 to 5, of the days 1 to 5. */
async function createFiveStates() {
  const clock = settableClock();
  clock.set(1);
  const services = await createServicesWithBruce(undefined, { now: clock.now });
  for (let revision = 2; revision <= 5; revision += 1) {
    clock.set(revision);
    await services.profiles.replace(TENANT, customerId, { attributes: { FirstName: `${revision}` } });
  }
  const at = async (point: number | Date) => (await services.profiles.at(TENANT, customerId, point)).revision;
  const dayOf = (day: number) => {
    clock.set(day);
    return clock.now();
  };
  return { ...services, clock, at, dayOf };
}

describe('H2: profiles.history', () => {
  it('answers the states, the newest first, the present one among them', async () => {
    const { profiles, state } = await createFiveStates();
    const { items, next } = await profiles.history(TENANT, customerId);
    expect(items.map(({ revision }) => revision)).to.deep.equal([5, 4, 3, 2, 1]);
    expect(next).to.equal(undefined);
    expect(items[0]?.time).to.equal((await state()).updatedAt);
  });

  for (const limit of [1, 2, 4, 5, 6]) {
    it(`pages of ${limit} have all states once, and a next exactly where there are more`, async () => {
      const { profiles } = await createFiveStates();
      const whole = (await profiles.history(TENANT, customerId)).items;
      const pages: unknown[][] = [];
      let after: number | undefined;
      do {
        const { items, next } = await profiles.history(TENANT, customerId, { after, limit });
        pages.push([...items]);
        after = next;
      } while (after !== undefined);
      expect(pages.flat()).to.deep.equal(whole);
      expect(pages).to.have.length(Math.ceil(5 / limit));
    });
  }

  it('more states than are read at once are answered whole, in pages and by revision', async () => {
    const { profiles } = await createServicesWithBruce();
    for (let revision = 2; revision <= 130; revision += 1) {
      await profiles.replace(TENANT, customerId, { attributes: { FirstName: `${revision}` } });
    }
    const revisions = (await statesOf(profiles)).map(({ revision }) => revision);
    expect(revisions).to.deep.equal(Array.from({ length: 130 }, (_, index) => 130 - index));
    for (const revision of [2, 80, 81, 129]) {
      expect((await profiles.at(TENANT, customerId, revision)).attributes.FirstName).to.equal(`${revision}`);
    }
  });

  it('after need not name a state', async () => {
    const { profiles } = await createFiveStates();
    const statesAfter = async (revision: number) =>
      (await profiles.history(TENANT, customerId, { after: revision })).items.map((state) => state.revision);
    expect(await statesAfter(99)).to.deep.equal([5, 4, 3, 2, 1]);
    expect(await statesAfter(Number.MAX_SAFE_INTEGER)).to.deep.equal([5, 4, 3, 2, 1]);
    expect(await statesAfter(1)).to.deep.equal([]);
  });

  it('names the members that a state changed of the one before, in the order of the schema', async () => {
    const { profiles } = await createServicesWithBruce();
    const { attributes, extensions } = BRUCE;
    const replace = (changed: object, options = {}) => profiles.replace(TENANT, customerId, changed as never, options);
    await replace({ attributes: { ...attributes, Score: 2, LastName: null } });
    await replace({ attributes: { ...attributes, Score: 2, LastName: null } }, { segment: 'gold' });
    await replace({ attributes, extensions: { Phone: extensions.Phone.toReversed() } });
    await replace({ attributes: { ...attributes, Email: attributes.Email.toReversed() } });
    await profiles.delete(TENANT, customerId);
    await profiles.create(TENANT, { customerId, attributes: { FirstName: 'Anew' } });
    expect((await statesOf(profiles)).map(({ changed }) => changed)).to.deep.equal([
      ['/FirstName', '/Score'],
      ['/FirstName', '/LastName', '/Score', '/Email', '/Phone', '/segment'],
      ['/Email'],
      ['/LastName', '/Score', '/Address', '/Phone'],
      ['/segment'],
      ['/LastName', '/Score'],
      undefined,
    ]);
  });

  it('answers a deletion as a state, and the history before it', async () => {
    const { profiles, clock } = await createFiveStates();
    clock.set(6);
    await profiles.delete(TENANT, customerId, { actor: 'ann' });
    const [deletion, former] = await statesOf(profiles);
    expect(deletion).to.include({ revision: 6, operation: 'delete', actor: 'ann' });
    expect(former).to.include({ revision: 5, operation: 'replace' });
  });

  it('is not_found for a customer id that never was, and without a schema', async () => {
    const { profiles } = await createServicesWithBruce();
    for (const id of ['nobody', 'not an id', '']) {
      expect(await outcome(profiles.history(TENANT, id)), id).to.equal('not_found');
      expect(await outcome(profiles.at(TENANT, id, 1)), id).to.equal('not_found');
    }
    expect(await outcome(profiles.history('2', customerId))).to.equal('not_found');
  });

  for (const options of [
    { limit: 0 },
    { limit: 101 },
    { limit: '5' },
    { after: 0 },
    { after: 1.5 },
    { until: 1 },
    null,
  ]) {
    it(`malformed_request: refuses ${JSON.stringify(options)}`, async () => {
      const { profiles } = await createServicesWithBruce();
      expect(await outcome(profiles.history(TENANT, customerId, options as never))).to.equal('malformed_request');
    });
  }
});

describe('H2: profiles.at', () => {
  it('answers a state as get would have', async () => {
    const { profiles, state } = await createServicesWithBruce(undefined, { now: () => new Date(0) });
    const [whole, part, none] = [
      await state(),
      await profiles.get(TENANT, customerId, { extensions: ['phone'] }),
      await profiles.get(TENANT, customerId),
    ];
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'B' }, extensions: {} }, { segment: 'x' });
    expect(await profiles.at(TENANT, customerId, 1, { extensions: 'all' })).to.deep.equal(whole);
    expect(await profiles.at(TENANT, customerId, 1, { extensions: ['phone'] })).to.deep.equal(part);
    expect(await profiles.at(TENANT, customerId, 1)).to.deep.equal(none);
    expect(await profiles.at(TENANT, customerId, 2, { extensions: 'all' })).to.deep.equal(await state());
    expect(await outcome(profiles.at(TENANT, customerId, 1, { extensions: ['Nope'] }))).to.equal('not_found');
  });

  it('answers exactly the revision that is asked for', async () => {
    const { profiles } = await createFiveStates();
    for (let revision = 2; revision <= 5; revision += 1) {
      const { attributes, ...state } = await profiles.at(TENANT, customerId, revision);
      expect([state.revision, attributes.FirstName]).to.deep.equal([revision, `${revision}`]);
    }
    for (const revision of [6, 7, 99, Number.MAX_SAFE_INTEGER]) {
      expect(await outcome(profiles.at(TENANT, customerId, revision))).to.equal('not_found');
    }
  });

  it('of a date, answers the last state that was made by then', async () => {
    const { profiles, at, dayOf } = await createFiveStates();
    for (const [day, revision] of [
      [1, 1],
      [1.5, 1],
      [2, 2],
      [2.99, 2],
      [4, 4],
      [4.5, 4],
      [5, 5],
      [500, 5],
    ] as const) {
      expect(await at(dayOf(day)), `day ${day}`).to.equal(revision);
    }
    expect(await outcome(profiles.at(TENANT, customerId, dayOf(0.99)))).to.equal('not_found');
  });

  it('of states made at the same time, answers the last', async () => {
    const { profiles } = await createServicesWithBruce(undefined, { now: () => new Date(0) });
    for (const name of ['a', 'b']) await profiles.replace(TENANT, customerId, { attributes: { FirstName: name } });
    expect((await profiles.at(TENANT, customerId, new Date(0))).attributes.FirstName).to.equal('b');
  });

  it('of a date at which the profile was deleted, is not_found', async () => {
    const { profiles, clock, at, dayOf } = await createFiveStates();
    clock.set(6);
    await profiles.delete(TENANT, customerId);
    expect(await outcome(profiles.at(TENANT, customerId, dayOf(6)))).to.equal('not_found');
    expect(await at(dayOf(5.5))).to.equal(5);
    clock.set(8);
    await profiles.create(TENANT, BRUCE);
    expect(await outcome(profiles.at(TENANT, customerId, dayOf(7)))).to.equal('not_found');
    expect(await at(dayOf(8))).to.equal(7);
  });

  it('of a date whose state was not kept, is not_found rather than the one before', async () => {
    const { repository, clock, at, dayOf, profiles } = await createFiveStates();
    const without = createServices(repository, { history: 'none', now: clock.now });
    for (const day of [6, 7]) {
      clock.set(day);
      await without.profiles.replace(TENANT, customerId, { attributes: { FirstName: `${day}` } });
    }
    expect((await statesOf(profiles)).map(({ revision }) => revision)).to.deep.equal([7, 4, 3, 2, 1]);
    expect(await at(dayOf(7))).to.equal(7);
    expect(await at(dayOf(3.5))).to.equal(3);
    for (const day of [4.5, 5, 6]) {
      expect(await outcome(profiles.at(TENANT, customerId, dayOf(day))), `day ${day}`).to.equal('not_found');
    }
  });

  for (const point of [0, -1, 1.5, '1', new Date(Number.NaN), null, undefined]) {
    it(`malformed_request: refuses ${point}`, async () => {
      const { profiles } = await createServicesWithBruce();
      expect(await outcome(profiles.at(TENANT, customerId, point as never))).to.equal('malformed_request');
    });
  }

  it('answers copies', async () => {
    const { profiles } = await createServicesWithBruce();
    const former = await profiles.at(TENANT, customerId, 1, { extensions: 'all' });
    former.attributes.FirstName = 'Mutated';
    (former.attributes.Email as string[]).push('mutated');
    Object.assign(former.extensions ?? {}, { Phone: [] });
    const again = await profiles.at(TENANT, customerId, 1, { extensions: 'all' });
    expect([again.attributes, again.extensions]).to.deep.equal([BRUCE.attributes, BRUCE.extensions]);
  });
});
