import { createDossier, type DossierError, isDossierError, type SchemaDefinition, type ServiceOptions } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';

export const TENANT = '1';

export const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'FirstName', type: 'string', mandatory: true },
    { name: 'LastName', type: 'string' },
    { name: 'Score', type: 'integer', default: 7 },
    { name: 'Email', type: 'string', multiValued: true },
  ],
  extensions: [
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string' },
        { name: 'Kind', type: 'string' },
      ],
      unique: ['Number'],
    },
  ],
};

export const BRUCE = {
  customerId: 'bruce',
  attributes: { FirstName: 'Bruce', LastName: 'Banner', Score: 1, Email: ['a@example.com', 'b@example.com'] },
  extensions: { Address: { City: 'Dayton' }, Phone: [{ Number: '1', Kind: 'home' }, { Number: '2' }] },
};

/** Services over a repository. Several over the same repository simulate several processes. */
export function createServices(
  repository: ProfileRepository = new InMemoryProfileRepository(),
  options: ServiceOptions = {},
) {
  const dossier = createDossier({ repository, ...options });
  const { profiles, schemas } = dossier;
  return {
    repository,
    dossier,
    profiles,
    schemas,
    /** The stored state of a profile. */
    state: (customerId: string = BRUCE.customerId, tenantId: string = TENANT) =>
      profiles.get(tenantId, customerId, { extensions: 'all' }),
  };
}

/** Services with a tenant that has a schema, and a profile with attributes and extensions. */
export async function createServicesWithBruce(repository?: ProfileRepository, options?: ServiceOptions) {
  const services = createServices(repository, options);
  await services.schemas.define(TENANT, SCHEMA);
  await services.profiles.create(TENANT, BRUCE);
  return services;
}

/** A clock that advances by one second with each call. */
export function tickingClock(): () => Date {
  let seconds = 0;
  return () => new Date(Date.UTC(2024, 0, 1) + 1_000 * ++seconds);
}

/** The error of the library that an operation rejects with. */
export async function refusal<Refusal extends DossierError>(operation: Promise<unknown>): Promise<Refusal> {
  try {
    await operation;
  } catch (error) {
    if (isDossierError(error)) return error as Refusal;
    throw error;
  }
  throw new Error('The operation was expected to fail.');
}

/** The error code that an operation rejects with, or `ok`. */
export async function outcome(operation: Promise<unknown>): Promise<string> {
  try {
    await operation;
    return 'ok';
  } catch (error) {
    if (isDossierError(error)) return error.code;
    throw error;
  }
}
