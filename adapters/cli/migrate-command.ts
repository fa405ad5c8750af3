import type { Command } from 'commander';
import { type LastingLocation, nameOfDatabase } from './database-location.js';
import { importPeers } from './import-peers.js';
import { openKnexStorage } from './knex-storage.js';
import { lastingDatabaseOption } from './shared-options.js';

interface MigrateOptions {
  readonly database: LastingLocation;
  readonly sql?: true;
}

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('Make the tables, or bring them up to date. The other commands do so, too.')
    .addOption(lastingDatabaseOption())
    .option('--sql', 'print the SQL instead, for whoever may create tables')
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
