import { parseArgs } from 'node:util';
import { DATABASES, type DatabaseName } from './databases/index.js';
import { OPERATIONS, type Operation } from './operations.js';

/** What to measure, and for how long. */
export interface Options {
  readonly databases: readonly DatabaseName[];
  readonly operations: readonly Operation[];
  readonly concurrency: readonly number[];
  /** How long each side works in each round, in milliseconds. */
  readonly roundMs: number;
  /** How many rounds each side has, for each operation and concurrency. */
  readonly rounds: number;
  /** How many customers the operations work on. */
  readonly customers: number;
  /** How many customers a bulk load creates. */
  readonly rows: number;
  /** How often each side does a bulk load. */
  readonly loads: number;
}

export const USAGE = `npm run bench -- [options]

  --databases    ${DATABASES.join(',')}
  --operations   ${OPERATIONS.join(',')}
  --concurrency  how many callers at once: 1,16
  --round-ms     how long each side works in each round: 250
  --rounds       how many rounds each side has: 12
  --customers    on how many customers: 1000
  --rows         how many customers a bulk load creates: 20000
  --loads        how often each side does a bulk load: 3

PostgreSQL and MariaDB are looked for on 127.0.0.1, or where DOSSIER_TEST_POSTGRES and DOSSIER_TEST_MARIADB say.`;

/** @throws Error for options that mean nothing */
export function readOptions(args: readonly string[]): Options | 'help' {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      databases: text,
      operations: text,
      concurrency: text,
      'round-ms': text,
      rounds: text,
      customers: text,
      rows: text,
      loads: text,
    },
  });
  if (values.help) return 'help';
  return {
    databases: choose(DATABASES, values.databases),
    operations: choose(OPERATIONS, values.operations),
    concurrency: (values.concurrency ?? '1,16').split(',').map((count) => readCount(count)),
    roundMs: readCount(values['round-ms'] ?? '250'),
    rounds: readCount(values.rounds ?? '12'),
    customers: readCount(values.customers ?? '1000'),
    rows: readCount(values.rows ?? '20000'),
    loads: readCount(values.loads ?? '3'),
  };
}

function choose<Name extends string>(all: readonly Name[], list: string | undefined): readonly Name[] {
  if (list === undefined) return all;
  const named = list.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !all.some((one) => one === name));
  if (unknown !== undefined) throw new Error(`There is no ${unknown}; choose from ${all.join(', ')}.`);
  return all.filter((name) => named.includes(name));
}

/** @throws Error for what is no such number */
export function readCount(text: string, least = 1): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < least) throw new Error(`${text} is no integer from ${least} on.`);
  return count;
}
