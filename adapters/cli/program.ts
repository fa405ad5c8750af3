import { createRequire } from 'node:module';
import { Command } from 'commander';
import { addBackupCommand } from './backup-command.js';
import { addExportCommand } from './bulk/export-command.js';
import { addImportCommand } from './bulk/import-command.js';
import { addChangesCommand } from './changes-command.js';
import { addEraseCommand } from './erasure/erase-command.js';
import { addHistoryCommand } from './history/history-command.js';
import { addPruneCommand } from './history/prune-command.js';
import { addRestoreCommand } from './history/restore-command.js';
import { addUnmergeCommand } from './history/unmerge-command.js';
import { addMigrateCommand } from './migrate-command.js';
import { addModeCommand } from './mode-command.js';
import { addSchemaCommand } from './schema-command.js';
import { addServeCommand } from './serve-command.js';
import { addUserCommand } from './users/user-command.js';

export function createProgram(): Command {
  const { version } = createRequire(import.meta.url)('dossier/package.json') as { version: string };
  const program = new Command('dossier')
    .description('Typed customer profiles in your own database, where a replacement cannot lose data.')
    .version(version);
  addServeCommand(program);
  addUserCommand(program);
  addMigrateCommand(program);
  addSchemaCommand(program);
  addImportCommand(program);
  addExportCommand(program);
  addHistoryCommand(program);
  addRestoreCommand(program);
  addUnmergeCommand(program);
  addPruneCommand(program);
  addChangesCommand(program);
  addEraseCommand(program);
  addBackupCommand(program);
  addModeCommand(program);
  return program;
}
