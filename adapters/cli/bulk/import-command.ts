import { type Command, Option } from 'commander';
import { parseMaxErrors, parseNames, parsePositiveInteger } from '../option-values.js';
import {
  actorOption,
  changesOption,
  delimiterOption,
  excelOption,
  formatOption,
  historyOption,
  persistentDatabaseOption,
  reasonOption,
  tenantOption,
} from '../shared-options.js';
import { addIgnored, addMapped } from './column-options.js';
import type { ImportCommandOptions } from './import-profiles.js';

const HELP = `
NDJSON: each line is a profile in the form of the HTTP API, with or without customer_id.
CSV: the first row names the columns: customer_id, attributes, and attributes of extensions as Phone.Number. Repeat a
column for several values of an attribute or several records of an extension; [] in a column Phone is no records.
Columns with other names are mapped by --map or left out by --ignore; any that is not stops the command before the first row.
Add --excel if it was exported with it.
With --existing replace or patch, a row with _revision changes that revision of its profile, or is an error.
With --existing patch, what the file has no column for stays as it is, and so does what has an empty cell.

With --dry-run nothing is stored, and no progress is kept: each row of the file is tried by what is stored now, without the
rows before it. It also reports what rows would clear.

Progress is kept in FILE.import until all rows are imported. After an interrupt or errors, run the same command again: it
imports the rows with errors, which you may correct on their lines, and the rows that follow, and no row twice. For the
standard input, add --start-from with the line that was printed last, and send rows with errors as an input of their own;
after kill -9, rows without customer_id from there may be imported twice.

Exit code: 0 if all rows were imported, 1 if nothing could be done, 2 if some rows had errors, 130 if interrupted.

Examples:
  dossier import customers.csv --tenant 1 --existing replace
  dossier import contacts.csv --tenant 1 --map "E-mail 1 - Value=EmailAddress" --ignore Notes --dry-run`;

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
        .choices(['skip', 'replace', 'patch', 'refuse'])
        .default('skip'),
    )
    .option(
      '--map <column=name>',
      'attribute of a column of CSV, such as "E-mail=EmailAddress"; may be repeated',
      addMapped,
    )
    .option('--ignore <column>', 'column of CSV to leave out; may be repeated', addIgnored)
    .option('--mapping <file>', 'JSON file with {"map": {COLUMN: NAME}, "ignore": [COLUMN]}')
    .addOption(
      new Option(
        '--empty-cells <action>',
        'with --existing patch, what an empty cell of CSV does to the value',
      ).choices(['keep', 'clear']),
    )
    .option('--id-key <name>', 'identification key that matches rows without customer_id to profiles')
    .option(
      '--allow-loss <names>',
      'protected attributes and extensions that rows may clear by leaving them out, such as DOB,Address',
      parseNames,
    )
    .option('--after-erasure <id>', 'id of an erasure, from its receipt, whose customer ids rows may use anew')
    .option('--max-errors <number>', 'stop after this many rows with errors, at most 100000', parseMaxErrors, 100)
    .option('--start-from <line>', 'first line to import, counted from 1', parsePositiveInteger)
    .option('--dry-run', 'report errors, counts and losses, and store nothing')
    .addOption(historyOption())
    .addOption(changesOption())
    .addOption(actorOption())
    .addOption(reasonOption())
    .addHelpText('after', HELP)
    .action(async (file: string, options: ImportCommandOptions) => {
      const { importProfiles } = await import('./import-profiles.js');
      await importProfiles(file, options);
    });
}
