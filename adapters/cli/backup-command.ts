import type { Command } from 'commander';
import type { BackupOptions } from './backup.js';
import { persistentDatabaseOption } from './shared-options.js';

const HELP = `
For SQLite: copies the whole database, as it is at one moment, also while a server uses it. A copy of the file alone may
be incomplete or empty, since recent changes are in the file with -wal at the end.

For PostgreSQL, MariaDB and MySQL: prints the command of the database that does so.

Example: dossier backup backups/monday.db`;

export function addBackupCommand(program: Command): void {
  program
    .command('backup')
    .description('Copy a SQLite database while it is in use.')
    .argument('<file>', 'file to create')
    .addOption(persistentDatabaseOption())
    .addHelpText('after', HELP)
    .action(async (file: string, options: BackupOptions) => {
      const { backUp } = await import('./backup.js');
      await backUp(file, options);
    });
}
