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

/** Two processes over one storage: one has used the schema already, the other is about to change it. */
async function twoProcesses() {
  const observed = observe();
  const one = await createServicesWithBruce(observed.repository);
  const other = createServices(observed.repository);
  await one.profiles.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Clark' } });
  return { ...observed, one, other };
}

type Services = ReturnType<typeof createServices>;

/** Every way to store what a representation says. */
const writes: Readonly<Record<string, (services: Services, given: Representation) => Promise<unknown>>> = {
  replace: ({ profiles }, given) => profiles.replace(TENANT, customerId, given),
  'replace, expecting a revision': ({ profiles }, given) =>
    profiles.replace(TENANT, customerId, given, { ifRevision: 1 }),
  create: ({ profiles }, given) => profiles.create(TENANT, given),
  createMany: ({ profiles }, given) => profiles.createMany(TENANT, [given, given]),
};

describe('services: the newest schema', () => {
  for (const [name, write] of Object.entries(writes)) {
    it(`R16 ${name}: what the newest schema accepts is not refused by one that is known from before`, async () => {
      const { one, other } = await twoProcesses();
      expect(await outcome(write(one, nicked))).to.equal('invalid_profile');
      await other.schemas.define(TENANT, WITH_NICK);
      expect(await outcome(write(one, nicked))).to.equal('ok');
    });

    it(`R16 ${name}: what the newest schema refuses is not accepted by one that is known from before`, async () => {
      const { one, other } = await twoProcesses();
      expect(await outcome(write(one, scored))).to.equal('ok');
      await other.schemas.define(TENANT, WITHOUT_SCORE);
      const before = await other.state();
      expect(await outcome(write(one, scored))).to.equal('invalid_profile');
      expect(await other.state()).to.deep.equal(before);
    });

    it(`R16 ${name}: also when the schema moves between the decision and the commit`, async () => {
      const { one, other, justBefore } = await twoProcesses();
      justBefore('commit', () => other.schemas.define(TENANT, WITHOUT_SCORE));
      expect(await outcome(write(one, scored))).to.equal('invalid_profile');
      justBefore('commit', () => other.schemas.define(TENANT, WITH_NICK));
      expect(await outcome(write(one, { attributes: { FirstName: 'z' } }))).to.be.oneOf(['ok', 'revision_conflict']);
      expect(await outcome(write(one, { attributes: { FirstName: 'z', Nick: 5 } }))).to.equal('invalid_profile');
    });

    it(`R16 ${name}: a default that is no longer declared makes nothing too large`, async () => {
      const { one, other } = await twoProcesses();
      const small = createServices(one.repository, { maxProfileBytes: 1_024 });
      const long = { name: 'Long', type: 'string', length: 2_000, default: 'x'.repeat(2_000) } as const;
      await one.schemas.define(TENANT, { ...SCHEMA, attributes: [...SCHEMA.attributes, long] });
      expect(await outcome(write(small, { attributes: { FirstName: 'z' } }))).to.equal('too_large');
      await other.schemas.define(TENANT, SCHEMA);
      expect(await outcome(write(small, { attributes: { FirstName: 'z' } }))).to.equal('ok');
    });
  }

  it('R8 R16 an extension that another process has added is told from an attribute at once', async () => {
    const { one, other } = await twoProcesses();
    await other.schemas.addExtension(TENANT, { name: 'Note', type: 'multi-valued', attributes: [NICK] });
    await one.profiles.replace(TENANT, customerId, { members: { FirstName: 'x', Note: { Nick: 'y' } } });
    expect((await one.state()).extensions).to.deep.equal({ Phone: [], Note: [{ Nick: 'y' }] });
  });

  it('R7 R16 what was an extension and is none any more is no reason to replace the whole set', async () => {
    const { one, other } = await twoProcesses();
    await other.schemas.removeExtension(TENANT, 'Address', { force: true });
    const given = { members: { FirstName: 'x', Address: { City: 'y' } } };
    expect(await outcome(one.profiles.replace(TENANT, customerId, given))).to.equal('invalid_profile');
    expect((await one.state()).extensions).to.deep.equal({ Phone: BRUCE.extensions.Phone });
  });

  it('R16 stored profiles are not rewritten, and reading one never fails because the schema moved on', async () => {
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
      expect(now.attributes).to.deep.equal({
        score: 1,
        Email: BRUCE.attributes.Email,
        LASTNAME: ['Banner'],
        FirstName: 'Bruce',
      });
      expect(now.extensions).to.deep.equal(BRUCE.extensions);
    }
  });

  it('R7 R16 values that the schema does not know stay readable until the next replacement', async () => {
    const { one, other } = await twoProcesses();
    await other.schemas.define(TENANT, WITHOUT_SCORE);
    expect((await one.state()).attributes.Score).to.equal(1);
    const { Score, ...known } = BRUCE.attributes;
    expect((await one.profiles.replace(TENANT, customerId, { attributes: known })).revision).to.equal(2);
    const now = await one.state();
    expect(now.attributes).to.deep.equal(known);
    expect(now.extensions).to.deep.equal(BRUCE.extensions);
  });

  it('R16 a schema that was forgotten to make room is read again', async () => {
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

  it('R16 a schema is compiled once: an accepted write needs no look at it', async () => {
    const { one, calls } = await twoProcesses();
    await one.profiles.replace(TENANT, customerId, scored);
    calls.length = 0;
    await one.profiles.replace(TENANT, customerId, { attributes: { FirstName: 'y' } });
    await one.profiles.create(TENANT, { attributes: { FirstName: 'z' } });
    expect(calls).to.deep.equal(['load', 'commit', 'commit']);
  });
});
