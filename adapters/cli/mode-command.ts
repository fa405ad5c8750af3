import { Argument, type Command } from 'commander';
import type { ServerMode } from 'dossier';
import type { PersistentLocation } from './database-location.js';
import { persistentDatabaseOption } from './shared-options.js';
import { openExistingStorage } from './storage.js';

/** Not imported: help needs no services. */
const MODES = ['production', 'maintenance'] as const satisfies readonly ServerMode[];

const HELP = `
In maintenance, all servers on the database refuse changes of profiles within a second, with 503 and Retry-After. Reads, dry runs,
schema changes and the other commands go on.

Example: dossier mode maintenance && dossier backup monday.db && dossier mode production`;

export function addModeCommand(program: Command): void {
  program
    .command('mode')
    .description('Print the mode of the servers on a database, or set it.')
    .addArgument(new Argument('[mode]', 'the mode to set').choices(MODES))
    .addOption(persistentDatabaseOption())
    .addHelpText('after', HELP)
    .action(printOrSetMode);
}

async function printOrSetMode(
  mode: ServerMode | undefined,
  { database }: { readonly database: PersistentLocation },
): Promise<void> {
  const storage = await openExistingStorage(database);
  try {
    const { createDossier } = await import('dossier');
    const { profiles } = createDossier({ repository: storage.repository });
    if (mode !== undefined) await profiles.setServerMode(mode);
    console.log(await profiles.serverMode());
  } finally {
    await storage.close();
  }
}
