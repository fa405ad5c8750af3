import { join } from 'node:path';
import { createDossier, type Profile, type ProfileService, type SchemaDefinition } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';

/** Opens a SQLite file without the command. */
export async function withDatabase<Result>(
  directory: string,
  name: string,
  work: (services: ReturnType<typeof createDossier>) => Promise<Result>,
): Promise<Result> {
  const instance = knex({
    client: 'better-sqlite3',
    connection: { filename: join(directory, name) },
    useNullAsDefault: true,
  });
  try {
    await migrate(instance);
    return await work(createDossier({ repository: new KnexProfileRepository(instance) }));
  } finally {
    await instance.destroy();
  }
}

/** Defines the schema of tenant 1 in a SQLite file. */
export async function defineSchema(directory: string, name: string, schema: SchemaDefinition): Promise<void> {
  await withDatabase(directory, name, ({ schemas }) => schemas.define('1', schema));
}

/** All profiles of tenant 1 in a SQLite file, without revisions, readings and timestamps. */
export function storedProfiles(directory: string, name: string) {
  return withDatabase(directory, name, ({ profiles }) => contentsOf(profiles));
}

async function contentsOf(
  profiles: ProfileService,
): Promise<Omit<Profile, 'tenantId' | 'revision' | 'reading' | 'createdAt' | 'updatedAt'>[]> {
  const list = [];
  for await (const { tenantId: _, revision: __, reading, createdAt, updatedAt, ...contents } of profiles.all('1')) {
    list.push(contents);
  }
  return list;
}
