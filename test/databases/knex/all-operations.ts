import { createDossier } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import { creation, email, HISTORY } from '../../adapters/knex/sample-changes.js';
import { SCHEMA, TENANT } from './load/customer-state.js';

/** One call of each operation of the repository and of the services. None changes the profile `anna`. */
export function allOperations(repository: ProfileRepository): Record<string, () => Promise<unknown>> {
  const { profiles, schemas } = createDossier({ repository });
  const nothing = { attributes: {} };
  const schema = { attributes: [], extensions: [], identificationKeys: [] };
  return {
    'ping()': () => repository.ping(),
    'load()': () => repository.load(TENANT, 'anna', { extensions: true }),
    'find()': () => repository.find(TENANT, email('a'), { limit: 1, extensions: false }),
    'page()': () => repository.page(TENANT, { limit: 1 }),
    'loadSchema()': () => repository.loadSchema(TENANT),
    'commitSchema()': () => repository.commitSchema(TENANT, { expectedVersion: 99, schema }),
    'dropEntries()': () => repository.dropEntries(TENANT, 'none', 1),
    'commit() of one change': () => repository.commit('1', [creation('anna')], HISTORY),
    'commit() of several': () => repository.commit('1', [creation('anna', [email('a')]), creation('bert')], HISTORY),
    'profiles.create()': () => profiles.create(TENANT, nothing),
    'profiles.createMany()': () => profiles.createMany(TENANT, [nothing, nothing]),
    'profiles.get()': () => profiles.get(TENANT, 'anna', { extensions: 'all' }),
    'profiles.all()': () => profiles.all(TENANT).next(),
    'profiles.identify()': () => profiles.identify(TENANT, { values: { Email: 'a' } }),
    'profiles.replace()': () => profiles.replace(TENANT, 'anna', nothing),
    'profiles.delete()': () => profiles.delete(TENANT, 'nobody'),
    'profiles.merge()': () => profiles.merge(TENANT, 'anna', 'nobody'),
    'schemas.get()': () => schemas.get(TENANT),
    'schemas.define()': () => schemas.define(TENANT, SCHEMA),
  };
}
