import { strictEqual } from 'node:assert/strict';
import type { ScalarValue, ValueType } from 'dossier';
import { valueCheck } from '../../../src/rules/values/index.js';

/** What a type accepts, each with the value as kept where that is another one, and what it refuses. */
export interface ValueTable {
  readonly type: ValueType;
  readonly length?: number;
  readonly keeps: readonly (readonly [sent: unknown, kept?: ScalarValue])[];
  readonly refuses: readonly unknown[];
}

/** What no type takes for a value of its own, whatever it could be coerced to (R3). */
const FOREIGN: readonly unknown[] = [
  undefined,
  null,
  [],
  [1],
  ['1'],
  {},
  { valueOf: () => 1 },
  { toString: () => '1' },
  Object(1),
  Object('1'),
  Object(true),
  1n,
  Symbol('1'),
  () => 1,
  new Date(0),
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

/** One test for each value of a table, so that a failure names it. */
export function describeValues({ type, length, keeps, refuses }: ValueTable): void {
  const check = valueCheck(type, length);
  const title = `R3 ${type}${length === undefined ? '' : ` of length ${length}`}`;

  for (const [sent, kept = sent as ScalarValue] of keeps) {
    it(`${title}: keeps ${show(sent)}${Object.is(sent, kept) ? '' : ` as ${show(kept)}`}`, () => {
      // Strict equality of node:assert is that of Object.is, and so tells −0 from 0.
      strictEqual(check.accept(sent), kept);
      strictEqual(check.accept(kept), kept, 'what is kept is accepted again, and stays what it is');
    });
  }
  for (const value of refuses) {
    it(`${title}: refuses ${show(value)}`, () => strictEqual(check.accept(value), undefined));
  }
  it(`${title}: coerces nothing that is of another kind`, () => {
    for (const value of FOREIGN) strictEqual(check.accept(value), undefined, show(value));
  });
}

function show(value: unknown): string {
  const text = Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length <= 60 ? text : `${text.slice(0, 40)}… (${text.length} characters)`;
}
