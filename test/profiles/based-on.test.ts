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

describe('ProfileService: replace with basedOn', () => {
  it('R14 takes one write and no read', async () => {
    const { profiles, calls, state } = await observedBruce();
    const basedOn = await profiles.get(TENANT, customerId);
    calls.length = 0;
    const answer = await profiles.replace(TENANT, customerId, renamed, { basedOn });
    expect(calls).to.deep.equal(['replace']);
    const { updatedAt, reading } = answer;
    expect(answer).to.deep.equal({ ...basedOn, ...renamed, revision: 2, updatedAt, reading });
    expect((await state()).extensions).to.deep.equal(extensions);
  });

  it('R8 R14 R22 takes one write for extensions as well, if any were read', async () => {
    const { profiles, calls, state } = await observedBruce();
    const given = { ...renamed, extensions: { Phone: [] } };
    for (const wanted of ['all', ['Phone']] as const) {
      const basedOn = await profiles.get(TENANT, customerId, { extensions: wanted });
      calls.length = 0;
      await profiles.replace(TENANT, customerId, given, { basedOn });
      expect(calls).to.deep.equal([wanted === 'all' ? 'replace' : 'commit']);
      const { Address } = extensions;
      expect((await state()).extensions).to.deep.equal(wanted === 'all' ? { Phone: [] } : { Address, Phone: [] });
      await profiles.replace(TENANT, customerId, { attributes, extensions });
    }
  });

  it('R22 loads extensions that were not read, and leaves those that are not given', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await profiles.get(TENANT, customerId);
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes, extensions }, { basedOn }))).to.equal('ok');
    expect((await state()).revision).to.equal(1);
    await profiles.replace(TENANT, customerId, { attributes, extensions: { Phone: [] } }, { basedOn });
    expect((await state()).extensions).to.deep.equal({ Address: extensions.Address, Phone: [] });
  });

  it('R22 a member that is undefined is not given, so it stays where it was not shown', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await profiles.get(TENANT, customerId, { attributes: ['FirstName'], extensions: ['Phone'] });
    const given = {
      attributes: { FirstName: 'Robert', LastName: undefined },
      extensions: { Phone: [], Address: undefined },
    };
    await profiles.replace(TENANT, customerId, given, { basedOn });
    const after = await state();
    expect(after.attributes).to.deep.equal({ ...attributes, FirstName: 'Robert' });
    expect(after.extensions).to.deep.equal({ Address: extensions.Address, Phone: [] });
  });

  it('R14 the result of a replacement can be the base of the next one', async () => {
    const { profiles, calls } = await observedBruce();
    let basedOn = await profiles.get(TENANT, customerId);
    calls.length = 0;
    for (const FirstName of ['a', 'b', 'c']) {
      basedOn = await profiles.replace(TENANT, customerId, { attributes: { ...attributes, FirstName } }, { basedOn });
    }
    expect([basedOn.revision, calls]).to.deep.equal([4, ['replace', 'replace', 'replace']]);
    const created = await profiles.create(TENANT, { attributes });
    const options = { basedOn: created };
    expect((await profiles.replace(TENANT, created.customerId, renamed, options)).revision).to.equal(2);
  });

  it('R14 a profile that changed meanwhile is a conflict, whatever the representation', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await state();
    await profiles.replace(TENANT, customerId, renamed);
    for (const given of [{ attributes }, renamed, { attributes: { FirstName: 'x' } }, { attributes, extensions: {} }]) {
      const error = await refusal<RevisionConflictError>(profiles.replace(TENANT, customerId, given, { basedOn }));
      expect([error.code, error.currentRevision]).to.deep.equal(['revision_conflict', 2]);
    }
    expect((await state()).attributes).to.deep.equal(renamed.attributes);
  });

  it('R15 does not recreate a profile that was deleted', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await state();
    await profiles.delete(TENANT, customerId);
    expect(await outcome(profiles.replace(TENANT, customerId, renamed, { basedOn }))).to.equal('not_found');
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes }, { basedOn }))).to.equal('not_found');
  });

  it('R7 R13 decides by the read snapshot, not by the view that the caller mutated', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await state();
    (basedOn.attributes.Email as string[]).push('c@example.com');
    Object.assign(basedOn.attributes, renamed.attributes);
    Object.assign(basedOn.extensions ?? {}, { Phone: [], Address: { City: 'Elsewhere' } });
    const answer = await profiles.replace(TENANT, customerId, { attributes: basedOn.attributes }, { basedOn });
    expect(answer.revision, 'the mutated view differs from the stored profile').to.equal(2);
    expect((await state()).attributes.FirstName).to.equal('Robert');
    expect((await state()).extensions).to.deep.equal(extensions);
  });

  it('R12 R19 updates index entries by the read snapshot, not by the view that the caller mutated', async () => {
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

  it('R13 changes nothing if the representation equals the profile that was read', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await state();
    expect(await profiles.replace(TENANT, customerId, { attributes, extensions }, { basedOn })).to.deep.equal(basedOn);
    expect(await state()).to.deep.equal(basedOn);
  });

  it('R22 uses the reading of a copy through JSON, or of a view from another process, or by itself', async () => {
    const { profiles, repository, state } = await observedBruce();
    const copies = [
      async () => JSON.parse(JSON.stringify(await state())) as Profile,
      async () => ({ ...(await state()) }),
      () => createServices(repository).state(),
      async () => (await state()).reading,
    ];
    for (const copy of copies) {
      const basedOn = await copy();
      const { revision } = await state();
      const given = { attributes: { FirstName: `${revision}` } };
      expect((await profiles.replace(TENANT, customerId, given, { basedOn })).revision).to.equal(revision + 1);
      expect(await outcome(profiles.replace(TENANT, customerId, renamed, { basedOn }))).to.equal('revision_conflict');
    }
  });

  it('R14 R17 refuses another profile, another tenant, and a value that is not a profile', async () => {
    const { profiles, schemas, state } = await observedBruce();
    await schemas.define('2', SCHEMA);
    const clark = await profiles.create(TENANT, { attributes });
    const elsewhere = await profiles.create('2', BRUCE);
    const before = await state();
    const { reading, ...unread } = before;
    const wrong = [clark, elsewhere, null, {}, unread, { ...before, reading: 1 }, 1, [before, null]];
    for (const one of wrong) {
      const replacing = profiles.replace(TENANT, customerId, renamed, { basedOn: one as Profile });
      expect(await outcome(replacing)).to.equal('malformed_request');
    }
    expect(await state()).to.deep.equal(before);
  });

  it('R22 a text that is no reading, or one of another profile or tenant, matches nothing', async () => {
    const { profiles, schemas, state } = await observedBruce();
    await schemas.define('2', SCHEMA);
    const clark = await profiles.create(TENANT, { attributes });
    const elsewhere = await profiles.create('2', BRUCE);
    const before = await state();
    for (const basedOn of ['bruce', '1', '', clark.reading, elsewhere.reading, []]) {
      expect(await outcome(profiles.replace(TENANT, customerId, renamed, { basedOn }))).to.equal('revision_conflict');
    }
    expect(await state()).to.deep.equal(before);
  });

  it('R22 of several readings and revisions, any may match; what matching readings showed is joined', async () => {
    const { profiles, state } = await observedBruce();
    const old = await profiles.get(TENANT, customerId, { attributes: ['FirstName'] });
    await profiles.replace(TENANT, customerId, { attributes, extensions: {} });
    const shown = async (names: string[]) => (await profiles.get(TENANT, customerId, { attributes: names })).reading;
    const basedOn = [old, await shown(['FirstName']), await shown(['LastName'])];
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' } }, { basedOn, ifRevision: 7 });
    const { LastName, ...others } = attributes;
    expect((await state()).attributes).to.deep.equal({ ...others, FirstName: 'x' });
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'y' } }, { basedOn, ifRevision: [3] });
    expect((await state()).attributes).to.deep.equal({ FirstName: 'y', Score: 7 });
  });

  it('R16 applies a schema that changed meanwhile', async () => {
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
    const { Nick, ...known } = later.attributes;
    const { reading } = await state();
    expect(await state()).to.deep.equal({ ...later, reading, attributes: known });
  });

  it('R11 R14 violations take precedence over a revision conflict', async () => {
    const { profiles, state } = await observedBruce();
    const basedOn = await state();
    await profiles.replace(TENANT, customerId, renamed);
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes: {} }, { basedOn }))).to.equal(
      'invalid_profile',
    );
  });

  it('R14 satisfies a host that requires an expected revision', async () => {
    const { profiles, state } = await createServicesWithBruce(undefined, { requireExpectedRevision: true });
    expect(await outcome(profiles.replace(TENANT, customerId, renamed, { basedOn: await state() }))).to.equal('ok');
  });

  describe('R14 distinguishes a recreated profile from its predecessor, even in the same millisecond', () => {
    const madeAnew = async () => {
      const clock = () => new Date('2026-01-01T00:00:00Z');
      const services = await createServicesWithBruce(undefined, { now: clock });
      const basedOn = await services.profiles.get(TENANT, customerId);
      await services.profiles.delete(TENANT, customerId);
      await services.profiles.create(TENANT, { customerId, attributes: { FirstName: 'Another' } });
      return { ...services, basedOn };
    };

    it('a replacement based on the predecessor is refused, and changes nothing', async () => {
      const { profiles, schemas, basedOn } = await madeAnew();
      await schemas.addKey(TENANT, { name: 'byName', attributes: ['FirstName'], unique: true });
      const refused = await refusal<RevisionConflictError>(profiles.replace(TENANT, customerId, renamed, { basedOn }));
      expect([refused.code, refused.currentRevision]).to.deep.equal(['revision_conflict', 3]);
      const find = async (FirstName: string) =>
        (await profiles.identify(TENANT, { values: { FirstName } })).items.length;
      expect([await find('Another'), await find('Robert'), await find('Bruce')]).to.deep.equal([1, 0, 0]);
    });

    it('a replacement based on the reading of the predecessor is refused as well', async () => {
      const { profiles, basedOn } = await madeAnew();
      const options = { basedOn: basedOn.reading };
      expect(await outcome(profiles.replace(TENANT, customerId, renamed, options))).to.equal('revision_conflict');
    });

    it('profile views have timestamps in milliseconds', async () => {
      const { profiles } = await madeAnew();
      const { createdAt, updatedAt } = await profiles.get(TENANT, customerId);
      expect([createdAt, updatedAt]).to.deep.equal(['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z']);
    });
  });
});
