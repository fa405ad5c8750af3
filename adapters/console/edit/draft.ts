import type { AttributeDefinition, ExtensionDefinition } from 'dossier';
import { type ConsoleSchema, isMultiValued, recordsOf, type WireProfile } from '../profile/schema.js';
import { BLANK, type Cell, cellOf, isBlank, sentCell, typedValue } from './cell.js';

/** A record in a form. */
export interface DraftRecord {
  /** By the name of the attribute. */
  readonly cells: ReadonlyMap<string, Cell>;
  /** Whether its fields are shown; otherwise it is a line, and its values are hidden. */
  readonly isOpen: boolean;
  /** Whether it was stored without any value, and so is more than a row that nobody has filled in. */
  readonly isStoredEmpty: boolean;
}

/**
 * What a form shows of a profile. A definition that is in the schema and not in here has come since the form was made: it
 * is left out of what is sent.
 */
export interface Draft {
  readonly attributes: ReadonlyMap<string, readonly Cell[]>;
  readonly extensions: ReadonlyMap<string, readonly DraftRecord[]>;
}

/** How many records of an extension have their fields shown at first. */
const MAX_OPEN_RECORDS = 5;

/** The fields of a form. The name of a value's field is its JSON pointer. */
const EXACT = 'exact:';
const ROWS = 'rows:';
const OPEN = 'open:';
const EMPTY = 'empty:';

/** The field that has the cell at a pointer. */
export function recordPointer(extension: ExtensionDefinition, index: number): string {
  return isMultiValued(extension) ? `/${extension.name}/${index}` : `/${extension.name}`;
}

export function attributePointer({ name, multiValued }: AttributeDefinition, index: number): string {
  return multiValued ? `/${name}/${index}` : `/${name}`;
}

/** The form for a profile. */
export function draftOf({ attributes, extensions }: ConsoleSchema, profile: WireProfile): Draft {
  return {
    attributes: new Map(attributes.map(({ name }) => [name, valuesOf(profile[name]).map(cellOf)])),
    extensions: new Map(
      extensions.map((extension) => {
        const records = recordsOf(profile, extension);
        return [extension.name, records.map((record) => draftRecord(record, records.length <= MAX_OPEN_RECORDS))];
      }),
    ),
  };
}

function valuesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}

function draftRecord(record: Readonly<Record<string, unknown>>, isOpen: boolean): DraftRecord {
  const cells = new Map(Object.entries(record).map(([name, value]) => [name, cellOf(value)]));
  return { cells, isOpen, isStoredEmpty: cells.size === 0 };
}

/** The form as it was sent. */
export function sentDraft({ attributes, extensions }: ConsoleSchema, sent: URLSearchParams): Draft {
  const fields = fieldsIn(sent);
  const sentAttributes = attributes.flatMap((attribute) => {
    const rows = rowsAt(fields, `/${attribute.name}`);
    if (rows === undefined) return [];
    const cells = Array.from(
      { length: rows },
      (_, index) => cellAt(fields, attributePointer(attribute, index)) ?? BLANK,
    );
    return [[attribute.name, cells] as const];
  });
  const sentExtensions = extensions.flatMap((extension) => {
    const rows = rowsAt(fields, `/${extension.name}`);
    if (rows === undefined) return [];
    const known = new Set(extension.attributes.map(({ name }) => name));
    const records = Array.from({ length: rows }, (_, index) => {
      return sentRecord(recordPointer(extension, index), known, fields);
    });
    return [[extension.name, records] as const];
  });
  return { attributes: new Map(sentAttributes), extensions: new Map(sentExtensions) };
}

/** The fields of a form. There may be thousands: to search them for each would look at all others. */
interface Fields extends Pick<ReadonlyMap<string, string>, 'get' | 'has'> {
  /** The names that follow a pointer. */
  readonly below: (pointer: string) => readonly string[];
  /** How many rows there may be yet: each has a field at least. */
  room: number;
}

function fieldsIn(sent: URLSearchParams): Fields {
  const first = new Map<string, string>();
  const names = new Map<string, string[]>();
  for (const [field, value] of sent) {
    if (first.has(field)) continue;
    first.set(field, value);
    const end = field.lastIndexOf('/');
    const [pointer, name] = [field.slice(0, end), field.slice(end + 1)];
    const siblings = names.get(pointer);
    if (siblings) siblings.push(name);
    else names.set(pointer, [name]);
  }
  return {
    get: (field) => first.get(field),
    has: (field) => first.has(field),
    below: (pointer) => names.get(pointer) ?? [],
    room: first.size,
  };
}

function rowsAt(fields: Fields, pointer: string): number | undefined {
  const rows = Number(fields.get(`${ROWS}${pointer}`) ?? Number.NaN);
  if (!Number.isInteger(rows) || rows < 0 || rows > fields.room) return undefined;
  fields.room -= rows;
  return rows;
}

function sentRecord(pointer: string, known: ReadonlySet<string>, fields: Fields): DraftRecord {
  const cells = fields.below(pointer).flatMap((name) => {
    const cell = known.has(name) ? cellAt(fields, `${pointer}/${name}`) : undefined;
    return cell ? [[name, cell] as const] : [];
  });
  const isStoredEmpty = fields.has(`${EMPTY}${pointer}`);
  return { cells: new Map(cells), isOpen: fields.has(`${OPEN}${pointer}`), isStoredEmpty };
}

function cellAt(fields: Fields, pointer: string): Cell | undefined {
  const text = fields.get(pointer);
  if (text === undefined) return undefined;
  const exact = fields.get(`${EXACT}${pointer}`);
  return sentCell(text, exact === undefined ? null : textIn(exact));
}

/** A JSON string keeps what a form would change. */
function textIn(json: string): string | null {
  try {
    const text: unknown = JSON.parse(json);
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}

/** The fields that carry a form without showing it. */
export function hiddenFields(schema: ConsoleSchema, draft: Draft): readonly (readonly [name: string, value: string])[] {
  return [
    ...schema.attributes.flatMap((attribute) => {
      const cells = draft.attributes.get(attribute.name);
      if (!cells) return [];
      const values = cells.flatMap((cell, index) => cellFields(attributePointer(attribute, index), cell));
      return [rowsField(`/${attribute.name}`, cells.length), ...values];
    }),
    ...schema.extensions.flatMap((extension) => {
      const records = draft.extensions.get(extension.name);
      if (!records) return [];
      const values = records.flatMap((record, index) => recordFields(recordPointer(extension, index), record));
      return [rowsField(`/${extension.name}`, records.length), ...values];
    }),
  ];
}

type Field = readonly [name: string, value: string];

export function rowsField(pointer: string, rows: number): Field {
  return [`${ROWS}${pointer}`, String(rows)];
}

/** What says of a record whether it is open, and was stored empty. */
export function recordStateFields(pointer: string, { isOpen, isStoredEmpty }: DraftRecord): readonly Field[] {
  return [
    ...(isOpen ? [[`${OPEN}${pointer}`, '1'] as const] : []),
    ...(isStoredEmpty ? [[`${EMPTY}${pointer}`, '1'] as const] : []),
  ];
}

export function recordFields(pointer: string, record: DraftRecord): readonly Field[] {
  const values = [...record.cells].flatMap(([name, cell]) => cellFields(`${pointer}/${name}`, cell));
  return [...recordStateFields(pointer, record), ...values];
}

function cellFields(pointer: string, cell: Cell): readonly Field[] {
  return [[pointer, cell.text], ...exactFields(pointer, cell)];
}

export function exactFields(pointer: string, { exact }: Cell): readonly Field[] {
  return exact === undefined ? [] : [[`${EXACT}${pointer}`, JSON.stringify(exact)]];
}

/**
 * The body that stores a form. A blank value is sent as `null`, and no record as `[]`: clearing is meant, and what it
 * clears has been confirmed.
 */
export function bodyOf({ attributes, extensions }: ConsoleSchema, draft: Draft): Record<string, unknown> {
  // Names may be those that objects inherit (R2).
  const body: Record<string, unknown> = Object.create(null);
  for (const attribute of attributes) {
    const values = draft.attributes.get(attribute.name)?.filter((cell) => !isBlank(cell));
    if (values) body[attribute.name] = attributeValue(attribute, values);
  }
  for (const extension of extensions) {
    const records = draft.extensions.get(extension.name)?.filter((record) => isFilledIn(extension, record));
    if (!records) continue;
    const known = new Map(extension.attributes.map((attribute) => [attribute.name, attribute]));
    const values = records.map((record) => recordValue(known, record));
    body[extension.name] = isMultiValued(extension) ? values : (values[0] ?? null);
  }
  return body;
}

function attributeValue(attribute: AttributeDefinition, cells: readonly Cell[]): unknown {
  const values = cells.map((cell) => typedValue(attribute, cell));
  return attribute.multiValued ? values : (values[0] ?? null);
}

/** The draft without blank rows, whose positions are those of the body. */
export function compacted({ extensions }: ConsoleSchema, draft: Draft): Draft {
  const known = new Map(extensions.map((extension) => [extension.name, extension]));
  return {
    attributes: new Map([...draft.attributes].map(([name, cells]) => [name, cells.filter((cell) => !isBlank(cell))])),
    extensions: new Map(
      [...draft.extensions].map(([name, records]) => {
        const extension = known.get(name);
        return [name, records.filter((record) => extension && isFilledIn(extension, record))];
      }),
    ),
  };
}

function isFilledIn({ attributes }: ExtensionDefinition, { cells, isStoredEmpty }: DraftRecord): boolean {
  return attributes.length === 0 || isStoredEmpty || [...cells.values()].some((cell) => !isBlank(cell));
}

function recordValue(
  attributes: ReadonlyMap<string, AttributeDefinition>,
  { cells }: DraftRecord,
): Record<string, unknown> {
  const values = [...cells].flatMap(([name, cell]) => {
    const attribute = attributes.get(name);
    return attribute && !isBlank(cell) ? [[name, typedValue(attribute, cell)] as const] : [];
  });
  return Object.assign(Object.create(null), Object.fromEntries(values));
}
