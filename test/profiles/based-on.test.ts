import { expect } from 'chai';
import type { Profile, RevisionConflictError } from 'dossier';
import { observe } from '../observed-repository.js';
import {
  BRUCE,
  createServices,
  createServicesWithBruce,
  outcome,
  refusal,
  SCHEMA,
  TENANT,
} from '../service-harness.js';

const { customerId, attributes, extensions } = BRUCE;

async function observedBruce() {
  const observed = observe();
  return { ...observed, ...(await createServicesWithBruce(observed.repository)) };
}

const renamed = { attributes: { ...attributes, FirstName: 'Robert' } };

describe('ProfileService: replace, based on what was read', () => {
  it('R14 is one write and no read', async () => {
    const { profiles, calls, state } = await observedBruce();
    const basedOn = await profiles.get(TENANT, customerId);
    calls.length = 0;
    const answer = await profiles.replace(TENANT, customerId, renamed, { basedOn });
    expect(calls).to.deep.equal(['commit']);
    expect(answer).to.deep.equal({ ...basedOn, ...renamed, revision: 2, updatedAt: answer.updatedAt });
    expect((await state()).extensions).to.deep.equal(extensions);
  });

  it('R8 R14 extensions, too, if they were read', async () => {
    const { profiles, calls, state } = await observedBruce();
    const given = { ...renamed, extensions: { Phone: [] } };
    for (const wanted of ['all', ['Phone']] as const) {
      const basedOn = await profiles.get(TENANT, customerId, { extensions: wanted });
      calls.length = 0;
      await profiles.replace(TENANT, customerId, given, { basedOn });
      expect(calls).to.deep.equal(['commit']);
      expect((await state()).extensions).to.deep.equal({ Phone: [] });
      await profiles.replace(TENANT, customerId, { attributes, extensions });
    }
  });

  it('R8 R14 extensions that were not read are loaded', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await profiles.get(TENANT, customerId);
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes, extensions }, { basedOn }))).to.equal('ok');
    expect((await state()).revision).to.equal(1);
    await profiles.replace(TENANT, customerId, { attributes, extensions: {} }, { basedOn });
    expect((await state()).extensions).to.deep.equal({ Phone: [] });
  });

  it('R14 an answer is what the next one is based on', async () => {
    const { profiles, calls } = await observedBruce();
    let basedOn = await profiles.get(TENANT, customerId);
    calls.length = 0;
    for (const FirstName of ['a', 'b', 'c']) {
      basedOn = await profiles.replace(TENANT, customerId, { attributes: { ...attributes, FirstName } }, { basedOn });
    }
    expect([basedOn.revision, calls]).to.deep.equal([4, ['commit', 'commit', 'commit']]);
    const created = await profiles.create(TENANT, { attributes });
    const options = { basedOn: created };
    expect((await profiles.replace(TENANT, created.customerId, renamed, options)).revision).to.equal(2);
  });

  it('R14 a profile that moved is a conflict, whatever is sent', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await state();
    await profiles.replace(TENANT, customerId, renamed);
    for (const given of [{ attributes }, renamed, { attributes: { FirstName: 'x' } }, { attributes, extensions: {} }]) {
      const error = await refusal<RevisionConflictError>(profiles.replace(TENANT, customerId, given, { basedOn }));
      expect([error.code, error.currentRevision]).to.deep.equal(['revision_conflict', 2]);
    }
    expect((await state()).attributes).to.deep.equal(renamed.attributes);
  });

  it('R15 a profile that is gone is not made again', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await state();
    await profiles.delete(TENANT, customerId);
    expect(await outcome(profiles.replace(TENANT, customerId, renamed, { basedOn }))).to.equal('not_found');
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes }, { basedOn }))).to.equal('not_found');
  });

  it('R7 R13 a copy that its holder has changed decides nothing', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await state();
    (basedOn.attributes.Email as string[]).push('c@example.com');
    Object.assign(basedOn.attributes, renamed.attributes);
    Object.assign(basedOn.extensions ?? {}, { Phone: [], Address: { City: 'Elsewhere' } });
    const answer = await profiles.replace(TENANT, customerId, { attributes: basedOn.attributes }, { basedOn });
    expect(answer.revision, 'what the holder made of it is a change').to.equal(2);
    expect((await state()).attributes.FirstName).to.equal('Robert');
    expect((await state()).extensions).to.deep.equal(extensions);
  });

  it('R12 R19 identification entries move from what was read, not from what its holder made of it', async () => {
    const { profiles, schemas, state } = await observedBruce();
    await schemas.addKey(TENANT, { name: 'byName', attributes: ['LastName'], unique: true });
    const basedOn = await state();
    Object.assign(basedOn.attributes, { LastName: 'Nobody' });
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: 'Blonsky' } }, { basedOn });
    const idsOf = async (LastName: string) =>
      (await profiles.identify(TENANT, { values: { LastName } })).items.map((found) => found.customerId);
    expect([await idsOf('Banner'), await idsOf('Blonsky')]).to.deep.equal([[], [customerId]]);
    expect(await outcome(profiles.create(TENANT, { attributes })), 'the old value is free').to.equal('ok');
  });

  it('R13 based on what was read, and the same as it, changes nothing', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await state();
    expect(await profiles.replace(TENANT, customerId, { attributes, extensions }, { basedOn })).to.deep.equal(basedOn);
    expect(await state()).to.deep.equal(basedOn);
  });

  it('R14 a copy through JSON, and an answer of another process, count by their revision', async () => {
    const { profiles, repository, state } = await observedBruce();
    const copies = [
      async () => JSON.parse(JSON.stringify(await state())) as Profile,
      async () => ({ ...(await state()) }),
      () => createServices(repository).state(),
    ];
    for (const copy of copies) {
      const basedOn = await copy();
      const given = { attributes: { FirstName: `${basedOn.revision}` } };
      expect((await profiles.replace(TENANT, customerId, given, { basedOn })).revision).to.equal(basedOn.revision + 1);
      expect(await outcome(profiles.replace(TENANT, customerId, renamed, { basedOn }))).to.equal('revision_conflict');
    }
  });

  it('R14 R17 another profile, another tenant, and what is no profile, are refused', async () => {
    const { profiles, schemas, state } = await observedBruce();
    await schemas.define('2', SCHEMA);
    const clark = await profiles.create(TENANT, { attributes });
    const elsewhere = await profiles.create('2', BRUCE);
    const before = await state();
    const { revision, ...unnumbered } = before;
    const wrong = [clark, elsewhere, null, {}, unnumbered, { ...before, revision: '1' }, 'bruce', 1];
    for (const one of wrong) {
      const replacing = profiles.replace(TENANT, customerId, renamed, { basedOn: one as Profile });
      expect(await outcome(replacing)).to.equal('malformed_request');
    }
    expect(await state()).to.deep.equal(before);
  });

  it('R14 an expected revision beside it must be the same', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await state();
    for (const ifRevision of [2, [2, 3], []]) {
      const options = { basedOn, ifRevision };
      expect(await outcome(profiles.replace(TENANT, customerId, renamed, options))).to.equal('malformed_request');
    }
    expect(await outcome(profiles.replace(TENANT, customerId, renamed, { basedOn, ifRevision: [1, 2] }))).to.equal(
      'ok',
    );
  });

  it('R16 a schema that moved meanwhile is obeyed', async () => {
    const { profiles, repository, state } = await observedBruce();
    const other = createServices(repository);
    const basedOn = await state();
    const nicked = { attributes: { FirstName: 'x', Nick: 'y' } };
    await other.schemas.define(TENANT, {
      ...SCHEMA,
      attributes: [...SCHEMA.attributes, { name: 'Nick', type: 'string' }],
    });
    expect(await outcome(profiles.replace(TENANT, customerId, nicked, { basedOn }))).to.equal('ok');
    const later = await state();
    await other.schemas.define(TENANT, SCHEMA);
    expect(await outcome(profiles.replace(TENANT, customerId, nicked, { basedOn: later }))).to.equal('invalid_profile');
    expect(await state()).to.deep.equal(later);
  });

  it('R11 R14 a violation is told before the profile is found to have moved', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await state();
    await profiles.replace(TENANT, customerId, renamed);
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes: {} }, { basedOn }))).to.equal(
      'invalid_profile',
    );
  });

  it('R14 meets the host that requires an expected revision', async () => {
    const { profiles, state } = await createServicesWithBruce(undefined, { requireExpectedRevision: true });
    expect(await outcome(profiles.replace(TENANT, customerId, renamed, { basedOn: await state() }))).to.equal('ok');
  });

  describe('R14 a profile made anew under the same customer id is another one, also in the same millisecond', () => {
    const madeAnew = async () => {
      const clock = () => new Date('2026-01-01T00:00:00Z');
      const services = await createServicesWithBruce(undefined, { now: clock });
      const basedOn = await services.profiles.get(TENANT, customerId);
      await services.profiles.delete(TENANT, customerId);
      await services.profiles.create(TENANT, { customerId, attributes: { FirstName: 'Another' } });
      return { ...services, basedOn };
    };

    it('a replacement based on the former one is refused, and nothing of it is left', async () => {
      const { profiles, schemas, basedOn } = await madeAnew();
      await schemas.addKey(TENANT, { name: 'byName', attributes: ['FirstName'], unique: true });
      const refused = await refusal<RevisionConflictError>(profiles.replace(TENANT, customerId, renamed, { basedOn }));
      expect([refused.code, refused.currentRevision]).to.deep.equal(['revision_conflict', 1]);
      const find = async (FirstName: string) =>
        (await profiles.identify(TENANT, { values: { FirstName } })).items.length;
      expect([await find('Another'), await find('Robert'), await find('Bruce')]).to.deep.equal([1, 0, 0]);
    });

    it('so is one based on a copy of it, once the milliseconds differ', async () => {
      const { profiles, basedOn } = await madeAnew();
      const copy: Profile = { ...basedOn, createdAt: '2025-12-31T23:59:59.999Z' };
      expect(await outcome(profiles.replace(TENANT, customerId, renamed, { basedOn: copy }))).to.equal(
        'revision_conflict',
      );
    });

    it('times are answered in milliseconds', async () => {
      const { profiles } = await madeAnew();
      const { createdAt, updatedAt } = await profiles.get(TENANT, customerId);
      expect([createdAt, updatedAt]).to.deep.equal(['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z']);
    });
  });
});
