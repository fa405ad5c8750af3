import fc from 'fast-check';
import { city, email } from '../sample-changes.js';

/** Few ids and entries, so that random commands often conflict. */
export const CUSTOMER_IDS = ['a', 'A', '__proto__'] as const;
export const ENTRIES = [email('one'), email('two'), city('one'), city('two')] as const;

/** A change of one profile. What it expects is relative to the state in which it runs. */
export interface ChangeStep {
  readonly kind: 'create' | 'update' | 'delete' | 'index';
  /** Index in {@link CUSTOMER_IDS}. */
  readonly profile: number;
  /** `predecessor`: the current revision with another creation timestamp. */
  readonly expects: 'current' | 'stale' | 'predecessor';
  readonly value: number;
  readonly extensions: boolean;
  readonly segment: boolean;
  /** Indexes in {@link ENTRIES}. */
  readonly add: readonly number[];
  readonly remove: readonly number[];
}

/** One command of a random sequence, in one of two tenants. */
export type Command = { readonly tenant: 0 | 1 } & (
  | {
      readonly op: 'commit';
      readonly schema: 'current' | 'stale';
      readonly steps: readonly ChangeStep[];
      /** Whether the commit keeps what it replaces, if the repository can. */
      readonly history: boolean;
    }
  /** Commits of one change each, and schema changes, all started at once. */
  | { readonly op: 'race'; readonly racers: readonly (ChangeStep | 'schema')[]; readonly history: boolean }
  | { readonly op: 'schema'; readonly expects: 'current' | 'stale' }
  | { readonly op: 'drop'; readonly key: string }
  /** Nothing, if the repository keeps no history. */
  | { readonly op: 'prune'; readonly keep: number }
);

const mostlyCurrent = fc.oneof(
  { weight: 5, arbitrary: fc.constant('current' as const) },
  { weight: 1, arbitrary: fc.constant('stale' as const) },
);
const entryIndexes = fc.uniqueArray(fc.nat(ENTRIES.length - 1), { maxLength: 2 });
const tenant = fc.constantFrom(0 as const, 1 as const);

const step: fc.Arbitrary<ChangeStep> = fc.record({
  kind: fc.constantFrom('create' as const, 'create' as const, 'update' as const, 'delete' as const, 'index' as const),
  profile: fc.nat(CUSTOMER_IDS.length - 1),
  expects: fc.oneof(
    { weight: 7, arbitrary: mostlyCurrent },
    { weight: 1, arbitrary: fc.constant('predecessor' as const) },
  ),
  value: fc.nat(9),
  extensions: fc.boolean(),
  segment: fc.boolean(),
  add: entryIndexes,
  remove: entryIndexes,
});

const steps = fc.uniqueArray(step, { minLength: 1, maxLength: 3, selector: (one) => one.profile });
const racers = fc.array(
  fc.oneof({ weight: 5, arbitrary: step }, { weight: 1, arbitrary: fc.constant('schema' as const) }),
  {
    minLength: 2,
    maxLength: 3,
  },
);

const history = fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ op: fc.constant('commit' as const), tenant, schema: mostlyCurrent, steps, history }),
  },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('race' as const), tenant, racers, history }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('schema' as const), tenant, expects: mostlyCurrent }) },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant('drop' as const), tenant, key: fc.constantFrom('idEmail', 'idCity') }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('prune' as const), tenant, keep: fc.nat(2) }) },
);

/** Random sequences of commands. */
export const commands: fc.Arbitrary<Command[]> = fc.array(command, { minLength: 1, maxLength: 40, size: 'max' });
