import { createDossier, type Dossier, type SchemaDefinition } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';

export const TENANT = '1';

/** Services over an empty storage, with a schema. */
export async function services(schema: SchemaDefinition): Promise<Dossier> {
  const dossier = createDossier({ repository: new InMemoryProfileRepository() });
  await dossier.schemas.define(TENANT, schema);
  return dossier;
}

/** A list of the same text so often that all of them take so many bytes of JSON. */
export function listOf(element: string, bytes = 2 ** 20 - 64): string {
  return `[${Array(Math.floor(bytes / (element.length + 1)))
    .fill(element)
    .join(',')}]`;
}
