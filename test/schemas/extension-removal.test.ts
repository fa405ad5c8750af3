import { expect } from 'chai';
import { createDossier, StorageUnavailableError } from 'dossier';
import type { StoredSchema } from 'dossier/storage';
import { observe } from '../observed-repository.js';
import {
  BRUCE,
  createServices,
  createServicesWithBruce,
  outcome,
  refusal,
  SCHEMA,
  TENANT,
  tickingClock,
} from '../service-harness.js';

const { customerId, attributes } = BRUCE;
const ADDRESS = (SCHEMA.extensions ?? []).filter(({ name }) => name === 'Address');
const WITHOUT_PHONE = { ...SCHEMA, extensions: ADDRESS };

/** The stored schema, including draining extensions, without the numbers of its definitions. */
async function storedSchema(repository: ReturnType<typeof createServices>['repository']): Promise<StoredSchema> {
  const stored = await repository.loadSchema(TENANT);
  if (!stored) throw new Error('There is no schema.');
  const { lastNumber: _, retiredNames: __, canonicalSince: ___, ...schema } = stored.schema;
  const extensions = schema.extensions.map(({ number: __, ...extension }) => extension);
  return { ...schema, extensions };
}

describe('SchemaService: removing extensions', () => {
  it('W8 an extension without records is removed', async () => {
    const { profiles, schemas, repository } = await createServicesWithBruce();
    await profiles.replace(TENANT, customerId, { attributes, extensions: { Address: { City: 'x' } } });
    await schemas.removeExtension(TENANT, 'PHONE');
    expect((await storedSchema(repository)).extensions).to.deep.equal(ADDRESS);
    expect(await outcome(schemas.removeExtension(TENANT, 'Phone'))).to.equal('not_found');
  });

  it('W8 records are a conflict, and nothing changes', async () => {
    const { schemas, state } = await createServicesWithBruce();
    const before = [await schemas.get(TENANT), await state()];
    expect(await outcome(schemas.removeExtension(TENANT, 'Phone'))).to.equal('schema_in_use');
    expect(await outcome(schemas.define(TENANT, WITHOUT_PHONE))).to.equal('schema_in_use');
    expect([await schemas.get(TENANT), await state()]).to.deep.equal(before);
  });

  it('R13 W8 force deletes the records, with one change of each profile that has any', async () => {
    for (const remove of ['removeExtension', 'define'] as const) {
      const { profiles, schemas, state } = await createServicesWithBruce(undefined, { now: tickingClock() });
      const clark = { customerId: 'clark', attributes: { FirstName: 'Clark' }, extensions: { Address: { City: 'x' } } };
      await profiles.create(TENANT, clark);
      const [bruceBefore, clarkBefore] = [await state(), await state('clark')];
      if (remove === 'define') await schemas.define(TENANT, WITHOUT_PHONE, { force: true });
      else await schemas.removeExtension(TENANT, 'phone', { force: true });
      const bruce = await state();
      expect(bruce.attributes).to.deep.equal(bruceBefore.attributes);
      expect([bruce.extensions, bruce.revision]).to.deep.equal([{ Address: BRUCE.extensions.Address }, 2]);
      expect(bruce.updatedAt > bruceBefore.updatedAt).to.equal(true);
      const { Phone: _, ...extensions } = clarkBefore.extensions ?? {};
      const { reading } = await state('clark');
      expect(await state('clark')).to.deep.equal({ ...clarkBefore, reading, extensions });
    }
  });

  it('W8 deleted records do not reappear with a new extension of the same name', async () => {
    const { schemas, state } = await createServicesWithBruce();
    await schemas.removeExtension(TENANT, 'Phone', { force: true });
    await schemas.define(TENANT, SCHEMA);
    expect((await state()).extensions?.Phone).to.deep.equal([]);
  });

  it('W8 records are found and deleted in more profiles than one page', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await profiles.delete(TENANT, customerId);
    const inputs = Array.from({ length: 450 }, (_, index) => ({
      attributes,
      extensions: index % 3 === 1 ? { Phone: [{ Number: `${index}` }] } : { Address: { City: 'x' } },
    }));
    await profiles.createMany(TENANT, inputs);
    expect(await outcome(schemas.removeExtension(TENANT, 'Phone'))).to.equal('schema_in_use');
    await schemas.removeExtension(TENANT, 'Phone', { force: true });
    await schemas.define(TENANT, SCHEMA);
    for await (const { revision, extensions } of profiles.all(TENANT)) {
      expect(extensions?.Phone).to.deep.equal([]);
      expect(revision).to.equal(extensions?.Address ? 1 : 2);
    }
  });

  it('R16 W8 a record that is stored during the check for records is not orphaned', async () => {
    const { repository, justBefore, calls } = observe();
    const { profiles, schemas, state } = await createServicesWithBruce(repository);
    await profiles.replace(TENANT, customerId, { attributes, extensions: {} });
    const other = createServices(repository);
    calls.length = 0;
    justBefore('commitSchema', () => other.profiles.insertRecords(TENANT, customerId, { Phone: { Number: '9' } }));
    expect(await outcome(schemas.removeExtension(TENANT, 'Phone'))).to.equal('schema_in_use');
    expect((await state()).extensions).to.deep.equal({ Phone: [{ Number: '9' }] });
    expect((await storedSchema(repository)).extensions).to.deep.equal(SCHEMA.extensions);
    expect(await outcome(other.profiles.insertRecords(TENANT, customerId, { Phone: { Number: '8' } }))).to.equal('ok');
  });

  for (const [what, write] of Object.entries({
    'W9 an insertion': ({ profiles }: ReturnType<typeof createServices>) =>
      profiles.insertRecords(TENANT, customerId, { Address: { City: 'Dayton' } }),
    'W11 a merge': async ({ profiles }: ReturnType<typeof createServices>) => {
      await profiles.create(TENANT, { customerId: 'clark', attributes, extensions: { Address: { City: 'Dayton' } } });
      await profiles.merge(TENANT, customerId, 'clark');
    },
  })) {
    it(`${what} into another extension keeps a record that was stored before the extension drained`, async () => {
      const { repository, justBefore } = observe();
      const { profiles, schemas, state } = await createServicesWithBruce(repository);
      await profiles.replace(TENANT, customerId, { attributes, extensions: {} });
      const other = createServices(repository);
      justBefore('commitSchema', async () => {
        await other.profiles.insertRecords(TENANT, customerId, { Phone: { Number: '9' } });
        justBefore('page', () => write(other));
      });
      expect(await outcome(schemas.removeExtension(TENANT, 'Phone'))).to.equal('schema_in_use');
      expect((await state()).extensions).to.deep.equal({ Address: { City: 'Dayton' }, Phone: [{ Number: '9' }] });
    });
  }

  for (const change of ['updateRecord', 'deleteRecord'] as const) {
    it(`W10 ${change} in another extension keeps such a record as well`, async () => {
      const { repository, justBefore } = observe();
      const { profiles, schemas, state } = await createServicesWithBruce(repository);
      const mail = { name: 'Mail', type: 'multi-valued', unique: ['At'] } as const;
      const parts = ['At', 'Kind'].map((name) => ({ name, type: 'string' }) as const);
      await schemas.addExtension(TENANT, { ...mail, attributes: parts });
      const kept = [{ At: 'a' }, { At: 'b', Kind: 'work' }];
      await profiles.replace(TENANT, customerId, { attributes, extensions: { Mail: kept } });
      const other = createServices(repository);
      justBefore('commitSchema', async () => {
        await other.profiles.insertRecords(TENANT, customerId, { Phone: { Number: '9' } });
        justBefore('page', () => other.profiles[change](TENANT, customerId, 'Mail', { At: 'a', Kind: 'home' }));
      });
      expect(await outcome(schemas.removeExtension(TENANT, 'Phone'))).to.equal('schema_in_use');
      const changed = change === 'updateRecord' ? [{ At: 'a', Kind: 'home' }] : [];
      expect((await state()).extensions).to.deep.equal({ Phone: [{ Number: '9' }], Mail: [...changed, kept[1]] });
    });

    it(`R16 W10 ${change} during the removal of its extension is not_found, and stores nothing`, async () => {
      const { repository, justBefore } = observe();
      const { profiles, schemas, state } = await createServicesWithBruce(repository);
      const other = createServices(repository);
      await other.state();
      const act = (services: typeof other) =>
        outcome(services.profiles[change](TENANT, customerId, 'Phone', { Number: '1', Kind: 'work' }));
      let meanwhile: string | undefined;
      // The first call is decided by the schema before the removal, the second one while the extension drains.
      justBefore('commit', async () => {
        justBefore('commit', async () => {
          meanwhile = await act(other);
        });
        await schemas.removeExtension(TENANT, 'Phone', { force: true });
      });
      expect([await act({ ...other, profiles }), meanwhile]).to.deep.equal(['not_found', 'not_found']);
      const { revision, extensions } = await state();
      expect([revision, extensions]).to.deep.equal([2, { Address: BRUCE.extensions.Address }]);
      expect((await storedSchema(repository)).extensions).to.deep.equal(ADDRESS);
    });
  }

  it('R8 W8 a concurrent replacement removes such a record, even if it changes nothing else', async () => {
    const { repository, justBefore } = observe();
    const { profiles, schemas, state } = await createServicesWithBruce(repository);
    await profiles.replace(TENANT, customerId, { attributes, extensions: {} });
    const other = createServices(repository);
    justBefore('commitSchema', async () => {
      await other.profiles.insertRecords(TENANT, customerId, { Phone: { Number: '9' } });
      justBefore('page', () => other.profiles.replace(TENANT, customerId, { attributes, extensions: {} }));
    });
    expect(await outcome(schemas.removeExtension(TENANT, 'Phone'))).to.equal('ok');
    expect((await state()).extensions).to.deep.equal({});
  });

  it('R16 W8 while an extension drains, its records are hidden, and new ones are refused', async () => {
    const { repository, justBefore } = observe();
    const { schemas, state } = await createServicesWithBruce(repository);
    const other = createServices(repository);
    await other.state();
    let meanwhile: unknown[] = [];
    justBefore('commit', async () => {
      const given = { attributes, extensions: { Phone: [{ Number: '9' }] } };
      meanwhile = [
        await outcome(other.profiles.replace(TENANT, customerId, given)),
        await outcome(other.profiles.insertRecords(TENANT, customerId, given.extensions)),
        (await other.state()).extensions,
        (await other.schemas.get(TENANT)).extensions,
      ];
    });
    await schemas.removeExtension(TENANT, 'Phone', { force: true });
    expect(meanwhile).to.deep.equal([
      'invalid_profile',
      'invalid_profile',
      { Address: BRUCE.extensions.Address },
      ADDRESS,
    ]);
    expect((await state()).extensions).to.deep.equal({ Address: BRUCE.extensions.Address });
  });

  it('R12 W8 deleting the records does not overwrite concurrent changes of the profile', async () => {
    const { repository, justBefore } = observe();
    const { schemas, state } = await createServicesWithBruce(repository);
    const other = createServices(repository);
    justBefore('commit', () => other.profiles.replace(TENANT, customerId, { attributes: { FirstName: 'Robert' } }));
    await schemas.removeExtension(TENANT, 'Phone', { force: true });
    const { attributes: kept, revision } = await state();
    expect([kept, revision]).to.deep.equal([{ FirstName: 'Robert', Score: 7 }, 3]);
  });

  it('R16 W8 a removal that races with writers orphans no record, and loses none', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { profiles, schemas, repository } = await createServicesWithBruce();
      const other = createServices(repository);
      const writing = Array.from({ length: 20 }, (_, index) =>
        outcome(
          other.profiles.create(TENANT, {
            customerId: `c${index}`,
            attributes,
            extensions: { Phone: { Number: '1' } },
          }),
        ),
      );
      const removing = outcome(schemas.removeExtension(TENANT, 'Phone', { force: true }));
      const outcomes = await Promise.all([removing, ...writing]);
      expect(outcomes[0]).to.equal('ok');
      const { profiles: stored } = await repository.page(TENANT, { limit: 1_000 });
      expect(stored.filter(({ extensions }) => extensions?.Phone)).to.deep.equal([]);
      const created = outcomes.slice(1).filter((one) => one === 'ok').length;
      expect(stored).to.have.length(1 + created);
      expect(outcomes.slice(1).every((one) => one === 'ok' || one === 'invalid_profile')).to.equal(true);
      expect(await outcome(profiles.get(TENANT, customerId, { extensions: ['Phone'] }))).to.equal('not_found');
    }
  });

  describe('R12 W8 during concurrent changes of the schema', () => {
    const NICKNAME = [...SCHEMA.attributes, { name: 'Nickname', type: 'string' }] as const;
    const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

    it('a forced definition that loses the race drains and deletes nothing', async () => {
      const { repository, justBefore } = observe();
      const { schemas, state } = await createServicesWithBruce(repository);
      const other = createServices(repository);
      justBefore('commitSchema', () => other.schemas.defineAttributes(TENANT, NICKNAME));
      const late = schemas.define(TENANT, WITHOUT_PHONE, { force: true, ifVersion: 1 });
      expect(await outcome(late)).to.equal('revision_conflict');
      expect((await storedSchema(repository)).extensions).to.deep.equal(SCHEMA.extensions);
      expect((await state()).extensions).to.deep.equal(BRUCE.extensions);
    });

    it('a forced definition that wins the race completes, and keeps the later changes of others', async () => {
      const { repository, justBefore } = observe();
      const { profiles, schemas, state } = await createServicesWithBruce(repository);
      await profiles.create(TENANT, { ...BRUCE, customerId: 'zod' });
      const other = createServices(repository);
      // After the records of the first profile are deleted, and before those of the second.
      justBefore('commit', async () =>
        justBefore('commit', () => other.schemas.defineAttributes(TENANT, NICKNAME, { ifVersion: 2 })),
      );
      const answer = await schemas.define(TENANT, WITHOUT_PHONE, { force: true, ifVersion: 1 });
      const { attributes: kept, extensions } = await storedSchema(repository);
      expect([names(kept), extensions]).to.deep.equal([names(NICKNAME), ADDRESS]);
      expect(answer).to.deep.equal(await schemas.get(TENANT));
      for (const { extensions: stored } of (await repository.page(TENANT, { limit: 10 })).profiles) {
        expect(stored).to.have.all.keys('Address');
      }
      expect([(await state()).revision, (await state('zod')).revision]).to.deep.equal([2, 2]);
    });

    it('the rest of a forced definition takes effect with its first version', async () => {
      const { repository, justBefore } = observe();
      const { schemas } = await createServicesWithBruce(repository);
      let meanwhile: unknown;
      justBefore('commit', async () => {
        meanwhile = await createServices(repository).schemas.get(TENANT);
      });
      const definition = { ...WITHOUT_PHONE, attributes: [...NICKNAME] };
      const { version, ...answer } = await schemas.define(TENANT, definition, { force: true });
      expect(meanwhile).to.deep.equal({ ...answer, version: 2 });
      expect(version).to.equal(3);
    });

    it('an extension that others redefine while it drains is kept', async () => {
      const { repository, justBefore } = observe();
      const { profiles, schemas, state } = await createServicesWithBruce(repository);
      const other = createServices(repository);
      justBefore('commit', () => other.schemas.define(TENANT, SCHEMA, { force: true }));
      await schemas.define(TENANT, WITHOUT_PHONE, { force: true });
      expect((await storedSchema(repository)).extensions).to.deep.equal(SCHEMA.extensions);
      expect((await state()).extensions?.Phone).to.deep.equal([]);
      expect(await outcome(profiles.insertRecords(TENANT, customerId, { Phone: { Number: '9' } }))).to.equal('ok');
    });

    it('a definition without force that loses the race leaves the extension open', async () => {
      const { repository, justBefore } = observe();
      const { profiles, schemas } = await createServicesWithBruce(repository);
      await profiles.replace(TENANT, customerId, { attributes, extensions: {} });
      const other = createServices(repository);
      justBefore('commitSchema', async () =>
        justBefore('commitSchema', () => other.schemas.defineAttributes(TENANT, NICKNAME)),
      );
      const late = schemas.define(TENANT, WITHOUT_PHONE, { ifVersion: 1 });
      expect(await outcome(late)).to.equal('revision_conflict');
      const { attributes: kept, extensions } = await storedSchema(repository);
      expect([names(kept), extensions]).to.deep.equal([names(NICKNAME), SCHEMA.extensions]);
      expect(await outcome(profiles.insertRecords(TENANT, customerId, { Phone: { Number: '9' } }))).to.equal('ok');
    });
  });

  it('W8 if the storage fails after the schema changed, the error says so', async () => {
    const { repository, justBefore } = observe();
    const { schemas } = await createServicesWithBruce(repository);
    await schemas.addKey(TENANT, { name: 'byName', attributes: ['FirstName'] });
    const failing = () => Promise.reject(new StorageUnavailableError('The storage is full.'));
    const outcomeUnknown = async (change: Promise<unknown>) =>
      (await refusal<StorageUnavailableError>(change)).outcomeUnknown;

    justBefore('dropEntries', failing);
    expect(await outcomeUnknown(schemas.removeKey(TENANT, 'byName'))).to.equal(true);
    expect((await schemas.get(TENANT)).identificationKeys).to.deep.equal([]);
    justBefore('commit', failing);
    expect(await outcomeUnknown(schemas.removeExtension(TENANT, 'Phone', { force: true }))).to.equal(true);
    expect((await schemas.get(TENANT)).extensions).to.deep.equal(ADDRESS);

    await schemas.addExtension(TENANT, { name: 'Note', type: 'multi-valued', attributes: [] });
    justBefore('commitSchema', async () => justBefore('page', failing));
    expect(await outcomeUnknown(schemas.removeExtension(TENANT, 'Note'))).to.equal(true);
    expect((await schemas.get(TENANT)).extensions).to.deep.equal(ADDRESS);
    await schemas.removeExtension(TENANT, 'Note');

    justBefore('commitSchema', failing);
    expect(await outcomeUnknown(schemas.defineAttributes(TENANT, SCHEMA.attributes.slice(0, 2)))).to.equal(false);
    expect((await schemas.get(TENANT)).attributes).to.deep.equal(SCHEMA.attributes);
    await schemas.removeExtension(TENANT, 'Phone', { force: true });
    expect((await storedSchema(repository)).extensions).to.deep.equal(ADDRESS);
  });

  describe('after a process died during a removal', () => {
    /** The extension is draining, and the records of one of two profiles are deleted. */
    async function halfWay() {
      const { repository, justBefore } = observe();
      const services = await createServicesWithBruce(repository);
      await services.profiles.create(TENANT, { ...BRUCE, customerId: 'zod' });
      const died = new Error('The process died.');
      justBefore('commit', async () => justBefore('commit', () => Promise.reject(died)));
      const removing = services.schemas.removeExtension(TENANT, 'Phone', { force: true });
      expect(await removing.catch((error: unknown) => error)).to.equal(died);
      return { ...services, schemas: createDossier({ repository }).schemas };
    }

    it('W8 the extension is draining: its records are hidden, and new ones are refused', async () => {
      const { schemas, state, profiles, repository } = await halfWay();
      expect((await storedSchema(repository)).extensions.map(({ closing }) => closing)).to.deep.equal([
        undefined,
        true,
      ]);
      expect((await schemas.get(TENANT)).extensions).to.deep.equal(ADDRESS);
      expect((await state('zod')).extensions).to.deep.equal({ Address: BRUCE.extensions.Address });
      const given = { attributes, extensions: { Phone: [] } };
      expect(await outcome(profiles.replace(TENANT, 'zod', given))).to.equal('invalid_profile');
    });

    it('W8 repeating the removal completes it', async () => {
      const { schemas, repository, state } = await halfWay();
      expect(await outcome(schemas.removeExtension(TENANT, 'Phone'))).to.equal('schema_in_use');
      await schemas.removeExtension(TENANT, 'Phone', { force: true });
      expect((await storedSchema(repository)).extensions).to.deep.equal(ADDRESS);
      expect([(await state()).revision, (await state('zod')).revision]).to.deep.equal([2, 2]);
      for (const { extensions } of (await repository.page(TENANT, { limit: 10 })).profiles) {
        expect(Object.keys(extensions ?? {})).to.deep.equal(['Address']);
      }
    });

    it('W8 defining the extension again does not make deleted records reappear', async () => {
      const { schemas, state } = await halfWay();
      expect(await outcome(schemas.define(TENANT, SCHEMA))).to.equal('schema_in_use');
      expect(
        await outcome(schemas.addExtension(TENANT, { name: 'phone', type: 'multi-valued', attributes: [] })),
      ).to.equal('already_exists');
      await schemas.define(TENANT, SCHEMA, { force: true });
      expect((await state('zod')).extensions?.Phone).to.deep.equal([]);
    });

    it('W8 other changes of the schema keep it draining', async () => {
      const { schemas, repository } = await halfWay();
      await schemas.defineAttributes(TENANT, SCHEMA.attributes.slice(0, 3));
      expect(await outcome(schemas.removeExtension(TENANT, 'Address'))).to.equal('schema_in_use');
      await schemas.removeExtension(TENANT, 'Address', { force: true });
      const { extensions } = await storedSchema(repository);
      expect(extensions.map(({ name, closing }) => [name, closing])).to.deep.equal([['Phone', true]]);
    });
  });

  it('R8 W8 an extension that becomes single-valued has no array of records', async () => {
    const { schemas, state } = await createServicesWithBruce();
    const single = { name: 'Phone', type: 'single-valued', attributes: [{ name: 'Number', type: 'string' }] } as const;
    const schema = { ...SCHEMA, extensions: [...ADDRESS, single] };
    expect(await outcome(schemas.define(TENANT, schema))).to.equal('schema_in_use');
    await schemas.define(TENANT, schema, { force: true });
    expect((await state()).extensions).to.deep.equal({ Address: BRUCE.extensions.Address });
  });

  it('R4 W8 an extension that becomes multi-valued has its record in an array', async () => {
    const { schemas, state } = await createServicesWithBruce();
    const [address] = ADDRESS.map((extension) => ({ ...extension, type: 'multi-valued' as const }));
    await schemas.define(TENANT, {
      ...SCHEMA,
      extensions: [address, SCHEMA.extensions?.[1]].flatMap((one) => one ?? []),
    });
    expect((await state()).extensions).to.deep.equal({ ...BRUCE.extensions, Address: [BRUCE.extensions.Address] });
  });
});
