import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { nameOfDatabase, type PersistentLocation, type SqliteLocation } from './database-location.js';
import { fileError } from './file-error.js';
import { importPeers } from './import-peers.js';
import { UserError } from './user-error.js';

export interface BackupOptions {
  readonly database: PersistentLocation;
}

/** The part of better-sqlite3 that is used here. */
interface Sqlite {
  new (
    filename: string,
    options: { readonly fileMustExist: boolean },
  ): {
    backup(file: string): Promise<unknown>;
    close(): void;
  };
}

/** A `string`, since the package has no type declarations. */
const DRIVER: string = 'better-sqlite3';

/** The commands that make a backup of a database on a server. */
const COMMANDS = {
  pg: 'pg_dump --format=custom --file=FILE "$DOSSIER_DATABASE"',
  mysql2: 'mariadb-dump --single-transaction --result-file=FILE DATABASE (or mysqldump)',
} as const;

/**
 * Copies a SQLite database to a new file, which gets its name when it is complete. Only the owner may read it.
 *
 * @throws UserError for another database, with the command that backs it up; if the file exists or cannot be written; if
 *   there is no such database
 */
export async function backUp(file: string, { database }: BackupOptions): Promise<void> {
  if (database.kind !== 'sqlite') {
    throw new UserError(
      `${nameOfDatabase(database)} is backed up by a command of its own: ${COMMANDS[database.kind]}. See docs/operations.md.`,
    );
  }
  if (!existsSync(database.filename))
    throw new UserError(`There is no database file ${database.filename} (--database).`);
  if (existsSync(file)) throw new UserError(`${file} exists already. Choose another name, or delete it.`);
  const draft = `${file}.partial`;
  await createEmpty(draft);
  try {
    await copy(database, draft);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  console.log(`${nameOfDatabase(database)} is backed up in ${file}.`);
}

/** So that nobody else may read the copy from the first moment. */
async function createEmpty(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    throw fileError('write', path, error as NodeJS.ErrnoException);
  }
}

async function copy({ filename }: SqliteLocation, draft: string): Promise<void> {
  const { default: Database } = await importPeers([DRIVER], async (): Promise<{ readonly default: Sqlite }> => {
    return import(DRIVER);
  });
  try {
    const source = new Database(filename, { fileMustExist: true });
    try {
      await source.backup(draft);
    } finally {
      source.close();
    }
    const handle = await open(draft, 'r+');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    // SQLite's messages quote no values.
    throw new UserError(`Cannot back up ${filename} to ${draft}: ${(error as Error).message}.`);
  }
}
