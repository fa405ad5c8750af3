import type { Command } from 'commander';
import type { ChangesPolicy } from 'dossier';
import type { PersistentLocation } from './database-location.js';
import { interruptSignal } from './interrupt-signal.js';
import { parsePositiveInteger } from './option-values.js';
import { changesOption, persistentDatabaseOption, tenantOption } from './shared-options.js';
import { openExistingStorage } from './storage.js';

interface ChangesCommandOptions {
  readonly database: PersistentLocation;
  readonly tenant: string;
  readonly changes?: true | ChangesPolicy;
  readonly after?: string;
  readonly limit?: number;
  readonly follow?: true;
}

/** The most lines that are read at once. */
const LINES_AT_ONCE = 1_000;

/** How long each call waits for a line, in seconds. */
const WAIT_SECONDS = 30;

const HELP = `
Prints a line of JSON for each change: the customer id, the revision, what changed it, who and why, and which members, but no
values. The lines of a profile come by revision. Each has a cursor, to go on after it with --after.

There are lines only of changes that were made with --changes, by the server and by other commands.

Example: dossier changes --tenant 1 --follow`;

export function addChangesCommand(program: Command): void {
  program
    .command('changes')
    .description('Print the changes of profiles, and follow them.')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .addOption(changesOption())
    .option('--after <cursor>', 'print only what follows this cursor (default: from the oldest line that is kept)')
    .option('--limit <number>', 'print so many lines at most', parsePositiveInteger)
    .option('--follow', 'go on with new lines as they come, until interrupted')
    .addHelpText('after', HELP)
    .action(printChanges);
}

async function printChanges(options: ChangesCommandOptions): Promise<void> {
  const { database, tenant, changes = true, follow = false } = options;
  const signal = interruptSignal();
  const storage = await openExistingStorage(database);
  try {
    const { createDossier } = await import('dossier');
    const { profiles } = createDossier({ repository: storage.repository, changes });
    let { after, limit = Number.POSITIVE_INFINITY } = options;
    const wait = follow ? WAIT_SECONDS : 0;
    // Without a reader, as after `| head`, there is nothing to follow for.
    while (limit > 0 && !signal.aborted && process.stdout.writable) {
      const request = { after, limit: Math.min(limit, LINES_AT_ONCE), wait, signal };
      const { items, next } = await profiles.changes(tenant, request);
      for (const line of items) console.log(JSON.stringify(line));
      limit -= items.length;
      after = next;
      if (items.length === 0 && !follow) break;
    }
  } catch (error) {
    if (!(signal.aborted && error === signal.reason)) throw error;
  } finally {
    await storage.close();
  }
}
