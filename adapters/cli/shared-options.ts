import { Option } from 'commander';
import { parseDatabase, parseLastingDatabase } from './database-location.js';
import { parseTenant } from './option-values.js';

const DEFAULT_DATABASE = 'sqlite:./dossier.db';
const LOCATIONS = 'sqlite:FILE, which is made if it is not there, postgres://… or mysql://…';

/** Where a server keeps its profiles. A URL with a password is better kept in the environment than in the arguments. */
export function databaseOption(): Option {
  return new Option('--database <location>', `${LOCATIONS}, or memory:`)
    .env('DOSSIER_DATABASE')
    .argParser(parseDatabase)
    .default(parseDatabase(DEFAULT_DATABASE), DEFAULT_DATABASE);
}

/** A database that is there before and after the command. */
export function lastingDatabaseOption(): Option {
  return new Option('--database <location>', LOCATIONS)
    .env('DOSSIER_DATABASE')
    .argParser(parseLastingDatabase)
    .default(parseLastingDatabase(DEFAULT_DATABASE), DEFAULT_DATABASE);
}

export function tenantOption(): Option {
  return new Option('--tenant <number>', 'the tenant whose profiles they are')
    .argParser(parseTenant)
    .makeOptionMandatory();
}

export const FORMATS = ['ndjson', 'csv'] as const;

export type Format = (typeof FORMATS)[number];

export function formatOption(): Option {
  return new Option('--format <name>', 'by default what the name of the file ends in, otherwise ndjson').choices(
    FORMATS,
  );
}

/** The format of a file: the one asked for, or the one that its name tells. */
export function formatOf(file: string, asked: Format | undefined): Format {
  return asked ?? (/\.csv$/i.test(file) ? 'csv' : 'ndjson');
}
