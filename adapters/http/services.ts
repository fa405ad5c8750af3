import type { ProfileService, SchemaService } from 'dossier';

/** The methods of `ProfileService` that the operations call. */
export const PROFILE_METHODS = [
  'create',
  'findOrCreate',
  'get',
  'identify',
  'replace',
  'patch',
  'preview',
  'dryRun',
  'delete',
  'erase',
  'erasure',
  'insertRecords',
  'updateRecord',
  'deleteRecord',
  'merge',
  'unmerge',
  'history',
  'at',
  'restore',
  'changes',
  'import',
  'serverMode',
  'setServerMode',
  'ping',
] as const satisfies readonly (keyof ProfileService)[];

/** The methods of `SchemaService` that the operations call. */
export const SCHEMA_METHODS = [
  'get',
  'defineAttributes',
  'getExtension',
  'addExtension',
  'replaceExtension',
  'removeExtension',
  'getKey',
  'addKey',
  'removeKey',
  'tryOut',
] as const satisfies readonly (keyof SchemaService)[];

/** The services that {@link createProfileApi} serves: a `Dossier`, or an object with the methods that the API calls. */
export interface Services {
  readonly profiles: Pick<ProfileService, (typeof PROFILE_METHODS)[number]>;
  readonly schemas: Pick<SchemaService, (typeof SCHEMA_METHODS)[number]>;
}
