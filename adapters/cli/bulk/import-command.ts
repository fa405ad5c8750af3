import { type Command, Option } from 'commander';
import { parseCount, parseDelimiter } from '../option-values.js';
import { formatOption, lastingDatabaseOption, tenantOption } from '../shared-options.js';
import type { ImportCommandOptions } from './import-profiles.js';

const HELP = `
A line of NDJSON is a profile as on the wire, with or without customer_id. The first row of a CSV file names the columns:
customer_id, attributes, attributes of extensions as Phone.Number; a column is repeated for several values or records.

An import that was interrupted goes on when the same command is run again: how far it has come is kept in FILE.import
until it is complete, and no row is imported twice. From the standard input, go on with --start-from, with the line that
was told last. After kill -9, rows without customer_id from the standard input may be there twice, and so may rows by
--id-key that lack an attribute of the key.

Exit code: 0 if all rows were imported, 1 if it could not be done, 2 if there were rows with errors, 130 if interrupted.`;

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('Import profiles from a file.')
    .argument('<file>', 'NDJSON or CSV in UTF-8; - for the standard input')
    .addOption(tenantOption())
    .addOption(lastingDatabaseOption())
    .addOption(formatOption())
    .option('--delimiter <character>', 'what separates columns of CSV; tab for a tab (default: ,)', parseDelimiter)
    .addOption(
      new Option('--existing <what>', 'what to do where a profile exists already')
        .choices(['skip', 'replace', 'refuse'])
        .default('skip'),
    )
    .option('--id-key <name>', 'identification key by which rows without customer_id find their profiles')
    .option('--max-errors <number>', 'end after so many rows with errors', parseCount, 100)
    .option('--start-from <line>', 'first line to import; lines are counted from 1', parseCount)
    .addHelpText('after', HELP)
    .action(async (file: string, options: ImportCommandOptions) => {
      const { importProfiles } = await import('./import-profiles.js');
      await importProfiles(file, options);
    });
}
