import { type ConsoleSchema, isMultiValued } from '../profile/schema.js';
import type { Violation } from '../request/problem-error.js';
import type { Draft, DraftRecord } from './draft.js';

/** The most fields that the open records of a form have: one of thousands of records may have thousands of attributes. */
const MAX_OPEN_FIELDS = 2_000;

/** The record that a button has just opened. */
export interface Focus {
  /** The extension or attribute whose rows the button has changed. */
  readonly name: string;
  /** The last one, unless it is another one. */
  readonly index?: number | undefined;
}

/**
 * The records whose fields are shown, as many as there is room for: the one that a button has just opened, then those with
 * violations, then the others that are open. Each of the rest is a line.
 */
export function openRecords(
  { extensions }: ConsoleSchema,
  draft: Draft,
  violations: readonly Violation[],
  focus: Focus | undefined,
): ReadonlySet<DraftRecord> {
  const violated = new Set(violations.map(({ pointer }) => pointer.split('/').slice(0, 3).join('/')));
  const ranked: { readonly record: DraftRecord; readonly fields: number; readonly rank: number }[] = [];
  for (const extension of extensions) {
    const { name } = extension;
    const records = draft.extensions.get(name) ?? [];
    const focused = focus?.name === name ? (focus.index ?? records.length - 1) : undefined;
    const fields = Math.max(1, extension.attributes.length);
    for (const [index, record] of records.entries()) {
      const isViolated = isMultiValued(extension)
        ? violated.has(`/${name}/${index}`)
        : violations.some(({ pointer }) => pointer === `/${name}` || pointer.startsWith(`/${name}/`));
      const rank = index === focused ? 0 : isViolated ? 1 : 2;
      if (record.isOpen || isViolated) ranked.push({ record, fields, rank });
    }
  }
  let room = MAX_OPEN_FIELDS;
  const open = new Set<DraftRecord>();
  for (const { record, fields } of ranked.toSorted((one, other) => one.rank - other.rank)) {
    if (open.size > 0 && fields > room) continue;
    room -= fields;
    open.add(record);
  }
  return open;
}
