import type { Bound, Step, Value, Values } from '../../sql/statement.js';

/** Characters per statement: MariaDB accepts packets of 16 MiB by default, and a UTF-16 unit takes at most three bytes. */
const MAX_LENGTH = 4 * 1024 * 1024;

/** Whether the values of all parameters may go in one packet. */
export function fitOnePacket(bound: readonly Bound[]): boolean {
  return lengthOf(bound) <= MAX_LENGTH;
}

/** Splits a step whose rows are too large for one packet. */
export function inPackets(step: Step): readonly Step[] {
  const { rows } = step;
  if (rows === undefined || rows.length < 2 || lengthOfRows(rows) <= MAX_LENGTH) return [step];
  const parts: Values[][] = [];
  let free = 0;
  for (const row of rows) {
    const length = lengthOf(Object.values(row));
    if (length > free) {
      parts.push([]);
      free = MAX_LENGTH;
    }
    parts.at(-1)?.push(row);
    free -= length;
  }
  return parts.map((part) => ({ ...step, rows: part }));
}

function lengthOfRows(rows: readonly Values[]): number {
  return rows.reduce((sum, row) => sum + lengthOf(Object.values(row)), 0);
}

function lengthOf(values: readonly Value[]): number {
  let length = 0;
  for (const value of values) if (typeof value === 'string') length += value.length;
  return length;
}
