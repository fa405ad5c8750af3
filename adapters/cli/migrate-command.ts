import type { Command } from 'commander';
import { nameOfDatabase, type PersistentLocation } from './database-location.js';
import { importPeers } from './import-peers.js';
import { openKnexStorage } from './knex-storage.js';
import { persistentDatabaseOption } from './shared-options.js';

interface MigrateOptions {
  readonly database: PersistentLocation;
  readonly sql?: true;
}

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('Create the tables or bring them up to date. Every other command that opens a database does so first.')
    .addOption(persistentDatabaseOption())
    .option('--sql', 'print the SQL of all migrations and connect to nothing; for an administrator to run')
    .action((options: MigrateOptions) => (options.sql ? printSql(options) : migrateDatabase(options)));
}

async function printSql({ database }: MigrateOptions): Promise<void> {
  const { migrationSql } = await importPeers(['knex'], () => import('dossier/knex'));
  process.stdout.write(migrationSql(database.kind === 'sqlite' ? 'better-sqlite3' : database.kind));
}

async function migrateDatabase({ database }: MigrateOptions): Promise<void> {
  const { migrated, close } = await openKnexStorage(database);
  await close();
  const done = migrated.length > 0 ? `has run ${migrated.join(', ')}` : 'is up to date';
  console.log(`${nameOfDatabase(database)} ${done}.`);
}
