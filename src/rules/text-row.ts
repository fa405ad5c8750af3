import type { CompiledSchema } from './compiled-schema.js';
import { parseText } from './identification/parse-text.js';
import { foldName } from './names.js';

/** A row of a table: the name that heads each column, and the text in it. A name may head several columns. */
export type Cells = readonly (readonly [name: string, text: string])[];

/** A row as a profile on the wire has it. */
export interface RowMembers {
  readonly customerId?: string | undefined;
  /** The segment to give the profile; where there is none, it keeps the one that it has (W1). */
  readonly segment?: string | undefined;
  readonly members: Readonly<Record<string, unknown>>;
}

const CUSTOMER_ID = 'customer_id';

/** No attribute can have this name, since names begin with a letter (R1). */
const SEGMENT = '_segment';

/**
 * Turns a row of text into the members of a profile, by the types that the schema declares. An empty cell is no value.
 * Columns of the same name are the values of a multi-valued attribute; `Phone.Number` is an attribute of an extension,
 * and where its column stands a second time, it is that of the second record. Names that the schema does not know stay
 * what they are, for the check of the representation to refuse (R11).
 */
export function membersOfRow(schema: CompiledSchema, cells: Cells): RowMembers {
  let customerId: string | undefined;
  let segment: string | undefined;
  const values = new Map<string, unknown[]>();
  const records = new Map<string, Map<string, unknown>[]>();
  const occurrences = new Map<string, number>();
  for (const [name, text] of cells) {
    const folded = foldName(name);
    const occurrence = occurrences.get(folded) ?? 0;
    occurrences.set(folded, occurrence + 1);
    if (text === '') continue;
    const dot = folded.indexOf('.');
    const extension = dot === -1 ? undefined : schema.extensionsByName.get(folded.slice(0, dot));
    if (folded === CUSTOMER_ID) customerId = text;
    else if (folded === SEGMENT) segment = text;
    else if (extension) {
      const inner = folded.slice(dot + 1);
      const attribute = extension.attributes.byName.get(inner);
      const list = records.get(extension.name) ?? [];
      list[occurrence] ??= new Map();
      list[occurrence].set(attribute?.name ?? inner, attribute ? parseText(attribute.type, text) : text);
      records.set(extension.name, list);
    } else {
      const attribute = schema.attributes.byName.get(folded);
      const member = attribute?.name ?? name;
      const list = values.get(member) ?? [];
      list.push(attribute ? parseText(attribute.type, text) : text);
      values.set(member, list);
    }
  }
  const members = new Map<string, unknown>();
  for (const [name, list] of values) members.set(name, list.length === 1 ? list[0] : list);
  for (const [name, list] of records) {
    // A record whose cells are all empty is none, and leaves a hole.
    const given = list.filter((record) => record !== undefined).map((record) => Object.fromEntries(record));
    members.set(name, given.length === 1 ? given[0] : given);
  }
  return { customerId, segment, members: Object.fromEntries(members) };
}
