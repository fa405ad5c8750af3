import type { Command } from 'commander';
import type { ProfileService } from 'dossier';
import { addChangeOptions } from './change-options.js';
import { printDryRun } from './print-dry-run.js';
import { type ChangeOptions, withProfiles } from './with-profiles.js';

const HELP = `
Both profiles become what they were before the latest merge of the source into the destination. Refused if the destination
has changed since, or another profile has the id of the source.

Example: dossier unmerge 00027a52JCGY000M 00027a53JCGY000M --tenant 1 --reason 'Two customers after all'`;

export function addUnmergeCommand(program: Command): void {
  const command = program
    .command('unmerge')
    .description('Take back the merge of one profile into another.')
    .argument('<destination>', 'customer id of the profile that took the other over')
    .argument('<source>', 'customer id of the profile that was merged away')
    .addHelpText('after', HELP)
    .action(unmergeProfiles);
  addChangeOptions(command);
}

async function unmergeProfiles(destination: string, source: string, options: ChangeOptions): Promise<void> {
  const { tenant, actor, reason, dryRun } = options;
  await withProfiles(options, async (profiles) => {
    const unmerge = (service: ProfileService) => service.unmerge(tenant, destination, source, { actor, reason });
    if (dryRun) return printDryRun(await profiles.dryRun(tenant, unmerge));
    const { revision } = await unmerge(profiles);
    console.log(`${source} is back. ${destination} is as it was before the merge, with revision ${revision}.`);
  });
}
