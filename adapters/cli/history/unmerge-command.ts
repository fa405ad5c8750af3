import type { Command } from 'commander';
import type { ProfileService } from 'dossier';
import {
  actorOption,
  changesOption,
  historyOption,
  persistentDatabaseOption,
  reasonOption,
  tenantOption,
} from '../shared-options.js';
import { printDryRun } from './print-dry-run.js';
import { type HistoryOptions, withProfiles } from './with-profiles.js';

interface UnmergeCommandOptions extends HistoryOptions {
  readonly actor?: string;
  readonly reason?: string;
  readonly dryRun?: true;
}

const HELP = `
Both profiles become what they were before the latest merge of the source into the destination. Refused if the destination
has changed since, or another profile has the id of the source.

Example: dossier unmerge 00027a52JCGY000M 00027a53JCGY000M --tenant 1 --reason 'Two customers after all'`;

export function addUnmergeCommand(program: Command): void {
  program
    .command('unmerge')
    .description('Take back the merge of one profile into another.')
    .argument('<destination>', 'customer id of the profile that took the other over')
    .argument('<source>', 'customer id of the profile that was merged away')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .addOption(historyOption())
    .addOption(changesOption())
    .addOption(actorOption())
    .addOption(reasonOption())
    .option('--dry-run', 'say what would change, and change nothing')
    .addHelpText('after', HELP)
    .action(unmergeProfiles);
}

async function unmergeProfiles(destination: string, source: string, options: UnmergeCommandOptions): Promise<void> {
  const { tenant, actor, reason, dryRun } = options;
  await withProfiles(options, async (profiles) => {
    const unmerge = (service: ProfileService) => service.unmerge(tenant, destination, source, { actor, reason });
    if (dryRun) return printDryRun(await profiles.dryRun(tenant, unmerge));
    const { revision } = await unmerge(profiles);
    console.log(`${source} is back. ${destination} is as it was before the merge, with revision ${revision}.`);
  });
}
