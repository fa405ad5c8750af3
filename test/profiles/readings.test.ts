import { expect } from 'chai';
import type { AttributeDefinition, ExtensionDefinition, Profile, RevisionConflictError } from 'dossier';
import fc from 'fast-check';
import { propertyRuns } from '../property-runs.js';
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

describe('ProfileService: readings (R22)', () => {
  it('R22 an attribute that was not asked for stays, also if it is mandatory', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const basedOn = await profiles.get(TENANT, customerId, { attributes: ['LastName', 'score'] });
    expect(basedOn.attributes).to.deep.equal({ LastName: 'Banner', Score: 1 });
    const answer = await profiles.replace(TENANT, customerId, { attributes: { LastName: 'Blonsky' } }, { basedOn });
    expect((await state()).attributes).to.deep.equal({ ...attributes, LastName: 'Blonsky', Score: 7 });
    expect(answer.attributes, 'the answer shows what the reading showed').to.deep.equal({
      LastName: 'Blonsky',
      Score: 7,
    });
    expect(answer).not.to.have.property('extensions');
  });

  it('R22 a body without attributes clears those that were shown', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const basedOn = await profiles.get(TENANT, customerId, { attributes: ['LastName'] });
    await profiles.replace(TENANT, customerId, { members: {} }, { basedOn });
    const { LastName, ...others } = attributes;
    expect((await state()).attributes).to.deep.equal(others);
  });

  it('R7 R8 R22 extensions: none given, all stay; otherwise those that were shown or are given are replaced', async () => {
    const read = async (names: 'all' | string[]) => {
      const services = await createServicesWithBruce();
      const basedOn = await services.profiles.get(TENANT, customerId, { extensions: names });
      const replace = async (given: Record<string, unknown> | undefined) => {
        await services.profiles.replace(TENANT, customerId, { attributes, extensions: given }, { basedOn });
        return (await services.state()).extensions;
      };
      return replace;
    };
    const Phone = [{ Number: '3' }];
    expect(await (await read('all'))(undefined)).to.deep.equal(extensions);
    expect(await (await read('all'))({ Phone })).to.deep.equal({ Phone });
    expect(await (await read(['Phone']))({ Phone })).to.deep.equal({ Address: extensions.Address, Phone });
    expect(await (await read(['Address']))({ Phone })).to.deep.equal({ Phone });
    expect(await (await read(['Phone']))({})).to.deep.equal({ Address: extensions.Address, Phone: [] });
  });

  it('R22 of several readings, those of the present state count: what a stale one showed stays', async () => {
    const { profiles, schemas, state } = await createServicesWithBruce();
    const stale = (await profiles.get(TENANT, customerId, { extensions: 'all' })).reading;
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, FirstName: 'x' } });
    await schemas.define(TENANT, {
      ...SCHEMA,
      attributes: SCHEMA.attributes.map((one) => ({ ...one, mandatory: one.name === 'FirstName' })),
    });
    const partial = (await profiles.get(TENANT, customerId, { attributes: ['LastName'] })).reading;
    const given = { attributes: { LastName: 'Blonsky' }, extensions: { Phone: [] } };
    await profiles.replace(TENANT, customerId, given, { basedOn: [stale, partial], ifRevision: 2 });
    const { Address } = extensions;
    const after = await state();
    expect(after.attributes).to.deep.equal({ ...attributes, FirstName: 'x', LastName: 'Blonsky' });
    expect(after.extensions).to.deep.equal({ Address, Phone: [] });
  });

  it('R22 without a reading, or with a bare revision, R6 to R8 alone apply, and the answer shows all', async () => {
    for (const options of [{}, { ifRevision: 1 }]) {
      const { profiles, state } = await createServicesWithBruce();
      const Phone = [{ Number: '3' }];
      const answer = await profiles.replace(TENANT, customerId, { attributes, extensions: { Phone } }, options);
      expect((await state()).extensions).to.deep.equal({ Phone });
      expect(answer.extensions).to.deep.equal({ Phone });
      expect(answer.reading).to.equal((await state()).reading);
    }
  });

  it('R22 what has been defined, or has come back, since the reading was not shown by it', async () => {
    const { profiles, schemas, state } = await createServicesWithBruce();
    const withoutEmail = { ...SCHEMA, attributes: SCHEMA.attributes.filter(({ name }) => name !== 'Email') };
    await schemas.define(TENANT, withoutEmail);
    const basedOn = await profiles.get(TENANT, customerId, { extensions: 'all' });
    await schemas.define(TENANT, SCHEMA);
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' }, extensions: {} }, { basedOn });
    expect((await state()).attributes).to.deep.equal({ FirstName: 'x', Score: 7, Email: attributes.Email });
    const now = await state();
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' } }, { basedOn: now.reading });
    expect((await state()).attributes).to.deep.equal({ FirstName: 'x', Score: 7 });
  });

  it('R22 the same state by the same schema has the same reading, however it was asked for', async () => {
    const { profiles } = await createServicesWithBruce();
    const reading = async (options: object) => (await profiles.get(TENANT, customerId, options)).reading;
    const names = SCHEMA.attributes.map(({ name }) => name);
    expect(await reading({ attributes: names.toReversed(), extensions: ['phone', 'ADDRESS'] })).to.equal(
      await reading({ extensions: 'all' }),
    );
    expect(await reading({ attributes: ['score', 'Email'] })).to.equal(
      await reading({ attributes: ['Email', 'Score'] }),
    );
    expect(await reading({ attributes: ['Score'] })).not.to.equal(await reading({ attributes: ['Email'] }));
  });

  it('R22 violations in what is given come before a conflict, and those of the whole after it', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await profiles.replace(TENANT, customerId, { attributes });
    const partial = (await profiles.get(TENANT, customerId, { attributes: ['LastName'] })).reading;
    const mandatory = SCHEMA.attributes.map((one) => ({
      ...one,
      mandatory: one.name === 'FirstName' || one.name === 'Nick',
    }));
    const nick: AttributeDefinition = { name: 'Nick', type: 'string', mandatory: true };
    await schemas.define(TENANT, { ...SCHEMA, attributes: [...mandatory, nick] });
    const replace = (LastName: unknown, basedOn: string) =>
      outcome(profiles.replace(TENANT, customerId, { attributes: { LastName } } as never, { basedOn }));
    expect(await replace('x', partial), 'Nick is missing in the whole').to.equal('invalid_profile');
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, Nick: 'n' } });
    expect(await replace('x', partial)).to.equal('revision_conflict');
    expect(await replace(5, partial)).to.equal('invalid_profile');
  });

  it('R22 a reading within a transaction that is rolled back matches nothing', async () => {
    // Two stores that share their beginning: one goes on as if the other transaction had never been.
    const { profiles, state } = await createServicesWithBruce(undefined, {
      now: () => new Date('2026-01-01T00:00:00Z'),
    });
    const first = await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'rolled back' } });
    const other = await createServicesWithBruce(undefined, { now: () => new Date('2026-01-01T00:00:00Z') });
    await other.profiles.replace(TENANT, customerId, { attributes: { FirstName: 'committed' } });
    expect((await other.state()).revision).to.equal(first.revision);
    const replacing = other.profiles.replace(TENANT, customerId, { attributes }, { basedOn: first.reading });
    expect((await refusal<RevisionConflictError>(replacing)).code).to.equal('revision_conflict');
    expect((await state()).revision).to.equal(2);
  });

  it('R14 R22 records, deletion, merging and restoring take readings as well', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const stale = await state();
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' } });
    await profiles.create(TENANT, { customerId: 'clark', attributes });
    const changes = (basedOn: Profile | string) => [
      () => profiles.insertRecords(TENANT, customerId, { Phone: { Number: '9' } }, { basedOn }),
      () => profiles.merge(TENANT, customerId, 'clark', { basedOn }),
      () => profiles.restore(TENANT, customerId, 1, { basedOn }),
      () => profiles.delete(TENANT, customerId, { basedOn }),
    ];
    for (const change of changes(stale)) expect(await outcome(change())).to.equal('revision_conflict');
    for (const index of [0, 1, 2, 3]) {
      expect(await outcome(changes((await state()).reading)[index]?.() ?? Promise.reject())).to.equal('ok');
    }
  });

  it('R6 R7 R8 R22 whatever was neither shown nor given is the same afterwards, and everything else as given', async () => {
    const definitions: AttributeDefinition[] = [
      { name: 'A', type: 'string' },
      { name: 'B', type: 'integer', default: 7 },
      { name: 'C', type: 'string', multiValued: true },
      { name: 'D', type: 'boolean' },
    ];
    const groups: ExtensionDefinition[] = ['P', 'Q', 'R'].map((name) => {
      return { name, type: 'multi-valued', attributes: [{ name: 'X', type: 'integer' }] };
    });
    const values = fc.record(
      {
        A: fc.string({ maxLength: 3 }),
        B: fc.nat(9),
        C: fc.array(fc.constantFrom('x', 'y'), { minLength: 1 }),
        D: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    const records = fc.record(
      Object.fromEntries(groups.map(({ name }) => [name, fc.array(fc.record({ X: fc.nat(3) }), { maxLength: 2 })])),
      { requiredKeys: [] },
    );
    const content = fc.record({ attributes: values, extensions: fc.option(records, { nil: undefined }) });
    const wanted = (names: string[]) => fc.oneof(fc.constant('all' as const), fc.subarray(names));
    const view = fc.record({ attributes: wanted(['A', 'B', 'C', 'D']), extensions: wanted(['P', 'Q', 'R']) });
    const reading = fc.option(view, { nil: undefined });
    const { profiles, schemas } = createServices();
    await schemas.define(TENANT, { attributes: definitions, extensions: groups });

    const property = fc.asyncProperty(content, reading, content, async (stored, asked, given) => {
      const { customerId: id } = await profiles.create(TENANT, stored);
      const get = () => profiles.get(TENANT, id, { extensions: 'all' });
      const before = await get();
      const basedOn = asked && (await profiles.get(TENANT, id, asked)).reading;
      await profiles.replace(TENANT, id, given, { basedOn });
      const after = await get();
      const isShown = (names: 'all' | readonly string[] | undefined, name: string) =>
        names === undefined || names === 'all' || names.includes(name);
      for (const { name, default: fallback } of definitions) {
        const replaced = isShown(asked?.attributes, name) || Object.hasOwn(given.attributes, name);
        const expected = replaced
          ? ((given.attributes as Record<string, unknown>)[name] ?? fallback)
          : before.attributes[name];
        expect(after.attributes[name], name).to.deep.equal(expected);
      }
      for (const { name } of groups) {
        const replaced =
          given.extensions !== undefined && (isShown(asked?.extensions, name) || Object.hasOwn(given.extensions, name));
        const expected = replaced ? (given.extensions?.[name] ?? []) : before.extensions?.[name];
        expect(after.extensions?.[name], name).to.deep.equal(expected);
      }
    });
    await fc.assert(property, { numRuns: propertyRuns({ full: 2_000, quick: 200 }) });
  });
});
