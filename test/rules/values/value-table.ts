import { strictEqual } from 'node:assert/strict';
import type { ScalarValue, ValueType } from 'dossier';
import { valueCheck } from '../../../src/rules/values/index.js';

/** The values that a type accepts, with the stored form if it differs, and those that it refuses. */
export interface ValueTable {
  readonly type: ValueType;
  readonly length?: number;
  readonly keeps: readonly (readonly [sent: unknown, kept?: ScalarValue])[];
  readonly refuses: readonly unknown[];
}

/** Values that no type accepts, although some could be coerced (R3). */
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

/** One test for each value of a table, so that a failure names the value. */
export function describeValues({ type, length, keeps, refuses }: ValueTable): void {
  const check = valueCheck(type, length);
  const title = `R3 ${type}${length === undefined ? '' : ` of length ${length}`}`;

  for (const [sent, kept = sent as ScalarValue] of keeps) {
    it(`${title}: stores ${show(sent)}${Object.is(sent, kept) ? '' : ` as ${show(kept)}`}`, () => {
      // strictEqual of node:assert compares like Object.is, and so distinguishes −0 from 0.
      strictEqual(check.accept(sent), kept);
      strictEqual(check.accept(kept), kept, 'the stored form is accepted, and does not change');
    });
  }
  for (const value of refuses) {
    it(`${title}: refuses ${show(value)}`, () => strictEqual(check.accept(value), undefined));
  }
  it(`${title}: coerces no values of other types`, () => {
    for (const value of FOREIGN) strictEqual(check.accept(value), undefined, show(value));
  });
}

function show(value: unknown): string {
  const text = Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length <= 60 ? text : `${text.slice(0, 40)}… (${text.length} characters)`;
}
