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
  /** How many former states each profile has where history is measured; 0 to leave that out. */
  readonly states: number;
  /** Numbers of profiles with former states; a database for each. */
  readonly historyProfiles: readonly number[];
  /** The SVG file to write. */
  readonly plot: string | undefined;
}

export const USAGE = `npm run bench:growth -- [options]

Measures how latencies and sizes grow with the number of profiles.

  --databases         comma-separated (default: ${Object.keys(STORES).join(',')})
  --profiles          numbers of stored profiles, comma-separated (default: 1000,30000,1000000)
  --tenants           tenants that the profiles are spread over (default: 1000)
  --round-ms          milliseconds that each operation runs on each database in a round (default: 250)
  --rounds            counted rounds (default: 12)
  --backfill          profiles of one tenant to backfill a new key from; 0 to leave that out (default: 1000000)
  --states            former states of each profile where history is measured; 0 to leave that out (default: 10)
  --history-profiles  numbers of profiles with former states, comma-separated (default: 1000,1000000)
  --plot              SVG file to write (default: none)

A million profiles take some 3 GB of disk space and minutes to load; ten former states of each, some 14 GB in all.`;

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
      states: text,
      'history-profiles': text,
      plot: text,
    },
  });
  if (values.help) return 'help';
  return {
    databases: values.databases?.split(',').map(storeName) ?? (Object.keys(STORES) as StoreName[]),
    profiles: readIntegers('--profiles', values.profiles ?? '1000,30000,1000000'),
    tenants: readInteger('--tenants', values.tenants ?? '1000'),
    roundMs: readInteger('--round-ms', values['round-ms'] ?? '250'),
    rounds: readInteger('--rounds', values.rounds ?? '12'),
    backfill: readInteger('--backfill', values.backfill ?? '1000000', 0),
    states: readInteger('--states', values.states ?? '10', 0),
    historyProfiles: readIntegers('--history-profiles', values['history-profiles'] ?? '1000,1000000'),
    plot: values.plot,
  };
}

function readIntegers(option: string, list: string): readonly number[] {
  return list.split(',').map((count) => readInteger(option, count));
}

function storeName(name: string): StoreName {
  if (Object.hasOwn(STORES, name)) return name as StoreName;
  throw new Error(`--databases: unknown name ${name}. Choose from ${Object.keys(STORES).join(', ')}.`);
}
