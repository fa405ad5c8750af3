import type { ValueType } from '../model/schema.js';
import type { CompiledSchema } from './compiled-schema.js';
import { parseText } from './identification/parse-text.js';
import { foldName } from './names.js';

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

const CUSTOMER_ID = 'customer_id';

/** The column of the segment. No attribute can have this name, since names begin with a letter (R1). */
const SEGMENT = '_segment';
const REVISION = '_revision';
const DIGITS = /^[0-9]{1,16}$/;

/** The text of the cell that gives an extension, and no records (R8). */
const NO_RECORDS = '[]';

const BOOLEAN = /^(?:true|false)$/i;

/**
 * Converts a row of text to the members of a profile, by the types of the schema. An empty cell means no value, and a boolean
 * may be in any case, since spreadsheets write `TRUE`. Several
 * columns of the same name are the values of a multi-valued attribute. `Phone.Number` is an attribute of an extension;
 * the second column of that name belongs to the second record. `[]` in a column named `Phone` gives the extension, without
 * records (R8). Unknown names are passed on, and the check of the
 * representation refuses them (R11).
 */
export function membersOfRow(schema: CompiledSchema, cells: Cells): RowMembers {
  let customerId: string | undefined;
  let segment: string | undefined;
  let revision: number | undefined;
  const values = new Map<string, unknown[]>();
  const records = new Map<string, Map<string, unknown>[]>();
  const wholes = new Map<string, string>();
  const occurrences = new Map<string, number>();
  for (const [name, text] of cells) {
    const folded = foldName(name);
    const occurrence = occurrences.get(folded) ?? 0;
    occurrences.set(folded, occurrence + 1);
    if (text === '') continue;
    const dot = folded.indexOf('.');
    const extension = schema.extensionsByName.get(dot === -1 ? folded : folded.slice(0, dot));
    if (folded === CUSTOMER_ID) customerId = text;
    else if (folded === SEGMENT) segment = text;
    else if (folded === REVISION) revision = DIGITS.test(text) ? Number(text) : Number.NaN;
    else if (extension && dot === -1) wholes.set(extension.name, text);
    else if (extension) {
      const inner = folded.slice(dot + 1);
      const attribute = extension.attributes.byName.get(inner);
      const list = records.get(extension.name) ?? [];
      list[occurrence] ??= new Map();
      list[occurrence].set(attribute?.name ?? inner, attribute ? cellValue(attribute.type, text) : text);
      records.set(extension.name, list);
    } else {
      const attribute = schema.attributes.byName.get(folded);
      const member = attribute?.name ?? name;
      const list = values.get(member) ?? [];
      list.push(attribute ? cellValue(attribute.type, text) : text);
      values.set(member, list);
    }
  }
  const members = new Map<string, unknown>();
  for (const [name, list] of values) members.set(name, list.length === 1 ? list[0] : list);
  for (const [name, list] of records) {
    // A record whose cells are all empty does not exist: it is a hole in the list.
    const nonEmpty = list.filter((record) => record !== undefined).map((record) => Object.fromEntries(record));
    members.set(name, nonEmpty.length === 1 ? nonEmpty[0] : nonEmpty);
  }
  for (const [name, text] of wholes) {
    // Any other text, or records beside it, is passed on as a record, which the check refuses.
    const isEmpty = text === NO_RECORDS && !members.has(name);
    members.set(name, isEmpty ? [] : [text, members.get(name) ?? []].flat());
  }
  return { customerId, segment, revision, members: Object.fromEntries(members) };
}

function cellValue(type: ValueType, text: string): unknown {
  return parseText(type, type === 'boolean' && BOOLEAN.test(text) ? text.toLowerCase() : text);
}
