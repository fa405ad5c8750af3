import type { ProfileService, SchemaService, TypedProfile, TypedRepresentation } from 'dossier';
import { customerSchema } from './customer-schema.js';

// The services take the schema, and what is typed by it, as they are.
export async function replace(
  { profiles, schemas }: { readonly profiles: ProfileService; readonly schemas: SchemaService },
  read: TypedProfile<typeof customerSchema>,
  input: TypedRepresentation<typeof customerSchema>,
): Promise<void> {
  await schemas.define('1', customerSchema);
  await profiles.create('1', input);
  await profiles.replace('1', read.customerId, input, { basedOn: read });
}
