import { parseArgs } from 'node:util';
import { DATABASES, type DatabaseName, SERVERS } from './databases/index.js';
import { OPERATIONS, type Operation } from './operations.js';

const HISTORIES = ['all', 'none'] as const;

export type History = (typeof HISTORIES)[number];

/** What to measure and how long. */
export interface Options {
  readonly databases: readonly DatabaseName[];
  readonly operations: readonly Operation[];
  readonly concurrency: readonly number[];
  /** Whether former states are kept; each in a database of its own. */
  readonly history: readonly History[];
  /** By how many milliseconds each message between this process and a server is delayed, in each direction. */
  readonly delayMs: number;
  /** How long each side works in each round, in milliseconds. */
  readonly roundMs: number;
  /** How many rounds each side works, for each operation and concurrency. */
  readonly rounds: number;
  /** How many customers the operations work on. */
  readonly customers: number;
  /** How many customers a bulk load creates. */
  readonly rows: number;
  /** How often each side does a bulk load. */
  readonly loads: number;
}

export const USAGE = `npm run bench -- [options]

Compares Dossier with the bare driver of each database.

  --databases    comma-separated (default: ${DATABASES.join(',')})
  --operations   comma-separated (default: ${OPERATIONS.join(',')})
  --concurrency  numbers of concurrent callers, comma-separated (default: 1,16)
  --history      former states, comma-separated: all, none (default: all)
  --delay-ms     milliseconds by which each message to and from a server is delayed, as by a network; measures
                 ${SERVERS.join(', ')} alone (default: 0)
  --round-ms     milliseconds that each side works in a round (default: 250)
  --rounds       rounds of each side (default: 12)
  --customers    customers that the operations work on (default: 1000)
  --rows         customers that a bulk load creates (default: 20000)
  --loads        bulk loads of each side (default: 3)

Servers: DOSSIER_TEST_POSTGRES (default: postgres://postgres@127.0.0.1:5432/postgres) and DOSSIER_TEST_MARIADB (default:
mysql://root@127.0.0.1:3306/). DOSSIER_TEST_MYSQL (default: one that
scripts/mysql-server.sh starts). Without a server, leave its database out of --databases.`;

/** @throws Error for invalid options */
export function readOptions(args: readonly string[]): Options | 'help' {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      databases: text,
      operations: text,
      concurrency: text,
      history: text,
      'delay-ms': text,
      'round-ms': text,
      rounds: text,
      customers: text,
      rows: text,
      loads: text,
    },
  });
  if (values.help) return 'help';
  const delayMs = readInteger('--delay-ms', values['delay-ms'] ?? '0', 0);
  return {
    databases: choose('--databases', delayMs > 0 ? SERVERS : DATABASES, values.databases),
    operations: choose('--operations', OPERATIONS, values.operations),
    concurrency: (values.concurrency ?? '1,16').split(',').map((count) => readInteger('--concurrency', count)),
    history: choose('--history', HISTORIES, values.history ?? 'all'),
    delayMs,
    roundMs: readInteger('--round-ms', values['round-ms'] ?? '250'),
    rounds: readInteger('--rounds', values.rounds ?? '12'),
    customers: readInteger('--customers', values.customers ?? '1000'),
    rows: readInteger('--rows', values.rows ?? '20000'),
    loads: readInteger('--loads', values.loads ?? '3'),
  };
}

function choose<Name extends string>(option: string, all: readonly Name[], list: string | undefined): readonly Name[] {
  if (list === undefined) return all;
  const named = list.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !all.some((one) => one === name));
  if (unknown !== undefined) throw new Error(`${option}: unknown name ${unknown}. Choose from ${all.join(', ')}.`);
  return all.filter((name) => named.includes(name));
}

/** @throws Error unless the text is an integer of at least the minimum */
export function readInteger(option: string, text: string, minimum = 1): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < minimum) {
    throw new Error(`${option} must be an integer of at least ${minimum}, not ${text}.`);
  }
  return value;
}
