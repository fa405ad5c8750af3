import { parseArgs } from 'node:util';
import { readCount } from '../options.js';
import { STORES, type StoreName } from './stores/index.js';

/** What to measure, and for how long. */
export interface GrowthOptions {
  readonly databases: readonly StoreName[];
  /** How many profiles are stored; one store each. */
  readonly profiles: readonly number[];
  /** Over how many tenants they are spread. */
  readonly tenants: number;
  /** How long each operation works on each store in each round, in milliseconds. */
  readonly roundMs: number;
  readonly rounds: number;
  /** How many profiles one tenant has when a new key is filled from them; 0 for none. */
  readonly filling: number;
  /** Where to draw the picture, if anywhere. */
  readonly plot: string | undefined;
}

export const USAGE = `npm run bench:growth -- [options]

  --databases  ${Object.keys(STORES).join(',')}
  --profiles   how many are stored, over all tenants: 1000,30000,1000000
  --tenants    1000
  --round-ms   how long each operation works on each store in each round: 250
  --rounds     12
  --filling    how many profiles of one tenant a new key is filled from, 0 for none: 1000000
  --plot       a file for the picture, as SVG

A million profiles take some 3 GB on the disk, and minutes to load.`;

/** @throws Error for options that mean nothing */
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
      filling: text,
      plot: text,
    },
  });
  if (values.help) return 'help';
  return {
    databases: values.databases?.split(',').map(storeName) ?? (Object.keys(STORES) as StoreName[]),
    profiles: (values.profiles ?? '1000,30000,1000000').split(',').map((count) => readCount(count)),
    tenants: readCount(values.tenants ?? '1000'),
    roundMs: readCount(values['round-ms'] ?? '250'),
    rounds: readCount(values.rounds ?? '12'),
    filling: readCount(values.filling ?? '1000000', 0),
    plot: values.plot,
  };
}

function storeName(name: string): StoreName {
  if (Object.hasOwn(STORES, name)) return name as StoreName;
  throw new Error(`There is no ${name}; choose from ${Object.keys(STORES).join(', ')}.`);
}
