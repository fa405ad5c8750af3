import type { Command } from 'commander';
import { startProgress } from '../progress.js';
import { historyLimitsOption, persistentDatabaseOption, tenantOption } from '../shared-options.js';
import { type HistoryOptions, withProfiles } from './with-profiles.js';

const HELP = `
Removes the former states of all profiles of the tenant that are beyond the limits, in batches, also while a server uses the
database. Profiles stay as they are. It can be interrupted, and run again.

Example: dossier prune --tenant 1 --history days=365`;

export function addPruneCommand(program: Command): void {
  program
    .command('prune')
    .description('Remove former states of profiles that are no longer kept.')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .addOption(historyLimitsOption())
    .addHelpText('after', HELP)
    .action(pruneHistory);
}

async function pruneHistory(options: HistoryOptions): Promise<void> {
  await withProfiles(options, async (profiles) => {
    const progress = await startProgress(undefined);
    const removed = await profiles
      .prune(options.tenant, {
        onProgress: ({ removed, customerId }) =>
          progress.update(removed, `${removed} former states removed, up to ${customerId}`),
      })
      .finally(() => progress.stop());
    console.log(`${removed} former states removed.`);
  });
}
