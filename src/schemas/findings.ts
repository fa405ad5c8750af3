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

interface RuleFound extends Found {
  readonly rule: string;
  readonly expected: string;
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
  readonly #found = new Map<string, RuleFound>();
  #count = 0;
  #customerId = '';
  /** What was counted last in this profile. Of a list, the same violation is mostly added for each element. */
  #last: { readonly pointer: string; readonly finding: RuleFound } | undefined;

  /** Counts what follows for this profile. */
  begin(customerId: string): void {
    this.#customerId = customerId;
    this.#last = undefined;
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
    const last = this.#last;
    if (last?.pointer === pointer && last.finding.rule === rule && last.finding.expected === expected) {
      last.finding.count += 1;
      return;
    }
    const place = withoutPositions(pointer);
    const key = `${place}\0${rule}\0${expected}`;
    const finding = countIn(this.#found, key, place, this.#customerId, 1, { rule, expected });
    this.#last = { pointer, finding };
  }

  /** Violations by elements are counted for the list. */
  override addElement(pointer: string, _index: number | undefined, rule: string, expected: string): void {
    this.add(pointer, rule, expected);
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
): Found & More {
  const known = found.get(key) ?? { ...more, pointer, count: 0, profiles: 0, customerIds: [], last: '' };
  found.set(key, known);
  known.count += count;
  if (known.last === customerId) return known;
  known.last = customerId;
  known.profiles += 1;
  if (known.customerIds.length < MOST_IDS) known.customerIds.push(customerId);
  return known;
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
