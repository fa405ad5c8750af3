import { expect } from 'chai';
import { InvalidOptionsError, ProfileService, SchemaService, type ServiceOptions } from 'dossier';
import { identifiers, inMemoryModule, profileModule } from 'dossier/inversify';
import { InMemoryProfileRepository } from 'dossier/memory';
import { Container, type ServiceIdentifier } from 'inversify';
import { BRUCE, outcome, SCHEMA, TENANT } from '../../service-harness.js';

/** A host's container with a service that depends on Dossier. */
async function hostContainer(options?: ServiceOptions): Promise<Container> {
  const container = new Container();
  container.bind('greeting').toConstantValue('hello');
  await container.load(profileModule(options), inMemoryModule());
  return container;
}

function servicesOf(container: Container) {
  return { profiles: container.get(identifiers.profileService), schemas: container.get(identifiers.schemaService) };
}

describe('profileModule', () => {
  it('binds the services in a host’s container', async () => {
    const container = await hostContainer();
    const { profiles, schemas } = servicesOf(container);
    expect(profiles).to.be.instanceOf(ProfileService);
    expect(schemas).to.be.instanceOf(SchemaService);
    await schemas.define(TENANT, SCHEMA);
    await profiles.create(TENANT, BRUCE);
    await profiles.replace(TENANT, BRUCE.customerId, { attributes: { FirstName: 'Robert' } }, { ifRevision: 1 });
    const kept = await profiles.get(TENANT, BRUCE.customerId, { extensions: 'all' });
    expect([kept.attributes, kept.extensions]).to.deep.equal([{ FirstName: 'Robert', Score: 7 }, BRUCE.extensions]);
    expect(container.get('greeting')).to.equal('hello');
  });

  it('binds singletons per container', async () => {
    const [one, other] = [await hostContainer(), await hostContainer()];
    for (const identifier of Object.values(identifiers)) {
      expect(one.get<object>(identifier as ServiceIdentifier<object>)).to.equal(
        one.get<object>(identifier as ServiceIdentifier<object>),
      );
      expect(one.get<object>(identifier as ServiceIdentifier<object>)).not.to.equal(
        other.get<object>(identifier as ServiceIdentifier<object>),
      );
    }
    await servicesOf(one).schemas.define(TENANT, SCHEMA);
    expect(await outcome(servicesOf(other).schemas.get(TENANT))).to.equal('not_found');
  });

  it('uses the repository that the host binds', async () => {
    const repository = new InMemoryProfileRepository();
    const container = new Container();
    container.bind(identifiers.profileRepository).toConstantValue(repository);
    await container.load(profileModule());
    await servicesOf(container).schemas.define(TENANT, SCHEMA);
    expect((await repository.loadSchema(TENANT))?.version).to.equal(1);
  });

  it('can be loaded by two containers, each with its own services', async () => {
    const module = profileModule();
    const [one, other] = [new Container(), new Container()];
    await one.load(module, inMemoryModule());
    await other.load(module, inMemoryModule());
    expect(servicesOf(one).profiles).not.to.equal(servicesOf(other).profiles);
    await servicesOf(one).schemas.define(TENANT, SCHEMA);
    expect(await outcome(servicesOf(other).schemas.get(TENANT))).to.equal('not_found');
  });

  it('passes the options to the services', async () => {
    const now = () => new Date(Date.UTC(2024, 1, 29));
    const { profiles, schemas } = servicesOf(await hostContainer({ now, requireExpectedRevision: true }));
    await schemas.define(TENANT, SCHEMA);
    expect((await profiles.create(TENANT, BRUCE)).createdAt).to.equal('2024-02-29T00:00:00.000Z');
    const { attributes } = BRUCE;
    expect(await outcome(profiles.replace(TENANT, BRUCE.customerId, { attributes }))).to.equal('precondition_required');
  });

  it('reports all invalid options by name before it binds anything', () => {
    const wrong = { maxProfileBytes: 0, schemaCacheSize: '1', now: 5, other: 1 } as unknown as ServiceOptions;
    try {
      profileModule(wrong);
      expect.fail('accepted');
    } catch (error) {
      if (!(error instanceof InvalidOptionsError)) throw error;
      expect(error.violations.map(({ pointer }) => pointer)).to.have.members(
        Object.keys(wrong).map((name) => `/${name}`),
      );
    }
    for (const none of [null, 'x', 5, []]) {
      expect(() => profileModule(none as unknown as ServiceOptions)).to.throw(InvalidOptionsError);
    }
  });

  it('binds identifiers that another copy of the package shares', () => {
    expect(identifiers).to.deep.equal({
      profileRepository: Symbol.for('dossier/ProfileRepository'),
      dossier: Symbol.for('dossier/Dossier'),
      profileService: Symbol.for('dossier/ProfileService'),
      schemaService: Symbol.for('dossier/SchemaService'),
    });
  });
});
