import { Option } from 'commander';
import { parseDatabase, parsePersistentDatabase } from './database-location.js';
import { parseChanges, parseDelimiter, parseHistory, parseHistoryLimits, parseTenant } from './option-values.js';
import { UserError } from './user-error.js';

const DEFAULT_DATABASE = 'sqlite:./dossier.db';
const LOCATIONS = 'sqlite:FILE (created if missing), postgres://… or mysql://…';

/** Any database. The environment variable keeps a password out of the process list. */
export function databaseOption(): Option {
  return new Option('--database <location>', `${LOCATIONS}, or memory: (lost on exit)`)
    .env('DOSSIER_DATABASE')
    .argParser(parseDatabase)
    .default(parseDatabase(DEFAULT_DATABASE), DEFAULT_DATABASE);
}

/** A database that outlives the command. */
export function persistentDatabaseOption(): Option {
  return new Option('--database <location>', LOCATIONS)
    .env('DOSSIER_DATABASE')
    .argParser(parsePersistentDatabase)
    .default(parsePersistentDatabase(DEFAULT_DATABASE), DEFAULT_DATABASE);
}

export function tenantOption(): Option {
  return new Option('--tenant <number>', 'the tenant to work on').argParser(parseTenant).makeOptionMandatory();
}

/** Which former states are kept. The environment variable gives all commands the policy of the server. */
export function historyOption(): Option {
  return new Option(
    '--history <policy>',
    'former states of profiles to keep: all, none, revisions=NUMBER, days=NUMBER, or both as revisions=100,days=365 (default: all)',
  )
    .env(HISTORY_VARIABLE)
    .argParser(parseHistory);
}

/** Which former states are kept, where that is some. */
export function historyLimitsOption(): Option {
  return new Option('--history <limits>', 'former states to keep: revisions=NUMBER, days=NUMBER, or both')
    .env(HISTORY_VARIABLE)
    .argParser(parseHistoryLimits);
}

/**
 * Whether changes leave lines for others to follow. The environment variable has all commands leave them that change
 * profiles: a change without a line is one that nobody hears of.
 */
export function changesOption(): Option {
  return new Option(
    '--changes [policy]',
    'leave a line for each change of a profile, for others to follow; days=NUMBER limits how long lines are kept',
  )
    .env('DOSSIER_CHANGES')
    .argParser(parseChanges);
}

const HISTORY_VARIABLE = 'DOSSIER_HISTORY';

export function actorOption(): Option {
  return new Option('--actor <name>', 'who makes the change, for the history');
}

export function reasonOption(): Option {
  return new Option('--reason <text>', 'why, for the history');
}

export const FORMATS = ['ndjson', 'csv'] as const;

export type Format = (typeof FORMATS)[number];

export function formatOption(): Option {
  return new Option(
    '--format <name>',
    'file format (default: csv if the file name ends in .csv or .tsv, otherwise ndjson)',
  ).choices(FORMATS);
}

/** The requested format, or else the one that the file name implies. */
export function formatOf(file: string, requested: Format | undefined): Format {
  return requested ?? (/\.[ct]sv$/i.test(file) ? 'csv' : 'ndjson');
}

export function delimiterOption(): Option {
  return new Option(
    '--delimiter <character>',
    'column delimiter of CSV; tab for a tab (default: tab if the file name ends in .tsv, otherwise ,)',
  ).argParser(parseDelimiter);
}

export function excelOption(): Option {
  return new Option('--excel', 'CSV for spreadsheets: with a byte-order mark, and formulas as text');
}

/** @throws UserError if a spreadsheet is asked for in another format than CSV */
export function checkExcel(excel: true | undefined, format: Format): void {
  if (excel && format !== 'csv')
    throw new UserError('--excel is for CSV. Add --format csv, or choose a file name that ends in .csv.');
}

/** The requested delimiter of columns, or else the one that the file name implies. */
export function delimiterOf(file: string, requested: string | undefined): string {
  return requested ?? (/\.tsv$/i.test(file) ? '\t' : ',');
}
