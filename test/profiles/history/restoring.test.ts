import { expect } from 'chai';
import type { InvalidProfileError, SchemaDefinition } from 'dossier';
import { observe } from '../../observed-repository.js';
import {
  BRUCE,
  createServices,
  createServicesWithBruce,
  outcome,
  refusal,
  SCHEMA,
  TENANT,
} from '../../service-harness.js';
import { revisionsOf, statesOf } from './states.js';

const { customerId } = BRUCE;
const EMPTY = { attributes: { FirstName: 'Emptied' }, extensions: {} };
const [FIRST_NAME, LAST_NAME, SCORE, EMAIL] = SCHEMA.attributes;
const [ADDRESS, PHONE] = SCHEMA.extensions ?? [];

/** Bruce with revision 1, and an emptied revision 2. */
async function createEmptied(...args: Parameters<typeof createServicesWithBruce>) {
  const services = await createServicesWithBruce(...args);
  await services.profiles.replace(TENANT, customerId, EMPTY);
  return services;
}

describe('H3: profiles.restore', () => {
  it('makes the profile what it was, as one more revision, and answers all of it', async () => {
    const { profiles, state } = await createEmptied();
    const restored = await profiles.restore(TENANT, customerId, 1, { actor: 'ann', reason: 'Emptied by mistake' });
    const { attributes, extensions, revision } = await state();
    expect([attributes, extensions, revision]).to.deep.equal([BRUCE.attributes, BRUCE.extensions, 3]);
    expect(restored).to.deep.include({ attributes, extensions, revision });
    const [newest] = await statesOf(profiles);
    expect(newest).to.deep.include({
      operation: 'restore',
      actor: 'ann',
      reason: 'Emptied by mistake',
      changed: ['/FirstName', '/LastName', '/Score', '/Email', '/Address', '/Phone'],
    });
  });

  it('can itself be undone', async () => {
    const { profiles, state } = await createEmptied();
    await profiles.restore(TENANT, customerId, 1);
    await profiles.restore(TENANT, customerId, 2);
    expect((await state()).attributes).to.deep.equal({ FirstName: 'Emptied', Score: 7 });
    expect(await revisionsOf(profiles)).to.deep.equal(['4 restore', '3 restore', '2 replace', '1 create']);
  });

  it('restores the segment, sets it or removes it, unless the caller keeps it', async () => {
    const { profiles, state } = await createServicesWithBruce();
    await profiles.replace(TENANT, customerId, EMPTY, { segment: 'gold' });
    await profiles.restore(TENANT, customerId, 1, { segment: false });
    expect((await state()).segment).to.equal('gold');
    await profiles.restore(TENANT, customerId, 1);
    expect(await state()).not.to.have.property('segment');
    await profiles.restore(TENANT, customerId, 2);
    expect((await state()).segment).to.equal('gold');
    await profiles.delete(TENANT, customerId);
    expect(await profiles.restore(TENANT, customerId, 2, { segment: false })).not.to.have.property('segment');
  });

  it('is a new state also where the segment alone differs', async () => {
    const { profiles } = await createServicesWithBruce();
    await profiles.replace(TENANT, customerId, { attributes: BRUCE.attributes }, { segment: 'gold' });
    expect((await profiles.restore(TENANT, customerId, 1)).revision).to.equal(3);
    expect((await statesOf(profiles))[0]?.changed).to.deep.equal(['/segment']);
  });

  it('restores the entries of keys with the values', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await schemas.addKey(TENANT, { name: 'byEmail', attributes: ['Email'] });
    await profiles.replace(TENANT, customerId, EMPTY);
    const found = async () => (await profiles.identify(TENANT, { values: { Email: 'b@example.com' } })).items.length;
    expect(await found()).to.equal(0);
    await profiles.restore(TENANT, customerId, 1);
    expect(await found()).to.equal(1);
  });

  it('is not_found for a revision that is not kept, and for a deletion', async () => {
    const { profiles } = await createEmptied();
    expect(await outcome(profiles.restore(TENANT, customerId, 3))).to.equal('not_found');
    expect(await outcome(profiles.restore(TENANT, 'nobody', 1))).to.equal('not_found');
    await profiles.delete(TENANT, customerId);
    expect(await outcome(profiles.restore(TENANT, customerId, 3))).to.equal('not_found');
    expect(await revisionsOf(profiles)).to.deep.equal(['3 delete', '2 replace', '1 create']);
  });

  it('R15: is schema_not_defined without a schema', async () => {
    const { profiles } = createServices();
    expect(await outcome(profiles.restore(TENANT, customerId, 1))).to.equal('schema_not_defined');
  });

  for (const [revision, options] of [
    [0, {}],
    [1.5, {}],
    ['1', {}],
    [new Date(), {}],
    [1, { segment: 'gold' }],
    [1, { deleted: 'yes' }],
    [1, { ifRevison: 2 }],
    [1, null],
  ] as const) {
    it(`malformed_request: refuses ${revision instanceof Date ? 'a Date' : revision} with ${JSON.stringify(options)}`, async () => {
      const { profiles } = await createEmptied();
      const restoring = profiles.restore(TENANT, customerId, revision as never, options as never);
      expect(await outcome(restoring)).to.equal('malformed_request');
      expect(await revisionsOf(profiles)).to.deep.equal(['2 replace', '1 create']);
    });
  }

  describe('a profile that was deleted', () => {
    it('comes back under its id, with the next revision, as a new creation', async () => {
      const { profiles, state } = await createEmptied();
      const former = await state();
      await profiles.delete(TENANT, customerId);
      await profiles.restore(TENANT, customerId, 1, { actor: 'ann' });
      const { attributes, extensions, revision } = await state();
      expect([attributes, extensions, revision]).to.deep.equal([BRUCE.attributes, BRUCE.extensions, 4]);
      expect((await statesOf(profiles))[0]).to.include({ operation: 'restore', actor: 'ann' });
      const late = profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' } }, { basedOn: former });
      expect(await outcome(late)).to.equal('revision_conflict');
    });

    it('comes back as it was merged away', async () => {
      const { profiles, state } = await createServicesWithBruce();
      await profiles.create(TENANT, { customerId: 'other', attributes: { FirstName: 'Other' } });
      await profiles.merge(TENANT, 'other', customerId);
      await profiles.restore(TENANT, customerId, 1);
      expect((await state()).extensions).to.deep.equal(BRUCE.extensions);
    });

    it('recreated meanwhile, is what is replaced', async () => {
      const { profiles, state } = await createEmptied();
      await profiles.delete(TENANT, customerId);
      await profiles.create(TENANT, { customerId, attributes: { FirstName: 'Anew' } });
      await profiles.restore(TENANT, customerId, 1);
      expect((await state()).attributes).to.deep.equal(BRUCE.attributes);
      expect(await revisionsOf(profiles)).to.deep.equal(['5 restore', '4 create', '3 delete', '2 replace', '1 create']);
    });

    it('is not_found with deleted: false, whatever the revision, and stays deleted', async () => {
      const { profiles } = await createEmptied();
      await profiles.delete(TENANT, customerId);
      const never = await refusal(profiles.restore(TENANT, 'nobody', 1, { deleted: false }));
      for (const revision of [1, 3, 99]) {
        const error = await refusal(profiles.restore(TENANT, customerId, revision, { deleted: false }));
        expect([error.code, error.message]).to.deep.equal([never.code, never.message]);
      }
      expect(await outcome(profiles.get(TENANT, customerId))).to.equal('not_found');
    });

    it('R14: heeds ifRevision, which is then that of the deletion', async () => {
      const { profiles } = await createEmptied();
      await profiles.delete(TENANT, customerId);
      expect(await outcome(profiles.restore(TENANT, customerId, 1, { ifRevision: 2 }))).to.equal('revision_conflict');
      expect((await profiles.restore(TENANT, customerId, 1, { ifRevision: 3 })).revision).to.equal(4);
    });
  });

  describe('by the rules of today', () => {
    const define = async (schema: SchemaDefinition) => {
      const services = await createEmptied();
      await services.schemas.define(TENANT, schema, { force: true });
      const restore = () => services.profiles.restore(TENANT, customerId, 1);
      return { ...services, restore };
    };

    it('R9: violations refuse it, with the pointers into the profile, and change nothing', async () => {
      const { restore, profiles, state } = await define({
        ...SCHEMA,
        attributes: [...SCHEMA.attributes, { name: 'Country', type: 'string', mandatory: true }],
      });
      const before = await state();
      const { code, violations } = await refusal<InvalidProfileError>(restore());
      expect([code, violations.map(({ pointer, rule }) => `${rule} ${pointer}`)]).to.deep.equal([
        'invalid_profile',
        ['R9 /attributes/Country'],
      ]);
      expect(await state()).to.deep.equal(before);
      await profiles.delete(TENANT, customerId);
      expect(await outcome(restore())).to.equal('invalid_profile');
    });

    it('a shorter length refuses a text that was stored before', async () => {
      const { restore } = await define({
        ...SCHEMA,
        attributes: [{ name: 'FirstName', type: 'string', mandatory: true, length: 4 }],
      });
      const { violations } = await refusal<InvalidProfileError>(restore());
      expect(violations.map(({ pointer }) => pointer)).to.deep.equal(['/attributes/FirstName']);
    });

    it('a default takes the place of a value that the state did not have', async () => {
      const { restore } = await define({
        ...SCHEMA,
        attributes: [...SCHEMA.attributes, { name: 'Country', type: 'string', mandatory: true, default: 'US' }],
      });
      expect((await restore()).attributes).to.deep.equal({ ...BRUCE.attributes, Country: 'US' });
    });

    const changes: Readonly<Record<string, readonly [schema: SchemaDefinition, restored: object]>> = {
      'an attribute was removed': [
        { ...SCHEMA, attributes: [FIRST_NAME, SCORE, EMAIL] as SchemaDefinition['attributes'] },
        { attributes: { FirstName: 'Bruce', Score: 1, Email: BRUCE.attributes.Email }, extensions: BRUCE.extensions },
      ],
      'an attribute has another type': [
        {
          ...SCHEMA,
          attributes: [FIRST_NAME, { ...LAST_NAME, type: 'integer' }, SCORE, EMAIL] as SchemaDefinition['attributes'],
        },
        { attributes: { FirstName: 'Bruce', Score: 1, Email: BRUCE.attributes.Email }, extensions: BRUCE.extensions },
      ],
      'an attribute became multi-valued, and another one single-valued': [
        {
          ...SCHEMA,
          attributes: [
            FIRST_NAME,
            { name: 'LastName', type: 'string', multiValued: true },
            SCORE,
            { name: 'Email', type: 'string' },
          ] as SchemaDefinition['attributes'],
        },
        { attributes: { FirstName: 'Bruce', LastName: ['Banner'], Score: 1 }, extensions: BRUCE.extensions },
      ],
      'an extension was removed': [
        { ...SCHEMA, extensions: [ADDRESS] as never },
        { attributes: BRUCE.attributes, extensions: { Address: BRUCE.extensions.Address } },
      ],
      'an extension of several records became single-valued': [
        { ...SCHEMA, extensions: [ADDRESS, { ...PHONE, type: 'single-valued', unique: undefined }] as never },
        { attributes: BRUCE.attributes, extensions: { Address: BRUCE.extensions.Address } },
      ],
      'an attribute of records was removed': [
        { ...SCHEMA, extensions: [ADDRESS, { ...PHONE, attributes: [{ name: 'Number', type: 'string' }] }] as never },
        {
          attributes: BRUCE.attributes,
          extensions: { Address: BRUCE.extensions.Address, Phone: [{ Number: '1' }, { Number: '2' }] },
        },
      ],
      'names are in another case': [
        { ...SCHEMA, attributes: [FIRST_NAME, { ...LAST_NAME, name: 'LASTNAME' }, SCORE, EMAIL] as never },
        {
          attributes: { FirstName: 'Bruce', LASTNAME: 'Banner', Score: 1, Email: BRUCE.attributes.Email },
          extensions: BRUCE.extensions,
        },
      ],
    };
    for (const [what, [schema, restored]] of Object.entries(changes)) {
      for (const deleted of [false, true]) {
        it(`R16: restores what today's schema knows, where ${what}${deleted ? ', of a deleted profile' : ''}`, async () => {
          const { restore, profiles } = await define(schema);
          if (deleted) await profiles.delete(TENANT, customerId);
          const { attributes, extensions } = await restore();
          expect({ attributes, extensions }).to.deep.equal(restored);
        });
      }
    }

    it('R19: a unique key refuses a value that another profile has taken, and no duplicate comes back', async () => {
      for (const deleted of [false, true]) {
        const { profiles, schemas } = await createServicesWithBruce();
        await schemas.addKey(TENANT, { name: 'oneEmail', attributes: ['Email'], unique: true });
        await profiles.replace(TENANT, customerId, EMPTY);
        if (deleted) await profiles.delete(TENANT, customerId);
        await profiles.create(TENANT, { attributes: { FirstName: 'Taker', Email: 'b@example.com' } });
        const restoring = profiles.restore(TENANT, customerId, 1);
        expect(await outcome(restoring)).to.equal('identity_taken');
        const { items } = await profiles.identify(TENANT, { values: { Email: 'b@example.com' } });
        expect(items).to.have.length(1);
      }
    });

    it('too_large: a lower limit refuses a state that was stored before', async () => {
      const { repository } = await createEmptied();
      const long = { attributes: { FirstName: 'x'.repeat(200), Email: Array(9).fill('y'.repeat(200)) } };
      const first = createServices(repository);
      await first.profiles.replace(TENANT, customerId, long);
      await first.profiles.replace(TENANT, customerId, EMPTY);
      const second = createServices(repository, { maxProfileBytes: 1_024 });
      expect(await outcome(second.profiles.restore(TENANT, customerId, 3))).to.equal('too_large');
    });

    it('R14: heeds ifRevision, and requireExpectedRevision', async () => {
      const { profiles, repository } = await createEmptied();
      expect(await outcome(profiles.restore(TENANT, customerId, 1, { ifRevision: 1 }))).to.equal('revision_conflict');
      const strict = createServices(repository, { requireExpectedRevision: true });
      expect(await outcome(strict.profiles.restore(TENANT, customerId, 1))).to.equal('precondition_required');
      expect((await strict.profiles.restore(TENANT, customerId, 1, { ifRevision: 2 })).revision).to.equal(3);
    });
  });

  describe('races', () => {
    it('R14: of ten restores that expect the same revision, exactly one succeeds', async () => {
      const { profiles } = await createEmptied();
      const restoring = Array.from({ length: 10 }, () => profiles.restore(TENANT, customerId, 1, { ifRevision: 2 }));
      const outcomes = await Promise.all(restoring.map(outcome));
      expect(outcomes.filter((one) => one === 'ok')).to.have.length(1);
      expect(await revisionsOf(profiles)).to.deep.equal(['3 restore', '2 replace', '1 create']);
    });

    it('ten restores of a deleted profile all succeed: one creates it, and the others change nothing', async () => {
      const { profiles, repository, state } = await createEmptied();
      await profiles.delete(TENANT, customerId);
      const others = createServices(repository).profiles;
      const restoring = Array.from({ length: 10 }, (_, index) =>
        (index % 2 ? profiles : others).restore(TENANT, customerId, 1),
      );
      expect((await Promise.all(restoring)).map(({ revision }) => revision)).to.deep.equal(Array(10).fill(4));
      expect((await state()).attributes).to.deep.equal(BRUCE.attributes);
    });

    const meanwhile: Readonly<Record<string, readonly [before: 'load' | 'commit', deleted: boolean]>> = {
      'is recreated meanwhile': ['commit', true],
      'is deleted before it is read': ['load', false],
      'is deleted before the commit': ['commit', false],
    };
    for (const [what, [method, deleted]] of Object.entries(meanwhile)) {
      it(`a profile that ${what} is restored all the same`, async () => {
        const store = observedStore();
        const { profiles, state } = await createEmptied(store.repository);
        if (deleted) await profiles.delete(TENANT, customerId);
        const other = createServices(store.inner).profiles;
        store.justBefore(method, () =>
          deleted
            ? other.create(TENANT, { customerId, attributes: { FirstName: 'Anew' } })
            : other.delete(TENANT, customerId),
        );
        await profiles.restore(TENANT, customerId, 1);
        expect((await state()).attributes).to.deep.equal(BRUCE.attributes);
        expect((await revisionsOf(profiles)).slice(0, 2)).to.deep.equal(
          deleted ? ['5 restore', '4 create'] : ['4 restore', '3 delete'],
        );
      });
    }

    for (const deleted of [false, true]) {
      it(`R16: a schema change meanwhile refuses nothing that the schema no longer knows${deleted ? ', of a deleted profile' : ''}`, async () => {
        const store = observedStore();
        const { profiles } = await createEmptied(store.repository);
        if (deleted) await profiles.delete(TENANT, customerId);
        const attributes = SCHEMA.attributes.filter(({ name }) => name !== 'LastName');
        store.justBefore('commit', () => createServices(store.inner).schemas.define(TENANT, { ...SCHEMA, attributes }));
        const restored = await profiles.restore(TENANT, customerId, 1);
        expect(restored.attributes).to.include({ FirstName: 'Bruce' }).and.not.have.property('LastName');
      });
    }

    it('deleted: false brings no profile back that is deleted meanwhile', async () => {
      for (const method of ['load', 'commit'] as const) {
        const store = observedStore();
        const { profiles } = await createEmptied(store.repository);
        store.justBefore(method, () => createServices(store.inner).profiles.delete(TENANT, customerId));
        expect(await outcome(profiles.restore(TENANT, customerId, 1, { deleted: false }))).to.equal('not_found');
        expect(await outcome(profiles.get(TENANT, customerId))).to.equal('not_found');
      }
    });
  });
});

function observedStore() {
  const { repository: inner } = createServices();
  return { inner, ...observe(inner) };
}
