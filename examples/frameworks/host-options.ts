import type { ProfileService, SchemaService } from 'dossier';
import type { ProfileApiOptions } from 'dossier/http';

/** What each of these hosts is given: the services, and its own way to tell who calls. */
export interface HostOptions {
  readonly services: { readonly profiles: ProfileService; readonly schemas: SchemaService };
  readonly authenticate?: ProfileApiOptions['authenticate'];
}
