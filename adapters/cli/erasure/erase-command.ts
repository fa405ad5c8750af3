import type { Command } from 'commander';
import type { Erased, ProfileService } from 'dossier';
import { type ChangeOptions, withProfiles } from '../history/with-profiles.js';
import { changesOption, persistentDatabaseOption, tenantOption } from '../shared-options.js';
import { confirmByTyping } from './confirm.js';
import { receiptJson, remainderText, scopeText } from './receipt-text.js';

interface EraseCommandOptions extends ChangeOptions {
  readonly yes?: true;
}

const HELP = `
Removes the profile, or what is kept of one that was deleted or merged away, with its former states and index entries, and all
that was merged into it. Nothing can be created under these ids afterwards. Prints the receipt as JSON: keep it.
It asks to type the id, unless --yes is given. Backups, exports and logs are yours to remove.

Example: dossier erase 00027a52JCGY000M --tenant 1 --actor ann --reason 'Request 4711' > receipt.json`;

export function addEraseCommand(program: Command): void {
  program
    .command('erase')
    .description('Remove all that is kept of a person, for good.')
    .argument('<id>', 'customer id')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .addOption(changesOption())
    .option('--yes', 'do not ask for confirmation')
    .option('--dry-run', 'say what would be removed, and remove nothing')
    .option('--actor <name>', 'who erases, for the receipt')
    .option('--reason <text>', 'why, for the receipt; no personal data')
    .addHelpText('after', HELP)
    .action(eraseProfile);
}

async function eraseProfile(customerId: string, options: EraseCommandOptions): Promise<void> {
  const { tenant, actor, reason, yes, dryRun } = options;
  await withProfiles(options, async (profiles) => {
    const erase = (target: ProfileService) => target.erase(tenant, customerId, { actor, reason });
    if (dryRun || !yes) {
      const { result } = await profiles.dryRun(tenant, erase);
      if (result.repeated) return printReceipt(result);
      console.error(`Would erase ${scopeText(result)}.`);
      printRemainder(result);
      if (dryRun) return;
      await confirmByTyping(customerId);
    }
    const erased = await erase(profiles);
    printReceipt(erased);
    if (yes) printRemainder(erased);
  });
}

/** The receipt alone goes to the standard output, from where it can be kept. */
function printReceipt(erased: Erased): void {
  console.error(
    erased.repeated ? `${erased.customerId} was erased at ${erased.time}.` : `Erased ${scopeText(erased)}.`,
  );
  console.log(receiptJson(erased));
}

function printRemainder(receipt: Erased): void {
  const remainder = remainderText(receipt);
  if (remainder !== undefined) console.error(remainder);
}
