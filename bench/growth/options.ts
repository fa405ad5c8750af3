import { parseArgs } from 'node:util';
import { readInteger } from '../options.js';
import { STORES, type StoreName } from './stores/index.js';

/** What to measure and how long. */
export interface GrowthOptions {
  readonly databases: readonly StoreName[];
  /** Numbers of stored profiles; a database for each. */
  readonly profiles: readonly number[];
  /** How many tenants the profiles are spread over. */
  readonly tenants: number;
  /** How long each operation runs on each database in a round, in milliseconds. */
  readonly roundMs: number;
  readonly rounds: number;
  /** How many profiles of one tenant the index of a new key is backfilled from; 0 to leave that out. */
  readonly backfill: number;
  /** The SVG file to write. */
  readonly plot: string | undefined;
}

export const USAGE = `npm run bench:growth -- [options]

Measures how latencies and sizes grow with the number of profiles.

  --databases  comma-separated (default: ${Object.keys(STORES).join(',')})
  --profiles   numbers of stored profiles, comma-separated (default: 1000,30000,1000000)
  --tenants    tenants that the profiles are spread over (default: 1000)
  --round-ms   milliseconds that each operation runs on each database in a round (default: 250)
  --rounds     counted rounds (default: 12)
  --backfill   profiles of one tenant to backfill a new key from; 0 to leave that out (default: 1000000)
  --plot       SVG file to write (default: none)

A million profiles take some 3 GB of disk space and minutes to load.`;

/** @throws Error for invalid options */
export function readOptions(args: readonly string[]): GrowthOptions | 'help' {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      databases: text,
      profiles: text,
      tenants: text,
      'round-ms': text,
      rounds: text,
      backfill: text,
      plot: text,
    },
  });
  if (values.help) return 'help';
  return {
    databases: values.databases?.split(',').map(storeName) ?? (Object.keys(STORES) as StoreName[]),
    profiles: (values.profiles ?? '1000,30000,1000000').split(',').map((count) => readInteger('--profiles', count)),
    tenants: readInteger('--tenants', values.tenants ?? '1000'),
    roundMs: readInteger('--round-ms', values['round-ms'] ?? '250'),
    rounds: readInteger('--rounds', values.rounds ?? '12'),
    backfill: readInteger('--backfill', values.backfill ?? '1000000', 0),
    plot: values.plot,
  };
}

function storeName(name: string): StoreName {
  if (Object.hasOwn(STORES, name)) return name as StoreName;
  throw new Error(`--databases: unknown name ${name}. Choose from ${Object.keys(STORES).join(', ')}.`);
}
