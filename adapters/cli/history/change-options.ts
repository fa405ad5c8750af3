import type { Command } from 'commander';
import {
  actorOption,
  changesOption,
  historyOption,
  persistentDatabaseOption,
  reasonOption,
  tenantOption,
} from '../shared-options.js';

/** Adds the options of a command that makes a profile what it was. */
export function addChangeOptions(command: Command): void {
  command
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .addOption(historyOption())
    .addOption(changesOption())
    .addOption(actorOption())
    .addOption(reasonOption())
    .option('--dry-run', 'say what would change, and change nothing');
}
