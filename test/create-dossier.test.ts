import { expect } from 'chai';
import { createDossier, type DossierOptions, InvalidOptionsError, type ServiceOptions, type Violation } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import { BRUCE, createServices, outcome, SCHEMA, TENANT } from './service-harness.js';

/** The names of the invalid options. */
function problems(options: object): string[] {
  return violationsOf(options).map(({ pointer }) => pointer);
}

function violationsOf(options: object): readonly Violation[] {
  try {
    createDossier(options as DossierOptions);
    return [];
  } catch (error) {
    if (error instanceof InvalidOptionsError) return error.violations;
    throw error;
  }
}

/** Services over a repository whose transactions are other repositories. */
function servicesWithTransactions(options: ServiceOptions = {}) {
  const repository = Object.assign(new InMemoryProfileRepository(), {
    withTransaction: (view: InMemoryProfileRepository) => view,
  });
  const dossier = createDossier({ repository, ...options });
  return { repository, dossier, profiles: dossier.profiles, schemas: dossier.schemas };
}

describe('createDossier', () => {
  it('creates the services for a host without a container', async () => {
    const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() });
    await schemas.define(TENANT, SCHEMA);
    await profiles.create(TENANT, BRUCE);
    const { customerId, attributes, extensions } = BRUCE;
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: null } });
    const kept = await profiles.get(TENANT, customerId, { extensions: 'all' });
    const { LastName, ...others } = attributes;
    expect([kept.attributes, kept.extensions, kept.revision]).to.deep.equal([others, extensions, 2]);
  });

  it('creates services that share no state with others in the process', async () => {
    const [one, other] = [createServices(), createServices()];
    await one.schemas.define(TENANT, SCHEMA);
    expect(await outcome(other.schemas.get(TENANT))).to.equal('not_found');
    expect(one.profiles).not.to.equal(other.profiles);
  });

  it("R16 services over the same repository see each other's changes", async () => {
    const one = createServices();
    const other = createServices(one.repository);
    await one.schemas.define(TENANT, SCHEMA);
    await other.profiles.create(TENANT, BRUCE);
    expect((await one.state()).attributes).to.deep.equal(BRUCE.attributes);
  });

  it('within binds the same services to a transaction of the repository', async () => {
    const { repository, ...services } = servicesWithTransactions({ maxProfileBytes: 1_024 });
    const view = new InMemoryProfileRepository();
    const bound = services.dossier.within(view);
    await bound.schemas.define(TENANT, SCHEMA);
    expect(await outcome(services.schemas.get(TENANT))).to.equal('not_found');
    await bound.profiles.create(TENANT, BRUCE);
    const long = { attributes: { FirstName: 'x', Email: Array(10).fill('x'.repeat(200)) } };
    expect(await outcome(bound.profiles.create(TENANT, long)), 'with the same options').to.equal('too_large');
    const { profile } = await repository.load(TENANT, BRUCE.customerId, { extensions: false });
    expect(profile).to.equal(undefined);
  });

  it('within is not_supported if the repository has no transactions', () => {
    const { dossier } = createServices();
    expect(() => dossier.within(undefined as never))
      .to.throw('withTransaction')
      .with.property('code', 'not_supported');
  });

  it('R16 a schema that was read within a transaction is not cached outside of it', async () => {
    const { dossier, profiles, schemas, repository } = servicesWithTransactions();
    await schemas.define(TENANT, SCHEMA);
    await profiles.create(TENANT, BRUCE);
    const bound = dossier.within(new InMemoryProfileRepository());
    // As in a host's transaction that is rolled back: the next version never takes effect.
    await bound.schemas.define(TENANT, SCHEMA);
    await bound.schemas.define(TENANT, { attributes: [{ name: 'Other', type: 'string', mandatory: true }] });
    await bound.profiles.create(TENANT, { attributes: { Other: 'x' } });
    expect(await outcome(profiles.create(TENANT, { attributes: { Other: 'x' } }))).to.equal('invalid_profile');
    expect(
      await outcome(createServices(repository).profiles.create(TENANT, { attributes: BRUCE.attributes })),
    ).to.equal('ok');
  });

  it('tenant binds the services to a tenant, and their methods take no tenant id', async () => {
    const { dossier, state } = createServices();
    const { tenantId, profiles, schemas } = dossier.tenant(TENANT);
    expect(tenantId).to.equal(TENANT);
    await schemas.define(SCHEMA);
    await profiles.create(BRUCE);
    await profiles.insertRecords(BRUCE.customerId, { Phone: { Number: '3' } });
    await profiles.updateRecord(BRUCE.customerId, 'Phone', { Number: '3', Kind: 'work' });
    await profiles.deleteRecord(BRUCE.customerId, 'Phone', { Number: '2' });
    const read = await profiles.get(BRUCE.customerId, { extensions: ['Phone'] });
    expect(read.extensions?.Phone).to.deep.equal([BRUCE.extensions.Phone[0], { Number: '3', Kind: 'work' }]);
    const replaced = await profiles.replace(BRUCE.customerId, { attributes: { FirstName: 'R' } }, { basedOn: read });
    expect(await state()).to.include({ revision: replaced.revision, tenantId: TENANT });
    const all = [];
    for await (const { customerId } of profiles.all()) all.push(customerId);
    expect(all).to.deep.equal([BRUCE.customerId]);
    await profiles.delete(BRUCE.customerId);
    expect(await outcome(state())).to.equal('not_found');
    expect(() => dossier.tenant('no tenant'))
      .to.throw()
      .with.property('code', 'malformed_request');
  });

  it('refuses invalid options, all at once and by name', () => {
    const wrong = {
      repository: {},
      maxProfileBytes: 1_023,
      requireExpectedRevision: 'yes',
      schemaCacheSize: 0,
      maxKeyCharacters: 1_023,
      maxSearchCandidates: 99,
      maxSearchCandidate: 1_000,
      now: Date.now(),
      generateCustomerId: 'x',
      tenant: '1',
    };
    expect(problems(wrong)).to.have.members(Object.keys(wrong).map((name) => `/${name}`));
    expect(problems({})).to.deep.equal(['/repository']);
    for (const repository of [null, undefined, 'memory', { load: () => undefined }, InMemoryProfileRepository]) {
      expect(problems({ repository, maxProfileBytes: '1' })).to.have.members(['/repository', '/maxProfileBytes']);
    }
  });

  it('refuses options of which an accessor or a prototype has some: a guard would be left out', () => {
    const repository = new InMemoryProfileRepository();
    class Settings {
      readonly repository = repository;
      get requireExpectedRevision() {
        return true;
      }
    }
    const inherited = Object.assign(Object.create({ lossGuard: true }), { repository });
    for (const others of [new Settings(), inherited, [], null, undefined]) {
      expect(problems(others as object), 'what is no plain object').to.deep.equal(['']);
    }
  });

  it('refuses a repository that lacks a method of a capability that it declares', () => {
    class Wrapping {
      readonly capabilities = new InMemoryProfileRepository().capabilities;
      readonly load = () => undefined;
      readonly commit = () => undefined;
      readonly history = () => undefined;
      readonly prune = () => undefined;
      readonly replace = undefined;
    }
    const violations = violationsOf({ repository: new Wrapping() });
    expect(violations.map(({ pointer, expected }) => [pointer, expected.split('`')[1]])).to.deep.equal(
      ['replace', 'changes', 'pruneChanges', 'lineage', 'erase', 'loadServerMode', 'storeServerMode'].map((method) => [
        '/repository',
        method,
      ]),
    );
  });

  it('accepts options up to their limits', () => {
    const repository = new InMemoryProfileRepository();
    const limits: readonly [name: string, least: number, most: number][] = [
      ['maxProfileBytes', 1_024, 16_777_216],
      ['maxKeyCharacters', 1_024, 16_777_216],
      ['maxSearchCandidates', 100, 1_000_000],
      ['schemaCacheSize', 1, 1_000_000],
      ['maxSchemaAttributes', 1, 10_000],
      ['maxExtensions', 1, 1_000],
      ['maxIdentificationKeys', 1, 1_000],
      ['maxPatterns', 1, 10_000],
      ['maxKeyAttributes', 1, 1_000],
    ];
    for (const [name, least, most] of limits) {
      for (const value of [least, most, undefined]) expect(problems({ repository, [name]: value })).to.deep.equal([]);
      for (const value of [least - 1, most + 1, least + 0.5, `${least}`, null, Number.NaN]) {
        expect(problems({ repository, [name]: value })).to.deep.equal([`/${name}`]);
      }
    }
    for (const name of ['now', 'generateCustomerId', 'requireExpectedRevision']) {
      expect(problems({ repository, [name]: null })).to.deep.equal([`/${name}`]);
      expect(problems({ repository, [name]: undefined })).to.deep.equal([]);
    }
  });

  it('R11 names an invalid option without its value', () => {
    const repository = new InMemoryProfileRepository();
    const wrong = { repository, maxProfileBytes: 'secret-1', 'secret-2': 1 };
    expect(() => createDossier(wrong as unknown as DossierOptions))
      .to.throw(InvalidOptionsError, '/maxProfileBytes')
      .with.property('message')
      .that.does.not.include('secret-1');
  });
});
