import type { Schema, SchemaService } from 'dossier';
import { type DatabaseLocation, nameOfDatabase } from './database-location.js';
import { UserError } from './user-error.js';

/** @throws UserError if the tenant has no schema, with the command that defines one */
export async function schemaOf(
  schemas: SchemaService,
  { tenant, database }: { readonly tenant: string; readonly database: DatabaseLocation },
): Promise<Schema> {
  try {
    return await schemas.get(tenant);
  } catch (error) {
    const { isDossierError } = await import('dossier');
    if (!isDossierError(error) || error.code !== 'not_found') throw error;
    throw new UserError(
      `Tenant ${tenant} has no schema in ${nameOfDatabase(database)}. Define one first: dossier schema define FILE --tenant ${tenant}`,
    );
  }
}
