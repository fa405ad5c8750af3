import { expect } from 'chai';
import type { MergeConflictError, NotFoundError, ServiceOptions } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import { BRUCE, createServicesWithBruce, outcome, refusal, SCHEMA, TENANT } from '../../service-harness.js';

const { customerId } = BRUCE;
const HULK = {
  customerId: 'hulk',
  attributes: { FirstName: 'Hulk', LastName: 'Smash', Email: ['hulk@example.com'] },
  extensions: { Phone: [{ Number: '9' }] },
};

async function merged(options: ServiceOptions = {}) {
  const services = await createServicesWithBruce(new InMemoryProfileRepository(), options);
  const { profiles, state } = services;
  await services.schemas.addKey(TENANT, { name: 'byName', attributes: ['LastName'], unique: true });
  await profiles.create(TENANT, HULK, { segment: 'green' });
  const before = { destination: await state(), source: await state('hulk') };
  await profiles.merge(TENANT, customerId, 'hulk');
  return { ...services, before };
}

const contentOf = ({
  attributes,
  extensions,
  segment,
}: {
  attributes: object;
  extensions?: object;
  segment?: string;
}) => ({
  attributes,
  extensions,
  segment,
});

describe('ProfileService: unmerge (H4)', () => {
  it('H4 restores both profiles to what they were, in one commit, with their index entries', async () => {
    const { profiles, state, before } = await merged();
    const answer = await profiles.unmerge(TENANT, customerId, 'hulk', { actor: 'ann', reason: 'wrong customer' });
    expect(contentOf(answer)).to.deep.equal(contentOf(before.destination));
    expect(contentOf(await state('hulk'))).to.deep.equal(contentOf(before.source));
    expect([answer.revision, (await state('hulk')).revision]).to.deep.equal([3, 3]);
    for (const [LastName, id] of [
      ['Banner', customerId],
      ['Smash', 'hulk'],
    ] as const) {
      const { items } = await profiles.identify(TENANT, { values: { LastName } });
      expect(items.map((item) => item.customerId)).to.deep.equal([id]);
    }
    const [present] = (await profiles.history(TENANT, customerId)).items;
    expect([present?.operation, present?.actor, present?.reason]).to.deep.equal(['unmerge', 'ann', 'wrong customer']);
  });

  it('H4 a merge takes a revision of the destination even where it changes nothing else there', async () => {
    const { profiles } = await createServicesWithBruce();
    await profiles.create(TENANT, { customerId: 'twin', attributes: BRUCE.attributes, extensions: BRUCE.extensions });
    expect((await profiles.merge(TENANT, customerId, 'twin')).revision).to.equal(2);
    expect((await profiles.unmerge(TENANT, customerId, 'twin')).revision).to.equal(3);
  });

  it('H4 is refused with pointers if the destination is not as the merge left it, or the id of the source is taken', async () => {
    const { profiles, state } = await merged();
    const left = await state();
    await profiles.replace(TENANT, customerId, { attributes: { ...left.attributes, Score: 3 } });
    const changed = await refusal<MergeConflictError>(profiles.unmerge(TENANT, customerId, 'hulk'));
    expect([changed.code, changed.pointers]).to.deep.equal(['merge_conflict', ['/Score']]);
    await profiles.replace(TENANT, customerId, { attributes: left.attributes as never });
    await profiles.create(TENANT, { customerId: 'hulk', attributes: { FirstName: 'Another' } });
    expect(await outcome(profiles.unmerge(TENANT, customerId, 'hulk'))).to.equal('merge_conflict');
    await profiles.delete(TENANT, 'hulk');
    expect(await outcome(profiles.unmerge(TENANT, customerId, 'hulk'))).to.equal('not_found');
  });

  it('H4 what was not merged, or is taken back already, is not found', async () => {
    const { profiles } = await merged();
    expect(await outcome(profiles.unmerge(TENANT, customerId, 'nobody'))).to.equal('not_found');
    await profiles.unmerge(TENANT, customerId, 'hulk');
    expect(await outcome(profiles.unmerge(TENANT, customerId, 'hulk'))).to.equal('not_found');
    await profiles.merge(TENANT, customerId, 'hulk');
    expect(await outcome(profiles.unmerge(TENANT, customerId, 'hulk'))).to.equal('ok');
  });

  it('H4 H5 a merge is not taken back if the state before it is no longer kept, and nothing changes', async () => {
    const { profiles, state } = await merged({ history: { revisions: 1 } });
    const { attributes } = await state();
    for (const Score of [2, 1]) await profiles.patch(TENANT, customerId, { attributes: { Score } });
    expect((await state()).attributes).to.deep.equal(attributes);
    const now = await state();
    expect(await outcome(profiles.unmerge(TENANT, customerId, 'hulk'))).to.equal('not_found');
    expect(await state()).to.deep.equal(now);
    expect(await outcome(profiles.get(TENANT, 'hulk'))).to.equal('not_found');
  });

  it('H3 H4 the rules of today refuse it as they refuse any change', async () => {
    const { profiles, schemas } = await merged();
    const email = { name: 'Nick', type: 'string', mandatory: true } as const;
    await schemas.define(TENANT, { ...SCHEMA, attributes: [...SCHEMA.attributes, email] });
    expect(await outcome(profiles.unmerge(TENANT, customerId, 'hulk'))).to.equal('invalid_profile');
    expect(await outcome(profiles.get(TENANT, 'hulk'))).to.equal('not_found');
  });

  it('H4 a profile that was merged away is not found, with the profile that took it over', async () => {
    const { profiles } = await merged();
    await profiles.create(TENANT, { customerId: 'thor', attributes: { FirstName: 'Thor' } });
    for (const call of [
      profiles.get(TENANT, 'hulk'),
      profiles.replace(TENANT, 'hulk', { attributes: { FirstName: 'x' } }),
      profiles.delete(TENANT, 'hulk'),
      profiles.merge(TENANT, 'hulk', 'thor'),
      profiles.merge(TENANT, 'thor', 'hulk'),
      profiles.unmerge(TENANT, 'hulk', 'thor'),
    ]) {
      const missing = await refusal<NotFoundError>(call);
      expect([missing.code, missing.mergedInto]).to.deep.equal(['not_found', customerId]);
    }
    expect((await refusal<NotFoundError>(profiles.get(TENANT, 'nobody'))).mergedInto).to.equal(undefined);
  });

  it('R14 H4 heeds the expected state of the destination', async () => {
    const { profiles, state } = await merged();
    const stale = await profiles.at(TENANT, customerId, 1);
    expect(await outcome(profiles.unmerge(TENANT, customerId, 'hulk', { ifRevision: stale.revision }))).to.equal(
      'revision_conflict',
    );
    expect(await outcome(profiles.unmerge(TENANT, customerId, 'hulk', { basedOn: await state() }))).to.equal('ok');
  });
});
