import type { Command } from 'commander';
import {
  delimiterOption,
  excelOption,
  formatOption,
  persistentDatabaseOption,
  tenantOption,
} from '../shared-options.js';
import type { ExportCommandOptions } from './export-profiles.js';

const HELP = `
Writes all profiles with all extensions, ordered by customer id, in the form that import reads. Each row names every
extension, so that import --existing replace restores the profile as it was, whatever has happened to it since. With
--revisions it replaces only profiles that nobody has changed since: for files that you edit. Until the export is
complete it is in FILE.partial, as NDJSON.

To continue an interrupted export to a file, also after kill -9, add --resume. To continue NDJSON on the standard output,
add --after with the last customer id.

With --residual, each profile of NDJSON also has what is kept of it that the schema does not know any more. Import refuses
such a row.

With --excel, CSV opens in a spreadsheet as it is meant; import it with --excel again.

Exit code: 0 if everything was exported, 1 if nothing could be done, 2 if CSV could not represent some profiles, 130 if
interrupted.

Example: dossier export customers.ndjson --tenant 1`;

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('Export all profiles of a tenant as NDJSON or CSV.')
    .argument('[file]', 'file to write; - for the standard output', '-')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .addOption(formatOption())
    .addOption(delimiterOption())
    .addOption(excelOption())
    .option('--after <id>', 'export only profiles after this customer id')
    .option('--revisions', 'add the revision of each profile, which import --existing replace expects')
    .option('--residual', 'add the values that the schema does not know, as _residual: to read, not to import')
    .option('--resume', 'continue an interrupted export to a file')
    .addHelpText('after', HELP)
    .action(async (file: string, options: ExportCommandOptions) => {
      const { exportProfiles } = await import('./export-profiles.js');
      await exportProfiles(file, options);
    });
}
