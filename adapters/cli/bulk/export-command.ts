import type { Command } from 'commander';
import { parseDelimiter } from '../option-values.js';
import { formatOption, lastingDatabaseOption, tenantOption } from '../shared-options.js';
import type { ExportCommandOptions } from './export-profiles.js';

const HELP = `
Profiles come in the order of their customer ids, with all extensions: what the import command reads. While it is being
written, the export is in FILE.partial, as NDJSON; FILE is there only when it is complete. An export that was interrupted,
also by kill -9, goes on with --resume; NDJSON to the standard output, with --after and the last customer id.

Exit code: 0 if all was exported, 1 if it could not be done, 2 if CSV could not carry all, 130 if interrupted.`;

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('Export all profiles of a tenant.')
    .argument('[file]', 'what to write; - for the standard output', '-')
    .addOption(tenantOption())
    .addOption(lastingDatabaseOption())
    .addOption(formatOption())
    .option('--delimiter <character>', 'what separates columns of CSV; tab for a tab (default: ,)', parseDelimiter)
    .option('--after <id>', 'begin after this customer id')
    .option('--resume', 'go on with an export to a file that was interrupted')
    .addHelpText('after', HELP)
    .action(async (file: string, options: ExportCommandOptions) => {
      const { exportProfiles } = await import('./export-profiles.js');
      await exportProfiles(file, options);
    });
}
