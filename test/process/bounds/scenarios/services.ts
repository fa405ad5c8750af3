import { createDossier, type Dossier, type SchemaDefinition } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import { memoryStore, type SqliteStore } from '../../../adapters/knex/sqlite-store.js';

export const TENANT = '1';

/** Services over an empty storage, with a schema. */
export async function services(schema: SchemaDefinition): Promise<Dossier> {
  const dossier = createDossier({ repository: new InMemoryProfileRepository() });
  await dossier.schemas.define(TENANT, schema);
  return dossier;
}

let store: SqliteStore | undefined;

/** Closes the database of the scenario that ran last: it would keep the process, and its memory. */
export const dispose = async () => store?.dispose();

/** An empty storage on SQLite, in the place of the one before. */
export async function onSqlite(): Promise<ProfileRepository> {
  await dispose();
  store = memoryStore();
  const knex = store.open();
  await migrate(knex);
  return new KnexProfileRepository(knex);
}

/** A list of the same text so often that all of them take so many bytes of JSON. */
export function listOf(element: string, bytes = 2 ** 20 - 64): string {
  return `[${Array(Math.floor(bytes / (element.length + 1)))
    .fill(element)
    .join(',')}]`;
}
