import { expect } from 'chai';
import type { InvalidProfileError, Representation, RevisionConflictError } from 'dossier';
import {
  BRUCE,
  createServices,
  createServicesWithBruce,
  outcome,
  refusal,
  TENANT,
  tickingClock,
} from '../service-harness.js';

const { customerId, attributes, extensions } = BRUCE;
const ATTRIBUTES = { FirstName: 'Robert', Score: 7 };

describe('ProfileService: replace', () => {
  const replaced = async (representation: Representation) => {
    const { profiles, state } = await createServicesWithBruce();
    const answer = await profiles.replace(TENANT, customerId, representation);
    const { extensions: all, reading: _, ...kept } = await state();
    const { extensions: answered, reading: __, ...rest } = answer;
    expect(rest, 'the result is the stored profile').to.deep.equal(kept);
    return { attributes: kept.attributes, extensions: all, answered, revision: kept.revision };
  };

  it('R6 the attributes are exactly those of the representation, plus defaults', async () => {
    expect((await replaced({ attributes: { firstname: 'Robert' } })).attributes).to.deep.equal(ATTRIBUTES);
  });

  it('R7 without extensions, all extensions stay as they are, and none is returned', async () => {
    for (const given of [
      { attributes: { FirstName: 'Robert' } },
      { attributes: { FirstName: 'Robert' }, extensions: undefined },
      { members: { FirstName: 'Robert', Phone: undefined } },
    ]) {
      expect(await replaced(given)).to.deep.equal({
        attributes: ATTRIBUTES,
        extensions,
        answered: undefined,
        revision: 2,
      });
    }
  });

  it('R8 with some extensions, all extensions are replaced', async () => {
    for (const given of [
      { attributes: { FirstName: 'Robert' }, extensions: { PHONE: { Number: '3' } } },
      { members: { FirstName: 'Robert', PHONE: { Number: '3' } } },
    ]) {
      expect(await replaced(given)).to.deep.equal({
        attributes: ATTRIBUTES,
        extensions: { Phone: [{ Number: '3' }] },
        answered: { Phone: [{ Number: '3' }] },
        revision: 2,
      });
    }
  });

  it('R8 {}, null and [] remove every extension', async () => {
    for (const given of [{}, { Phone: [] }, { Address: null }, { Phone: null, Address: [] }]) {
      const { extensions: all } = await replaced({ attributes: { FirstName: 'Robert' }, extensions: given });
      expect(all).to.deep.equal({ Phone: [] });
    }
    expect((await replaced({ members: { FirstName: 'Robert', phone: [] } })).extensions).to.deep.equal({ Phone: [] });
  });

  it('R11 R12 a refused replacement changes nothing: no attributes, extensions, revision or timestamps', async () => {
    const { profiles, state } = await createServicesWithBruce(undefined, { now: tickingClock() });
    const before = await state();
    for (const given of [
      { attributes: {} },
      { attributes: { FirstName: 'x', Other: 1 } },
      { attributes: { FirstName: 'x' }, extensions: { Phone: [{ Number: '1' }, { Number: '1' }] } },
      { members: { FirstName: 'x', Phone: [], Unknown: null } },
      undefined as unknown as Representation,
    ]) {
      const { code, violations } = await refusal<InvalidProfileError>(profiles.replace(TENANT, customerId, given));
      expect(code).to.equal('invalid_profile');
      expect(violations).not.to.be.empty;
      expect(await state()).to.deep.equal(before);
    }
  });

  it('R13 each change adds one to the revision, and sets updatedAt only', async () => {
    const { profiles, state } = await createServicesWithBruce(undefined, { now: tickingClock() });
    const first = await state();
    for (const revision of [2, 3, 4]) {
      await profiles.replace(TENANT, customerId, { attributes: { FirstName: `${revision}` } });
      const now = await state();
      expect([now.revision, now.createdAt]).to.deep.equal([revision, first.createdAt]);
      expect(now.updatedAt > first.updatedAt).to.equal(true);
    }
  });

  it('R13 a replacement that equals the stored profile changes nothing, not even the revision or updatedAt', async () => {
    const { profiles, state } = await createServicesWithBruce(undefined, { now: tickingClock() });
    const before = await state();
    const same: Representation[] = [
      { attributes },
      { attributes, extensions },
      { attributes: before.attributes, extensions: before.extensions },
      { members: { ...extensions, ...attributes } },
      {
        members: {
          PHONE: extensions.Phone,
          address: extensions.Address,
          EMAIL: attributes.Email,
          score: 1,
          LASTNAME: 'Banner',
          firstName: 'Bruce',
        },
      },
    ];
    for (const given of same) {
      expect((await profiles.replace(TENANT, customerId, given, { ifRevision: 1 })).revision).to.equal(1);
      expect(await state()).to.deep.equal(before);
    }
  });

  it('R13 W1 a new segment is a change; the same one, or none, is not', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const replace = async (segment?: string) =>
      (await profiles.replace(TENANT, customerId, { attributes }, { segment })).revision;
    expect([await replace('gold'), await replace('gold'), await replace(), await replace('silver')]).to.deep.equal([
      2, 2, 2, 3,
    ]);
    const { segment, extensions: kept } = await state();
    expect([segment, kept]).to.deep.equal(['silver', extensions]);
  });

  it('R14 a profile is replaced only if it has the expected revision', async () => {
    const { profiles, state } = await createServicesWithBruce();
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' } }, { ifRevision: 1 });
    const before = await state();
    for (const ifRevision of [0, 1, 3, [], [1, 3]]) {
      const given = { attributes: { FirstName: 'y' } };
      const error = await refusal<RevisionConflictError>(profiles.replace(TENANT, customerId, given, { ifRevision }));
      expect([error.code, error.currentRevision]).to.deep.equal(['revision_conflict', 2]);
      expect(await state()).to.deep.equal(before);
    }
    expect(
      (await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'y' } }, { ifRevision: [1, 2] })).revision,
    ).to.equal(3);
  });

  it('R14 an invalid revision is refused, and never ignored', async () => {
    const { profiles } = await createServicesWithBruce();
    for (const wrong of [null, '1', 1.5, -1, Number.NaN, [null], ['1'], {}, true]) {
      const options = { ifRevision: wrong as unknown as number };
      expect(await outcome(profiles.replace(TENANT, customerId, { attributes }, options))).to.equal(
        'malformed_request',
      );
      expect(await outcome(profiles.delete(TENANT, customerId, options))).to.equal('malformed_request');
    }
  });

  it('R11 R14 violations take precedence over a revision conflict', async () => {
    const { profiles } = await createServicesWithBruce();
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes: {} }, { ifRevision: 9 }))).to.equal(
      'invalid_profile',
    );
  });

  it('R14 if the host requires an expected revision, a call without one is refused', async () => {
    const { profiles } = await createServicesWithBruce(undefined, { requireExpectedRevision: true });
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes }))).to.equal('precondition_required');
    expect(await outcome(profiles.delete(TENANT, customerId))).to.equal('precondition_required');
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes }, { ifRevision: 1 }))).to.equal('ok');
  });

  it('R15 a replacement never creates a profile', async () => {
    const { profiles } = await createServicesWithBruce();
    for (const unknown of ['clark', 'BRUCE', 'bruce ', '', '..', 'x'.repeat(65), '__proto__', 'constructor']) {
      expect(await outcome(profiles.replace(TENANT, unknown, { attributes })), unknown).to.equal('not_found');
      expect(await outcome(profiles.get(TENANT, unknown)), unknown).to.equal('not_found');
    }
  });

  it('R15 without a schema, nothing can be stored or found', async () => {
    const { profiles, schemas } = createServices();
    expect(await outcome(profiles.create(TENANT, { attributes: {} }))).to.equal('schema_not_defined');
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes: {} }))).to.equal('schema_not_defined');
    expect(await outcome(profiles.replace(TENANT, 'no id', { attributes: {} }))).to.equal('schema_not_defined');
    expect(await outcome(profiles.get(TENANT, customerId))).to.equal('not_found');
    expect(await outcome(profiles.delete(TENANT, customerId))).to.equal('not_found');
    expect(await outcome(schemas.get(TENANT))).to.equal('not_found');
  });

  it('W1 a segment has 1 to 64 printable ASCII characters', async () => {
    const { profiles } = await createServicesWithBruce();
    const replace = (segment: unknown) =>
      outcome(profiles.replace(TENANT, customerId, { attributes }, { segment: segment as string }));
    for (const segment of ['a', 'a b', 'x'.repeat(64)]) expect(await replace(segment)).to.equal('ok');
    for (const segment of ['', ' a', 'a ', 'x'.repeat(65), 'a\nb', 'ä', 5, null]) {
      expect(await replace(segment)).to.equal('malformed_request');
    }
  });

  it('R12 input and result may be mutated afterwards', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const given = structuredClone({ attributes: { ...attributes, FirstName: 'x' }, extensions });
    const answer = await profiles.replace(TENANT, customerId, given);
    const before = structuredClone(await state());
    given.attributes.Email.push('c');
    given.extensions.Phone.pop();
    (answer.attributes.Email as string[]).push('d');
    Object.assign(answer.extensions ?? {}, { Phone: [] });
    expect(await state()).to.deep.equal(before);
  });
});
