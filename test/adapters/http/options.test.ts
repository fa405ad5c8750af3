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
  it('reports all problems at once, each by option name', () => {
    const options = {
      basePath: 'crm/',
      defaultTenant: 1,
      challenge: 'a\nb',
      maxBodyBytes: 0,
      bodyTimeoutMs: 2 ** 31,
      minBodyRate: 0,
      maxObjectMembers: 0,
      maxObjectMember: 1,
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

  it('refuses options that are no object, and checks those that a prototype has', () => {
    for (const none of [null, 'x', 5]) expect(faultsOf(none), String(none)).to.include('');
    expect(faultsOf(Object.create({ authenticate: 'x' }))).to.deep.equal(['/authenticate']);
  });

  it('requires the services', () => {
    for (const none of [null, {}, { profiles: {}, schemas: null }]) {
      expect(faultsOf({}, none)).to.deep.equal(['/profiles', '/schemas']);
    }
  });

  for (const basePath of ['/', '/crm', '/crm/v1']) {
    it(`basePath accepts ${basePath}`, () => expect(faultsOf({ basePath })).to.deep.equal([]));
  }

  for (const basePath of ['', 'crm', '/crm/', '//crm', '/crm//v1', '/:tenant', '/*', '/a b', '/é']) {
    it(`basePath refuses ${JSON.stringify(basePath)}`, () =>
      expect(faultsOf({ basePath })).to.deep.equal(['/basePath']));
  }

  for (const maxBodyBytes of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1000', 2 ** 31]) {
    it(`maxBodyBytes refuses ${JSON.stringify(maxBodyBytes)}`, () =>
      expect(faultsOf({ maxBodyBytes })).to.deep.equal(['/maxBodyBytes']));
  }

  it('treats undefined as absent', () => {
    const options = { basePath: undefined, defaultTenant: undefined, authenticate: undefined, challenge: undefined };
    expect(faultsOf(options)).to.deep.equal([]);
  });
});
