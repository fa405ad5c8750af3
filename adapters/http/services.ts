import type { ProfileService, SchemaService } from 'dossier';

type ProfileMethods =
  | 'create'
  | 'get'
  | 'identify'
  | 'replace'
  | 'delete'
  | 'insertRecords'
  | 'updateRecord'
  | 'deleteRecord'
  | 'merge'
  | 'import'
  | 'ping';

type SchemaMethods =
  | 'get'
  | 'defineAttributes'
  | 'getExtension'
  | 'addExtension'
  | 'removeExtension'
  | 'getKey'
  | 'addKey'
  | 'removeKey';

/** The services that operations call. */
export interface Services {
  readonly profiles: Pick<ProfileService, ProfileMethods>;
  readonly schemas: Pick<SchemaService, SchemaMethods>;
}
