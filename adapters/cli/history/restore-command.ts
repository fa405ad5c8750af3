import type { Command } from 'commander';
import type { ProfileService } from 'dossier';
import { parsePositiveInteger } from '../option-values.js';
import { addChangeOptions } from './change-options.js';
import { printDryRun } from './print-dry-run.js';
import { type ChangeOptions, withProfiles } from './with-profiles.js';

const HELP = `
Replaces all attributes, extensions and the segment by those of the former state, as one more revision, so that it can be
undone in the same way. The schema of today may refuse it. A profile that was deleted comes back under its id.

Example: dossier restore 00027a52JCGY000M 7 --tenant 1 --actor ann --reason 'Emptied by mistake'`;

export function addRestoreCommand(program: Command): void {
  const command = program
    .command('restore')
    .description('Make a profile what it was in a former state.')
    .argument('<id>', 'customer id')
    .argument('<revision>', 'revision of the former state, as history lists it', parsePositiveInteger)
    .addHelpText('after', HELP)
    .action(restoreProfile);
  addChangeOptions(command);
}

async function restoreProfile(customerId: string, former: number, options: ChangeOptions): Promise<void> {
  const { tenant, actor, reason, dryRun } = options;
  await withProfiles(options, async (profiles) => {
    const restore = (service: ProfileService) => service.restore(tenant, customerId, former, { actor, reason });
    if (dryRun) return printDryRun(await profiles.dryRun(tenant, restore));
    const { revision, unknown } = await restore(profiles);
    console.log(`${customerId} is as it was in revision ${former}. It has revision ${revision}.`);
    if (unknown.length > 0)
      console.error(`The schema of today does not know ${unknown.join(', ')}: kept, but not answered.`);
  });
}
