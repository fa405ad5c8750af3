import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { createDossier, IdentityTakenError, StorageUnavailableError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { propertyRuns } from '../../property-runs.js';
import { createDatabase, type DatabaseServer, describeOn, type TestDatabase } from '../database-server.js';
import { otherConnections } from './other-connections.js';

const TENANT = '1';
const IDS = Array.from({ length: 20 }, (_, number) => `p${number}`);
const SCHEMA = {
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'Email', type: 'string' },
  ],
  extensions: [{ name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] }],
  identificationKeys: [
    { name: 'ByEmail', attributes: ['Email'], unique: true },
    { name: 'ByCity', source: 'Address', attributes: ['City'] },
  ],
} as const;

/** What a profile has. */
interface Content {
  readonly Name: string;
  readonly Email: string | null;
  readonly City: string | null;
}

/** What a replacement gives. An absent city gives no extensions, so that they stay; `null` none in the extension. */
interface Given extends Omit<Content, 'City'> {
  readonly City?: string | null;
}

/** Those that make batches. */
for (const name of ['PostgreSQL', 'MySQL'] as const)
  describeOn(name, 'replacements that begin in one turn', describeBatches);

function describeBatches(server: DatabaseServer): void {
  let database: TestDatabase;
  let knex: Knex;
  let dossier: ReturnType<typeof open>;

  beforeEach(async () => {
    database = await createDatabase(server);
    knex = database.open();
    await migrate(knex);
    dossier = open(knex);
    await dossier.schemas.define(TENANT, SCHEMA);
    await dossier.profiles.createMany(
      TENANT,
      IDS.map((customerId) => ({ customerId, ...representation({ Name: 'new', Email: null, City: null }) })),
    );
  });
  afterEach(() => database.dispose());

  const replace = (customerId: string, given: Given) =>
    dossier.profiles.replace(TENANT, customerId, representation(given));
  /** The first starts at once, the others as a batch. */
  const replaceAll = (given: Given) => IDS.map((id) => replace(id, given));
  const lockRow = async (table: string, where: object) => {
    const transaction = await database.open().transaction();
    await transaction(table).where(where).forUpdate().select('tenant');
    return transaction;
  };

  it('R8 R13 R19 H1 C1: have the results that each has alone, and leave states, lines and entries alike', async () => {
    const stored = new Map<string, Content>(IDS.map((id) => [id, { Name: 'new', Email: null, City: null }]));
    let { next: cursor } = await dossier.profiles.changes(TENANT, { limit: 1000 });
    await fc.assert(
      fc.asyncProperty(ROUND, async (round) => {
        const ids = [...round.keys()];
        const before = new Map(stored);
        const results = await Promise.allSettled(ids.map((id) => replace(id, round.get(id) as Given)));
        const changed: string[] = [];
        results.forEach((result, index) => {
          const id = ids[index] as string;
          const old = before.get(id) as Content;
          const given = { ...old, ...round.get(id) };
          if (result.status === 'fulfilled') {
            stored.set(id, given);
            const members = (['Name', 'Email', 'City'] as const).filter((name) => old[name] !== given[name]);
            if (members.length > 0) changed.push(`${id} ${members.map((name) => POINTERS[name]).sort()}`);
          } else {
            expect(result.reason).to.be.instanceOf(IdentityTakenError);
            const others = ids.flatMap((other) => (other === id ? [] : [round.get(other)?.Email]));
            const held = [...before].flatMap(([other, { Email }]) => (other === id ? [] : [Email]));
            expect([...others, ...held]).to.include(given.Email);
          }
        });
        for (const [id, content] of stored) expect(await contentOf(id)).to.deep.equal(content);
        for (const email of EMAILS)
          expect(await found('ByEmail', { Email: email })).to.deep.equal(holders('Email', email));
        for (const city of CITIES) {
          expect(await found('ByCity', { 'Address.City': city })).to.deep.equal(holders('City', city));
        }
        const page = await dossier.profiles.changes(TENANT, { after: cursor, limit: 1000 });
        cursor = page.next;
        const lines = page.items.map(({ customerId, changed }) => `${customerId} ${[...(changed ?? [])].sort()}`);
        expect(lines.sort()).to.deep.equal(changed.sort());
      }),
      // A smaller round would begin with what the failed one has left.
      { numRuns: propertyRuns({ full: 60, quick: 15 }), endOnFailure: true },
    );
    for (const id of IDS) {
      const { revision } = await dossier.profiles.get(TENANT, id);
      const { items } = await dossier.profiles.history(TENANT, id, { limit: 100 });
      expect(items.map((state) => state.revision)).to.deep.equal(
        Array.from({ length: revision }, (_, index) => revision - index),
      );
    }

    async function contentOf(id: string): Promise<Content> {
      const { attributes, extensions } = await dossier.profiles.get(TENANT, id, { extensions: 'all' });
      const address = extensions?.Address as { City?: string } | undefined;
      const { Name, Email = null } = attributes as { Name: string; Email?: string };
      return { Name, Email, City: address?.City ?? null };
    }
    async function found(key: string, values: Record<string, string>): Promise<string[]> {
      return (await dossier.profiles.identify(TENANT, { key, values })).items
        .map(({ customerId }) => customerId)
        .sort();
    }
    function holders(member: keyof Content, value: string): string[] {
      return [...stored].flatMap(([id, content]) => (content[member] === value ? [id] : [])).sort();
    }
  });

  it('do not wait for one whose profile another transaction has locked', async () => {
    const transaction = await lockRow('dossier_profiles', { tenant: TENANT, id: IDS[7] });
    let hasWaited = true;
    const all = replaceAll({ Name: 'replaced', Email: null });
    const locked = all[7]?.then(() => {
      hasWaited = false;
    });
    await Promise.all(all.filter((_, index) => index !== 7));
    expect(hasWaited).to.equal(true);
    await transaction.commit();
    await locked;
  });

  it('R16: wait for a schema change in progress, and then go by it', async () => {
    await Promise.all(replaceAll({ Name: 'known', Email: null }));
    const schemaChange = await lockRow('dossier_profile_schemas', { tenant: TENANT });
    const all = replaceAll({ Name: 'by the former schema', Email: null });
    const other = open(database.open());
    const [name, ...others] = SCHEMA.attributes;
    const changed = other.schemas.define(TENANT, {
      ...SCHEMA,
      attributes: [{ ...name, length: 5 }, ...others],
    });
    await setTimeout(100);
    await schemaChange.commit();
    await changed;
    const results = await Promise.allSettled(all);
    // Those that the lock let pass first were made by the former schema.
    const late = await Promise.allSettled(replaceAll({ Name: 'too long', Email: null }));
    expect(late.map(({ status }) => status)).to.deep.equal(IDS.map(() => 'rejected'));
    for (const [index, { status }] of results.entries()) {
      const { attributes } = await dossier.profiles.get(TENANT, IDS[index] as string);
      expect(attributes.Name).to.equal(status === 'fulfilled' ? 'by the former schema' : 'known');
    }
  });

  // On MySQL they would have the profile's lock by then.
  if (server.name === 'PostgreSQL') {
    it('R18 H1: replace what was committed while they waited, and leave none of its entries', async () => {
      const id = IDS[7] as string;
      const transaction = await lockRow('dossier_profile_schemas', { tenant: TENANT });
      const all = replaceAll({ Name: 'replaced', Email: null });
      await setTimeout(100);
      const meanwhile = representation({ Name: 'meanwhile', Email: EMAILS[0] as string, City: 'Rome' });
      await dossier.within(transaction).profiles.replace(TENANT, id, meanwhile);
      await transaction.commit();
      await Promise.all(all);
      const entries = await knex('dossier_profile_keys').where({ tenant: TENANT, id }).select('key_name');
      expect(entries).to.have.length(1);
      const { attributes, extensions, revision } = await dossier.profiles.get(TENANT, id, { extensions: 'all' });
      expect({ attributes, extensions, revision }).to.deep.equal({
        attributes: { Name: 'replaced' },
        extensions: { Address: { City: 'Rome' } },
        revision: 3,
      });
      const former = await dossier.profiles.at(TENANT, id, 2);
      expect(former.attributes).to.deep.equal({ Name: 'meanwhile', Email: EMAILS[0] });
    });
  }

  it('R12: are told alike that the outcome is unknown when their connection is lost', async () => {
    const admin = database.open();
    const schemaChange = await lockRow('dossier_profile_schemas', { tenant: TENANT });
    const all = Promise.allSettled(replaceAll({ Name: 'cut', Email: null }));
    await setTimeout(100);
    const answer = await schemaChange.raw(server.ownConnection);
    const { id: own } = (answer.rows ?? answer[0])[0];
    for (const id of await otherConnections(server.client, admin)) if (id !== own) await admin.raw(server.kill(id));
    const results = await all;
    await schemaChange.commit();
    for (const result of results) {
      expect(result.status).to.equal('rejected');
      const { reason } = result as PromiseRejectedResult;
      // On MySQL they are lost before the commit is sent.
      const outcomeUnknown = server.name !== 'MySQL';
      expect(reason).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', outcomeUnknown);
    }
    const { profiles } = dossier;
    for (const id of IDS) expect((await profiles.get(TENANT, id)).attributes.Name).to.equal('new');
  });
}

function open(knex: Knex) {
  return createDossier({ repository: new KnexProfileRepository(knex), history: 'all', changes: true });
}

const POINTERS = { Name: '/Name', Email: '/Email', City: '/Address' } as const;
const EMAILS = ['a@example.com', 'b@example.com', 'c@example.com'];
const CITIES = ['Berlin', 'Rome'];

const GIVEN: fc.Arbitrary<Given> = fc.record(
  {
    Name: fc.constantFrom('Anna', 'Bert'),
    Email: fc.option(fc.constantFrom(...EMAILS), { freq: 1 }),
    City: fc.option(fc.constantFrom(...CITIES), { freq: 2 }),
  },
  { requiredKeys: ['Name', 'Email'] },
);

/** What some of the profiles are replaced by, at once. */
const ROUND = fc
  .array(fc.tuple(fc.constantFrom(...IDS), GIVEN), { minLength: 2, maxLength: 20 })
  .map((entries) => new Map(entries));

function representation({ Name, Email, City }: Given) {
  const attributes = { Name, ...(Email !== null && { Email }) };
  if (City === undefined) return { attributes };
  return { attributes, extensions: { Address: City === null ? null : { City } } };
}
