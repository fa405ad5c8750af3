import { expect } from 'chai';
import { createDossier, type InvalidOptionsError } from 'dossier';
import { createProfileApi, type ProfileApiOptions, type Services } from 'dossier/http';
import { InMemoryProfileRepository } from 'dossier/memory';

const services = createDossier({ repository: new InMemoryProfileRepository() });

function faultsOf(options: unknown, dossier: unknown = services): readonly string[] {
  try {
    createProfileApi(dossier as Services, options as ProfileApiOptions);
    return [];
  } catch (error) {
    expect(error).to.have.property('code', 'invalid_options');
    return (error as InvalidOptionsError).violations.map(({ pointer }) => pointer);
  }
}

describe('createProfileApi: options', () => {
  it('are all checked at once, each named', () => {
    const options = {
      basePath: 'crm/',
      defaultTenant: 1,
      challenge: 'a\nb',
      maxBodyBytes: 0,
      authenticate: 'x',
      onError: 1,
      onRequest: {},
      tenant: '1',
    };
    expect(faultsOf(options, {})).to.have.members([
      '/profiles',
      '/schemas',
      ...Object.keys(options).map((name) => `/${name}`),
    ]);
  });

  it('come after the services, which are required', () => {
    for (const none of [null, {}, { profiles: {}, schemas: null }]) {
      expect(faultsOf({}, none)).to.deep.equal(['/profiles', '/schemas']);
    }
  });

  for (const basePath of ['/', '/crm', '/crm/v1']) {
    it(`basePath may be ${basePath}`, () => expect(faultsOf({ basePath })).to.deep.equal([]));
  }

  for (const basePath of ['', 'crm', '/crm/', '//crm', '/crm//v1', '/:tenant', '/*', '/a b', '/é']) {
    it(`basePath may not be ${JSON.stringify(basePath)}`, () =>
      expect(faultsOf({ basePath })).to.deep.equal(['/basePath']));
  }

  for (const maxBodyBytes of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1000', 2 ** 31]) {
    it(`maxBodyBytes may not be ${JSON.stringify(maxBodyBytes)}`, () =>
      expect(faultsOf({ maxBodyBytes })).to.deep.equal(['/maxBodyBytes']));
  }

  it('undefined is as good as absent', () => {
    const options = { basePath: undefined, defaultTenant: undefined, authenticate: undefined, challenge: undefined };
    expect(faultsOf(options)).to.deep.equal([]);
  });
});
