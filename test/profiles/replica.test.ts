import { expect } from 'chai';
import { createDossier, InvalidOptionsError, type SchemaDefinition } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import { observe } from '../observed-repository.js';
import { BRUCE, outcome, SCHEMA, TENANT } from '../service-harness.js';
import { replicatedStore } from './lagging-replica.js';

const { customerId } = BRUCE;
const KEYED: SchemaDefinition = { ...SCHEMA, identificationKeys: [{ name: 'byName', attributes: ['FirstName'] }] };
const WITH_NICK: SchemaDefinition = { ...KEYED, attributes: [...KEYED.attributes, { name: 'Nick', type: 'string' }] };

/** Services with a replica that has the profile Bruce as created. */
async function servicesWithReplica() {
  const { primary, replica, catchUp } = replicatedStore();
  const onPrimary = observe(primary);
  const onReplica = observe(replica);
  const repository: ProfileRepository<'a transaction'> = new Proxy(onPrimary.repository, {
    get: (target, name) => (name === 'withTransaction' ? () => primary : Reflect.get(target, name)),
  });
  const dossier = createDossier({ repository, replica: onReplica.repository });
  const services = { dossier, profiles: dossier.profiles, schemas: dossier.schemas };
  await services.schemas.define(TENANT, KEYED);
  await services.profiles.create(TENANT, BRUCE);
  await catchUp();
  return { ...services, catchUp, onPrimary, onReplica };
}

describe('services with a replica', () => {
  it('get and identify read the replica, or the primary with fresh', async () => {
    const { profiles, catchUp } = await servicesWithReplica();
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'Robert' } });
    const namesBy = async (fresh?: boolean) => {
      const found = async (FirstName: string) =>
        (await profiles.identify(TENANT, { values: { FirstName }, fresh })).items.map(({ revision }) => revision);
      const { attributes, revision } = await profiles.get(TENANT, customerId, { fresh });
      return [attributes.FirstName, revision, await found('Bruce'), await found('Robert')];
    };
    expect(await namesBy()).to.deep.equal(['Bruce', 1, [1], []]);
    expect(await namesBy(false)).to.deep.equal(['Bruce', 1, [1], []]);
    expect(await namesBy(true)).to.deep.equal(['Robert', 2, [], [2]]);
    await catchUp();
    expect(await namesBy()).to.deep.equal(['Robert', 2, [], [2]]);
  });

  it('only reads use the replica, and writes never do', async () => {
    const { profiles, schemas, onReplica, onPrimary } = await servicesWithReplica();
    onReplica.calls.length = 0;
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'Robert' } });
    await profiles.insertRecords(TENANT, customerId, { Phone: { Number: '3' } });
    await profiles.updateRecord(TENANT, customerId, 'Phone', { Number: '3', Kind: 'work' });
    await profiles.deleteRecord(TENANT, customerId, 'Phone', { Number: '3' });
    await profiles.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Clark' } });
    await profiles.merge(TENANT, customerId, 'clark', { force: true });
    const rows = [{ line: 1, members: { FirstName: 'Robert' } }];
    const { skipped } = await profiles.import(TENANT, rows, { idKey: 'byName' });
    expect(skipped).to.equal(1);
    await schemas.define(TENANT, WITH_NICK);
    await schemas.get(TENANT);
    for await (const profile of profiles.all(TENANT)) expect(profile.attributes.FirstName).to.equal('Robert');
    await profiles.delete(TENANT, customerId);
    await profiles.ping();
    expect(onReplica.calls).to.deep.equal([]);
    onPrimary.calls.length = 0;
    await profiles.get(TENANT, customerId);
    await profiles.identify(TENANT, { values: { FirstName: 'Bruce' } });
    expect(onPrimary.calls).to.deep.equal([]);
  });

  it('R14 a replacement based on a stale read is refused, and so is one that expects its revision', async () => {
    const { profiles } = await servicesWithReplica();
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'Robert' } });
    const old = await profiles.get(TENANT, customerId);
    const next = { attributes: { FirstName: 'B.' } };
    expect(await outcome(profiles.replace(TENANT, customerId, next, { basedOn: old }))).to.equal('revision_conflict');
    expect(await outcome(profiles.replace(TENANT, customerId, next, { ifRevision: 1 }))).to.equal('revision_conflict');
    const now = await profiles.get(TENANT, customerId, { fresh: true });
    expect(now.attributes.FirstName).to.equal('Robert');
    expect(await outcome(profiles.replace(TENANT, customerId, next, { basedOn: now }))).to.equal('ok');
  });

  it('R16 an older schema on the replica neither fails a read nor affects writes', async () => {
    const { profiles, schemas, catchUp, onPrimary, onReplica } = await servicesWithReplica();
    await schemas.define(TENANT, WITH_NICK);
    const nicked = { attributes: { FirstName: 'Bruce', Nick: 'Hulk' } };
    await profiles.replace(TENANT, customerId, nicked);
    onPrimary.calls.length = 0;
    onReplica.calls.length = 0;
    for (let turn = 0; turn < 5; turn++) {
      expect((await profiles.get(TENANT, customerId)).attributes).not.to.have.property('Nick');
      expect(await profiles.identify(TENANT, { values: { FirstName: 'Bruce' } }))
        .to.have.property('items')
        .of.length(1);
      await profiles.replace(TENANT, customerId, { attributes: { ...nicked.attributes, Score: turn } });
    }
    // Both sides have cached their own version of the schema, so no load triggers another one.
    expect(onPrimary.calls.filter((method) => method === 'loadSchema')).to.have.length(0);
    expect(onReplica.calls.filter((method) => method === 'loadSchema')).to.have.length(1);
    await catchUp();
    expect((await profiles.get(TENANT, customerId)).attributes).to.have.property('Nick', 'Hulk');
    expect((await profiles.identify(TENANT, { values: { FirstName: 'Bruce' } })).items).to.have.length(1);
  });

  it('R15 R21 a tenant, or a key, that the replica does not have yet is not_found', async () => {
    const { profiles, schemas, catchUp } = await servicesWithReplica();
    await schemas.define('2', KEYED);
    await profiles.create('2', BRUCE);
    await schemas.addKey(TENANT, { name: 'byLast', attributes: ['LastName'] });
    const reads = (fresh: boolean) => [
      profiles.get('2', customerId, { fresh }),
      profiles.get('2', 'no such id!', { fresh }),
      profiles.identify('2', { values: { FirstName: 'Bruce' }, fresh }),
      profiles.identify(TENANT, { key: 'byLast', values: { LastName: 'Banner' }, fresh }),
    ];
    const outcomes = (fresh: boolean) => Promise.all(reads(fresh).map(outcome));
    expect(await outcomes(false)).to.deep.equal(['not_found', 'not_found', 'not_found', 'not_found']);
    expect(await outcomes(true)).to.deep.equal(['ok', 'not_found', 'ok', 'ok']);
    await catchUp();
    expect(await outcomes(false)).to.deep.equal(['ok', 'not_found', 'ok', 'ok']);
  });

  it("within a host's transaction, all reads use the transaction", async () => {
    const { dossier, onReplica } = await servicesWithReplica();
    const bound = dossier.within('a transaction').profiles;
    await bound.replace(TENANT, customerId, { attributes: { FirstName: 'Robert' } });
    onReplica.calls.length = 0;
    expect((await bound.get(TENANT, customerId)).attributes.FirstName).to.equal('Robert');
    expect((await bound.identify(TENANT, { values: { FirstName: 'Robert' } })).items).to.have.length(1);
    expect(onReplica.calls).to.deep.equal([]);
  });

  it('a replica that is not a repository is refused, together with all other invalid options', () => {
    const options = { replica: { load: true }, maxProfileBytes: 1 } as unknown as { replica: ProfileRepository };
    const create = () => createDossier({ repository: new InMemoryProfileRepository(), ...options });
    expect(create).to.throw(InvalidOptionsError).with.property('violations').of.length(2);
  });
});
