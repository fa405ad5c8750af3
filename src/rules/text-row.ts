import type { ValueType } from '../model/schema.js';
import type { CompiledExtension } from './compiled-schema.js';
import { parseText } from './identification/parse-text.js';
import type { Column } from './table-column.js';

/** The cells of a table row: the column name and the text of each. Several columns may have the same name. */
export type Cells = readonly (readonly [name: string, text: string])[];

/** A row as a flat representation, with what accompanies it. */
export interface RowMembers {
  readonly customerId?: string | undefined;
  /** The new segment of the profile. If absent, it keeps its segment (W1). */
  readonly segment?: string | undefined;
  /** The revision that the profile must have, to be replaced (R14). NaN if the text is not one. */
  readonly revision?: number | undefined;
  readonly members: Readonly<Record<string, unknown>>;
}

const DIGITS = /^[0-9]{1,16}$/;

/** The text of the cell that gives an extension, and no records (R8). */
const NO_RECORDS = '[]';

const BOOLEAN = /^(?:true|false)$/i;

type Records = Map<string, unknown>[];

/**
 * Converts a row of text to the members of a profile, by the types of the schema. An empty cell means no value, and a boolean
 * may be in any case, since spreadsheets write `TRUE`. Several columns of one attribute are its values in their order, and
 * further columns of an attribute of an extension belong to further records. `[]` in the column of an extension gives it,
 * without records (R8).
 *
 * @param columns what the cells are, in their order
 * @param clearsEmpty whether empty cells clear: `null` for an attribute without values, and no records for an extension
 */
export function membersOfRow(columns: readonly Column[], cells: Cells, clearsEmpty = false): RowMembers {
  let customerId: string | undefined;
  let segment: string | undefined;
  let revision: number | undefined;
  const members = new Map<string, unknown>();
  const records = new Map<CompiledExtension, Records>();
  const wholes = new Map<string, string>();
  for (const [index, column] of columns.entries()) {
    const text = cells[index]?.[1] ?? '';
    if (column.kind === 'attribute' && clearsEmpty) addValue(members, column.attribute.name, null);
    else if (column.kind === 'record' && clearsEmpty) recordsIn(records, column.extension);
    if (text === '') continue;
    if (column.kind === 'customer_id') customerId = text;
    else if (column.kind === '_segment') segment = text;
    else if (column.kind === '_revision') revision = DIGITS.test(text) ? Number(text) : Number.NaN;
    else if (column.kind === 'extension') wholes.set(column.extension.name, text);
    else if (column.kind === 'attribute') {
      const { name, type } = column.attribute;
      addValue(members, name, cellValue(type, text));
    } else if (column.kind === 'record') {
      const { name, type } = column.attribute;
      const list = recordsIn(records, column.extension);
      list[column.record] ??= new Map();
      list[column.record]?.set(name, cellValue(type, text));
    }
  }
  for (const [extension, list] of records) members.set(extension.name, recordsOf(extension, list, clearsEmpty));
  for (const [name, text] of wholes) {
    // Any other text, or records beside it, is passed on as a record, which the check refuses.
    const given = members.get(name) ?? [];
    members.set(name, text === NO_RECORDS && isEmpty(given) ? [] : [text, given].flat());
  }
  return { customerId, segment, revision, members: Object.fromEntries(members) };
}

/** Adds a value of an attribute, which has a list only from the second one on: most have one. `null` is no value. */
function addValue(members: Map<string, unknown>, name: string, value: unknown): void {
  const known = members.get(name) ?? null;
  if (known === null) members.set(name, value);
  else if (value === null) return;
  else if (Array.isArray(known)) known.push(value);
  else members.set(name, [known, value]);
}

function recordsIn(records: Map<CompiledExtension, Records>, extension: CompiledExtension): Records {
  const list = records.get(extension) ?? [];
  records.set(extension, list);
  return list;
}

/** A record whose cells are all empty does not exist: it is a hole in the list. */
function recordsOf({ multiValued, attributes }: CompiledExtension, list: Records, clearsEmpty: boolean): unknown {
  const records = list.filter((record) => record !== undefined).map((record) => Object.fromEntries(record));
  if (records.length !== 1) return records;
  if (multiValued || !clearsEmpty) return records[0];
  return { ...Object.fromEntries(attributes.inOrder.map(({ name }) => [name, null])), ...records[0] };
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function cellValue(type: ValueType, text: string): unknown {
  return parseText(type, type === 'boolean' && BOOLEAN.test(text) ? text.toLowerCase() : text);
}
