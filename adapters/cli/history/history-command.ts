import type { Command } from 'commander';
import type { ProfileService, ProfileState } from 'dossier';
import { parsePositiveInteger } from '../option-values.js';
import { historyOption, persistentDatabaseOption, tenantOption } from '../shared-options.js';
import { stateTable } from './state-table.js';
import { type HistoryOptions, withProfiles } from './with-profiles.js';

interface HistoryCommandOptions extends HistoryOptions {
  readonly limit: number;
  readonly after?: number;
  readonly json?: true;
}

const HELP = `
Prints a line for each state, the newest first: what made it, who and why, and which members it changed. Also for a
profile that was deleted.

Example: dossier history 00027a52JCGY000M --tenant 1`;

export function addHistoryCommand(program: Command): void {
  program
    .command('history')
    .description('List the states of a profile.')
    .argument('<id>', 'customer id')
    .addOption(tenantOption())
    .addOption(persistentDatabaseOption())
    .addOption(historyOption())
    .option('--limit <number>', 'states to list at most', parsePositiveInteger, 100)
    .option('--after <revision>', 'list only states of lower revisions', parsePositiveInteger)
    .option('--json', 'print an array of JSON, in the form of the HTTP API')
    .addHelpText('after', HELP)
    .action(printHistory);
}

async function printHistory(customerId: string, options: HistoryCommandOptions): Promise<void> {
  await withProfiles(options, async (profiles) => {
    const { states, next } = await readStates(profiles, customerId, options);
    console.log(options.json ? JSON.stringify(states, null, 2) : stateTable(states));
    if (next !== undefined) console.error(`There are older states. To list them, add --after ${next}.`);
  });
}

/** Reads pages until the limit is reached. */
async function readStates(
  profiles: ProfileService,
  customerId: string,
  { tenant, limit, after }: HistoryCommandOptions,
): Promise<{ readonly states: readonly ProfileState[]; readonly next: number | undefined }> {
  const states: ProfileState[] = [];
  let next = after;
  do {
    const page = await profiles.history(tenant, customerId, {
      after: next,
      limit: Math.min(limit - states.length, 100),
    });
    states.push(...page.items);
    next = page.next;
  } while (next !== undefined && states.length < limit);
  return { states, next };
}
