import type { DatabaseName } from './databases/index.js';
import type { Measurement } from './measure.js';
import type { Operation } from './operations.js';

type Targets = Readonly<Partial<Record<Operation, number>>>;

/**
 * The throughput that Dossier must reach with one caller, as a fraction of the bare driver's. In memory, a replacement may
 * cost three JSON round trips of the profile.
 */
const ONE_CALLER: Readonly<Record<DatabaseName, Targets>> = {
  memory: { replace: 1 / 3, 'replace attributes': 1 / 3, 'replace basedOn': 1 / 3 },
  sqlite: targets(0.5, 0.5, 0.4, 0.35),
  postgresql: targets(0.85, 0.85, 0.8, 0.7),
  mariadb: targets(0.8, 0.8, 0.8, 0.7),
  // A commit that changes index entries is a transaction of several statements.
  mysql: targets(0.4, 0.6, 0.7, 0.6),
};

/** {@link ONE_CALLER} with sixteen callers. */
const SIXTEEN_CALLERS: Readonly<Partial<Record<DatabaseName, Targets>>> = {
  postgresql: { replace: 0.7, 'replace attributes': 0.7, 'replace basedOn': 0.7 },
  mariadb: { replace: 0.65, 'replace attributes': 0.65, 'replace basedOn': 0.65 },
};

/**
 * How many times the bare driver's the p50 of one caller may be where messages are delayed. The bare driver takes one round
 * trip, so a second one does not fit.
 */
export const P50_ACROSS_NETWORK: Targets = { replace: 1.3, 'replace basedOn': 1.3 };

/** Returns undefined if there is no target. */
export function targetOf(database: DatabaseName, { operation, concurrency }: Measurement): number | undefined {
  if (concurrency === 1) return ONE_CALLER[database][operation];
  return concurrency === 16 ? SIXTEEN_CALLERS[database]?.[operation] : undefined;
}

function targets(replace: number, basedOn: number, get: number, identify: number): Targets {
  return {
    replace,
    'replace attributes': replace,
    'replace basedOn': basedOn,
    get,
    identify,
    'bulk load': 0.5,
  };
}
