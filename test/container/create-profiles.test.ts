import { expect } from 'chai';
import { type CreateProfilesOptions, createProfiles, InvalidOptionsError } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import { BRUCE, createServices, outcome, SCHEMA, TENANT } from '../services/service-harness.js';

/** The names of the options that a host is told to mend. */
function problems(options: object): string[] {
  try {
    createProfiles(options as CreateProfilesOptions);
    return [];
  } catch (error) {
    if (error instanceof InvalidOptionsError) return error.violations.map(({ pointer }) => pointer);
    throw error;
  }
}

describe('createProfiles', () => {
  it('gives the services to a host without a container', async () => {
    const { profiles, schemas } = createProfiles({ repository: new InMemoryProfileRepository() });
    await schemas.define(TENANT, SCHEMA);
    await profiles.create(TENANT, BRUCE);
    const { customerId, attributes, extensions } = BRUCE;
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: null } });
    const kept = await profiles.get(TENANT, customerId, { extensions: 'all' });
    const { LastName, ...others } = attributes;
    expect([kept.attributes, kept.extensions, kept.revision]).to.deep.equal([others, extensions, 2]);
  });

  it('gives services that share nothing with others in the process', async () => {
    const [one, other] = [createServices(), createServices()];
    await one.schemas.define(TENANT, SCHEMA);
    expect(await outcome(other.schemas.get(TENANT))).to.equal('not_found');
    expect(one.profiles).not.to.equal(other.profiles);
  });

  it('R16 gives services that meet where the repository is the same', async () => {
    const one = createServices();
    const other = createServices(one.repository);
    await one.schemas.define(TENANT, SCHEMA);
    await other.profiles.create(TENANT, BRUCE);
    expect((await one.state()).attributes).to.deep.equal(BRUCE.attributes);
  });

  it('withRepository gives the same services over another view of the storage', async () => {
    const { profiles, schemas, repository } = createServices(undefined, { maxProfileBytes: 1_024 });
    const view = new InMemoryProfileRepository();
    await schemas.withRepository(view).define(TENANT, SCHEMA);
    expect(await outcome(schemas.get(TENANT))).to.equal('not_found');
    const bound = profiles.withRepository(view);
    await bound.create(TENANT, BRUCE);
    const long = { attributes: { FirstName: 'x', Email: Array(10).fill('x'.repeat(200)) } };
    expect(await outcome(bound.create(TENANT, long)), 'with the same options').to.equal('too_large');
    expect(await repository.load(TENANT, BRUCE.customerId, { extensions: false })).to.have.property(
      'profile',
      undefined,
    );
  });

  it('R16 a schema that is seen through another view alone is not relied on elsewhere', async () => {
    const { profiles, schemas, repository } = createServices();
    await schemas.define(TENANT, SCHEMA);
    await profiles.create(TENANT, BRUCE);
    const view = new InMemoryProfileRepository();
    const bound = { profiles: profiles.withRepository(view), schemas: schemas.withRepository(view) };
    // As in a transaction of the host that is rolled back: the next version, which comes to nothing.
    await bound.schemas.define(TENANT, SCHEMA);
    await bound.schemas.define(TENANT, { attributes: [{ name: 'Other', type: 'string', mandatory: true }] });
    await bound.profiles.create(TENANT, { attributes: { Other: 'x' } });
    expect(await outcome(profiles.create(TENANT, { attributes: { Other: 'x' } }))).to.equal('invalid_profile');
    expect(
      await outcome(createServices(repository).profiles.create(TENANT, { attributes: BRUCE.attributes })),
    ).to.equal('ok');
  });

  it('refuses options that are not valid, all at once and by name', () => {
    const wrong = {
      repository: {},
      maxProfileBytes: 1_023,
      requireExpectedRevision: 'yes',
      schemaCacheSize: 0,
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

  it('takes options up to their limits', () => {
    const repository = new InMemoryProfileRepository();
    const limits: readonly [name: string, least: number, most: number][] = [
      ['maxProfileBytes', 1_024, 16_777_216],
      ['schemaCacheSize', 1, 1_000_000],
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

  it('R11 tells of an option that is wrong without its value', () => {
    const repository = new InMemoryProfileRepository();
    const wrong = { repository, maxProfileBytes: 'secret-1', 'secret-2': 1 };
    expect(() => createProfiles(wrong as unknown as CreateProfilesOptions))
      .to.throw(InvalidOptionsError, '/maxProfileBytes')
      .with.property('message')
      .that.does.not.include('secret-1');
  });
});
