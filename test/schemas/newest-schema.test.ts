import { expect } from 'chai';
import type { AttributeDefinition, Representation } from 'dossier';
import { observe } from '../observed-repository.js';
import { BRUCE, createServices, createServicesWithBruce, outcome, SCHEMA, TENANT } from '../service-harness.js';

const { customerId } = BRUCE;
const NICK: AttributeDefinition = { name: 'Nick', type: 'string' };
const WITH_NICK = { ...SCHEMA, attributes: [...SCHEMA.attributes, NICK] };
const WITHOUT_SCORE = { ...SCHEMA, attributes: SCHEMA.attributes.filter(({ name }) => name !== 'Score') };
const nicked: Representation = { attributes: { FirstName: 'x', Nick: 'y' } };
const scored: Representation = { attributes: { FirstName: 'x', Score: 5 } };

/** Two processes over one storage: the first has cached the schema, the second is about to change it. */
async function twoProcesses() {
  const observed = observe();
  const one = await createServicesWithBruce(observed.repository);
  const other = createServices(observed.repository);
  await one.profiles.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Clark' } });
  return { ...observed, one, other };
}

type Services = ReturnType<typeof createServices>;

/** Every method that stores a representation. */
const writes: Readonly<Record<string, (services: Services, given: Representation) => Promise<unknown>>> = {
  replace: ({ profiles }, given) => profiles.replace(TENANT, customerId, given),
  'replace, expecting a revision': ({ profiles }, given) =>
    profiles.replace(TENANT, customerId, given, { ifRevision: 1 }),
  create: ({ profiles }, given) => profiles.create(TENANT, given),
  createMany: ({ profiles }, given) => profiles.createMany(TENANT, [given, given]),
};

describe('services apply the newest schema', () => {
  for (const [name, write] of Object.entries(writes)) {
    it(`R16 ${name}: a cached schema does not refuse what the newest one accepts`, async () => {
      const { one, other } = await twoProcesses();
      expect(await outcome(write(one, nicked))).to.equal('invalid_profile');
      await other.schemas.define(TENANT, WITH_NICK);
      expect(await outcome(write(one, nicked))).to.equal('ok');
    });

    it(`R16 ${name}: a cached schema does not accept what the newest one refuses`, async () => {
      const { one, other } = await twoProcesses();
      expect(await outcome(write(one, scored))).to.equal('ok');
      await other.schemas.define(TENANT, WITHOUT_SCORE);
      const before = await other.state();
      expect(await outcome(write(one, scored))).to.equal('invalid_profile');
      expect(await other.state()).to.deep.equal(before);
    });

    it(`R16 ${name}: applies a schema that changes between decision and commit`, async () => {
      const { one, other, justBefore } = await twoProcesses();
      const method = name.startsWith('replace') ? 'replace' : 'commit';
      justBefore(method, () => other.schemas.define(TENANT, WITHOUT_SCORE));
      expect(await outcome(write(one, scored))).to.equal('invalid_profile');
      justBefore(method, () => other.schemas.define(TENANT, WITH_NICK));
      expect(await outcome(write(one, { attributes: { FirstName: 'z' } }))).to.be.oneOf(['ok', 'revision_conflict']);
      expect(await outcome(write(one, { attributes: { FirstName: 'z', Nick: 5 } }))).to.equal('invalid_profile');
    });

    it(`R16 ${name}: a default of a cached schema does not make a profile too large`, async () => {
      const { one, other } = await twoProcesses();
      const small = createServices(one.repository, { maxProfileBytes: 1_024 });
      const long = { name: 'Long', type: 'string', length: 2_000, default: 'x'.repeat(2_000) } as const;
      await one.schemas.define(TENANT, { ...SCHEMA, attributes: [...SCHEMA.attributes, long] });
      expect(await outcome(write(small, { attributes: { FirstName: 'z' } }))).to.equal('too_large');
      await other.schemas.define(TENANT, SCHEMA);
      expect(await outcome(write(small, { attributes: { FirstName: 'z' } }))).to.equal('ok');
    });
  }

  it('R8 R16 an extension that another process added is recognized at once', async () => {
    const { one, other } = await twoProcesses();
    await other.schemas.addExtension(TENANT, { name: 'Note', type: 'multi-valued', attributes: [NICK] });
    await one.profiles.replace(TENANT, customerId, { members: { FirstName: 'x', Note: { Nick: 'y' } } });
    expect((await one.state()).extensions).to.deep.equal({ Phone: [], Note: [{ Nick: 'y' }] });
  });

  it('R7 R16 the name of a removed extension does not cause all extensions to be replaced', async () => {
    const { one, other } = await twoProcesses();
    await other.schemas.removeExtension(TENANT, 'Address', { force: true });
    const given = { members: { FirstName: 'x', Address: { City: 'y' } } };
    expect(await outcome(one.profiles.replace(TENANT, customerId, given))).to.equal('invalid_profile');
    expect((await one.state()).extensions).to.deep.equal({ Phone: BRUCE.extensions.Phone });
  });

  it('R16 a schema change rewrites no stored profile, and never makes a read fail', async () => {
    const { one, other } = await twoProcesses();
    const before = await one.state();
    await other.schemas.define(TENANT, {
      attributes: [
        { name: 'score', type: 'date', mandatory: true },
        { name: 'Email', type: 'integer' },
        { name: 'New', type: 'boolean', mandatory: true, default: true },
        { name: 'LASTNAME', type: 'string', multiValued: true },
      ],
      extensions: (SCHEMA.extensions ?? []).map((extension) => ({ ...extension, attributes: [], unique: [] })),
    });
    for (const { state } of [one, other]) {
      const now = await state();
      expect(now.revision).to.equal(before.revision);
      expect(now.updatedAt).to.equal(before.updatedAt);
      expect(now.attributes).to.deep.equal({ LASTNAME: ['Banner'] });
      expect(now.extensions).to.deep.equal({ Address: {}, Phone: BRUCE.extensions.Phone.map(() => ({})) });
    }
  });

  it('R7 R23 values that the schema does not know are not answered, stay, and come back', async () => {
    const { one, other } = await twoProcesses();
    await other.schemas.define(TENANT, WITHOUT_SCORE);
    const { Score, ...known } = BRUCE.attributes;
    expect((await one.state()).attributes).to.deep.equal(known);
    const changed = { ...known, FirstName: 'Robert' };
    expect((await one.profiles.replace(TENANT, customerId, { attributes: changed })).revision).to.equal(2);
    expect((await one.state()).attributes).to.deep.equal(changed);
    await other.schemas.define(TENANT, SCHEMA);
    const now = await one.state();
    expect(now.attributes).to.deep.equal({ ...changed, Score });
    expect(now.extensions).to.deep.equal(BRUCE.extensions);
  });

  it('R16 a schema that the cache evicted is loaded again', async () => {
    const { repository, profiles, schemas, state } = await createServicesWithBruce(undefined, { schemaCacheSize: 1 });
    await schemas.define('2', WITH_NICK);
    for (const tenant of [TENANT, '2', TENANT, '2']) {
      const nick = await outcome(profiles.create(tenant, nicked));
      expect(nick).to.equal(tenant === '2' ? 'ok' : 'invalid_profile');
    }
    await createServices(repository).schemas.define(TENANT, WITH_NICK);
    expect(await outcome(profiles.replace(TENANT, customerId, nicked))).to.equal('ok');
    expect((await state()).attributes.Nick).to.equal('y');
  });

  it('R16 a schema is compiled once, and an accepted write does not load it', async () => {
    const { one, calls } = await twoProcesses();
    await one.profiles.replace(TENANT, customerId, scored);
    calls.length = 0;
    await one.profiles.replace(TENANT, customerId, { attributes: { FirstName: 'y' } });
    await one.profiles.create(TENANT, { attributes: { FirstName: 'z' } });
    expect(calls).to.deep.equal(['replace', 'commit']);
  });
});
