import type { RuleFinding, SchemaFinding } from '../model/schema-report.js';
import { Violations } from '../model/violation.js';

/** How many customer ids a finding names. */
export const MOST_IDS = 10;

interface Found {
  readonly pointer: string;
  count: number;
  profiles: number;
  readonly customerIds: string[];
  /** The last profile in which it was found. */
  last: string;
}

/**
 * Counts what is found in profiles, one profile after the other. Takes memory for each place in the definitions, however
 * many profiles there are.
 */
export class Findings {
  readonly #found = new Map<string, Found>();

  add(pointer: string, customerId: string, count = 1): void {
    if (count > 0) countIn(this.#found, pointer, pointer, customerId, count);
  }

  /** By pointer. */
  get list(): readonly SchemaFinding[] {
    return sorted(this.#found.values()).map(viewOf);
  }
}

/**
 * Counts violations instead of keeping them: a profile may have a hundred thousand. Never full, so that the rules report
 * all of them.
 */
export class ViolationCounts extends Violations {
  readonly #found = new Map<string, Found & { readonly rule: string; readonly expected: string }>();
  #count = 0;
  #customerId = '';

  /** Counts what follows for this profile. */
  begin(customerId: string): void {
    this.#customerId = customerId;
  }

  override get full(): boolean {
    return false;
  }

  override get count(): number {
    return this.#count;
  }

  override add(pointer: string, rule: string, expected: string): void {
    this.#count += 1;
    // Agreeing records are counted apart.
    if (rule === 'R10') return;
    const place = withoutPositions(pointer);
    countIn(this.#found, `${place}\0${rule}\0${expected}`, place, this.#customerId, 1, { rule, expected });
  }

  get list(): readonly RuleFinding[] {
    return sorted(this.#found.values()).map((found) => ({
      ...viewOf(found),
      rule: found.rule,
      expected: found.expected,
    }));
  }
}

function countIn<More extends object>(
  found: Map<string, Found & More>,
  key: string,
  pointer: string,
  customerId: string,
  count: number,
  more: More = {} as More,
): void {
  const known = found.get(key) ?? { ...more, pointer, count: 0, profiles: 0, customerIds: [], last: '' };
  found.set(key, known);
  known.count += count;
  if (known.last === customerId) return;
  known.last = customerId;
  known.profiles += 1;
  if (known.customerIds.length < MOST_IDS) known.customerIds.push(customerId);
}

/** No name begins with a digit (R1), so that is a position in a list. */
function withoutPositions(pointer: string): string {
  return pointer.replaceAll(/\/[0-9]+(?=\/|$)/g, '');
}

function sorted<Entry extends Found>(found: Iterable<Entry>): Entry[] {
  return [...found].sort((one, other) => (one.pointer < other.pointer ? -1 : one.pointer > other.pointer ? 1 : 0));
}

function viewOf({ pointer, count, profiles, customerIds }: Found): SchemaFinding {
  return { pointer, count, profiles, customerIds };
}
