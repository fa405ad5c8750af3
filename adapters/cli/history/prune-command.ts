import type { Command } from 'commander';
import { startProgress } from '../progress.js';
import { changesOption, historyLimitsOption, persistentDatabaseOption, tenantOption } from '../shared-options.js';
import { UserError } from '../user-error.js';
import { type HistoryOptions, withProfiles } from './with-profiles.js';

const HELP = `
Removes the former states of all profiles of the tenant that are beyond the limits of --history, and the lines of changes that
are beyond those of --changes, in batches, also while a server uses the database. Profiles stay as they are. It can be
interrupted, and run again.

Example: dossier prune --tenant 1 --history days=365`;

export function addPruneCommand(program: Command): void {
  program
    .command('prune')
    .description('Remove former states of profiles, and lines of changes, that are no longer kept.')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .addOption(historyLimitsOption())
    .addOption(changesOption())
    .addHelpText('after', HELP)
    .action(pruneHistory);
}

async function pruneHistory(options: HistoryOptions): Promise<void> {
  if (options.history === undefined && options.changes === undefined) {
    throw new UserError('Say what to keep, with --history days=365 or --changes days=30, or both.');
  }
  // Without limits for former states, all are kept.
  const { history = 'all' } = options;
  await withProfiles({ ...options, history }, async (profiles) => {
    const progress = await startProgress(undefined);
    const removed = await profiles
      .prune(options.tenant, {
        onProgress: ({ removed, customerId }) =>
          progress.update(removed, `${removed} former states removed, up to ${customerId}`),
      })
      .finally(() => progress.stop());
    console.log(`${removed} former states${options.changes ? ' and lines of changes' : ''} removed.`);
  });
}
