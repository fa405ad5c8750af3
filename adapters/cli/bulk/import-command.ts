import { type Command, Option } from 'commander';
import { parsePositiveInteger } from '../option-values.js';
import {
  actorOption,
  delimiterOption,
  excelOption,
  formatOption,
  historyOption,
  persistentDatabaseOption,
  reasonOption,
  tenantOption,
} from '../shared-options.js';
import type { ImportCommandOptions } from './import-profiles.js';

const HELP = `
NDJSON: each line is a profile in the form of the HTTP API, with or without customer_id.
CSV: the first row names the columns: customer_id, attributes, and attributes of extensions as Phone.Number. Repeat a
column for several values of an attribute or several records of an extension. Add --excel if it was exported with it.

To continue an interrupted import, run the same command again: progress is kept in FILE.import until the import is
complete, and no row is imported twice. For the standard input, add --start-from with the line that was printed last.
After kill -9, two kinds of rows may be imported twice: rows without customer_id from the standard input, and rows by
--id-key that lack an attribute of the key.

Exit code: 0 if all rows were imported, 1 if nothing could be done, 2 if some rows had errors, 130 if interrupted.

Example: dossier import customers.csv --tenant 1 --existing replace`;

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('Import profiles from an NDJSON or CSV file.')
    .argument('<file>', 'NDJSON or CSV in UTF-8; - for the standard input')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .addOption(formatOption())
    .addOption(delimiterOption())
    .addOption(excelOption())
    .addOption(
      new Option('--existing <action>', 'what to do with a row whose profile exists')
        .choices(['skip', 'replace', 'refuse'])
        .default('skip'),
    )
    .option('--id-key <name>', 'identification key that matches rows without customer_id to profiles')
    .option('--max-errors <number>', 'stop after this many rows with errors', parsePositiveInteger, 100)
    .option('--start-from <line>', 'first line to import, counted from 1', parsePositiveInteger)
    .addOption(historyOption())
    .addOption(actorOption())
    .addOption(reasonOption())
    .addHelpText('after', HELP)
    .action(async (file: string, options: ImportCommandOptions) => {
      const { importProfiles } = await import('./import-profiles.js');
      await importProfiles(file, options);
    });
}
