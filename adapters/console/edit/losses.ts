import { createHash } from 'node:crypto';
import type { ReplacementPreview } from 'dossier';
import { type ConsoleSchema, isMultiValued, recordsOf, titleAt, titleOf, type WireProfile } from '../profile/schema.js';

/** Something that a change takes away. */
export interface Loss {
  /** What it is called in the confirmation. */
  readonly name: string;
  /** The values that go, as far as they are known. */
  readonly values: readonly string[];
}

type Body = Readonly<Record<string, unknown>>;
type StoredRecord = Readonly<Record<string, unknown>>;

/**
 * What a change would take away, in words.
 *
 * @param preview what the interface says that it would do
 * @param before the profile as it is
 * @param after the members that it would have; `undefined` where they are not known
 */
export function lossesOf(
  schema: ConsoleSchema,
  preview: ReplacementPreview,
  before: WireProfile | undefined,
  after: Body | undefined,
): readonly Loss[] {
  const removed = new Map(preview.extensions.map(({ name, records }) => [`/${name}`, records]));
  const cleared = preview.cleared.filter(({ pointer }) => !removed.has(pointer));
  return [
    ...cleared.map(({ pointer }) => ({ name: titleAt(schema, pointer), values: textsOf(before?.[nameAt(pointer)]) })),
    ...preview.defaulted
      .filter((pointer) => before?.[nameAt(pointer)] !== undefined)
      .map((pointer) => ({
        name: `${titleAt(schema, pointer)}, which gets its default`,
        values: textsOf(before?.[nameAt(pointer)]),
      })),
    ...(before && after ? lostValues(schema, preview, before, after) : []),
    ...preview.extensions.map(({ name, records }) => lostRecords(schema, { name, records }, before, after)),
    ...preview.keys.map((key) => ({ name: `the way to find this customer by the key ${key}`, values: [] })),
  ];
}

/** The text that a confirmation of losses is: another loss needs another one. */
export function confirmationOf(losses: readonly Loss[]): string {
  return createHash('sha256').update(JSON.stringify(losses)).digest('base64url').slice(0, 22);
}

export function namesOf(losses: readonly Loss[]): string {
  return losses.map(({ name }) => name).join('; ');
}

/** Values that go from members that stay: of a list, or of a record. */
function lostValues(schema: ConsoleSchema, { changed }: ReplacementPreview, before: WireProfile, after: Body): Loss[] {
  const isChanged = ({ name }: { readonly name: string }) => changed.includes(`/${name}`);
  const lists = schema.attributes
    .filter((attribute) => attribute.multiValued && isChanged(attribute))
    .flatMap((attribute) => {
      const [old, fresh] = [textsOf(before[attribute.name]), textsOf(after[attribute.name])];
      const gone = old.filter((text) => !fresh.includes(text));
      if (gone.length === 0 || old.length <= fresh.length) return [];
      return [{ name: `${gone.length} of ${old.length} ${titleOf(attribute)}`, values: gone }];
    });
  const records = schema.extensions.filter(isChanged).flatMap((extension) => {
    const fresh = recordsIn(after[extension.name]);
    return recordsOf(before, extension).flatMap((record) => {
      const successor = isMultiValued(extension) ? successorOf(record, fresh, extension.unique ?? []) : fresh[0];
      if (!successor) return [];
      const gone = extension.attributes.filter(
        ({ name }) => record[name] !== undefined && successor[name] === undefined,
      );
      return gone.map((attribute) => ({
        name: `${titleOf(extension)} – ${titleOf(attribute)}`,
        values: textsOf(record[attribute.name]),
      }));
    });
  });
  return [...lists, ...records];
}

function lostRecords(
  schema: ConsoleSchema,
  { name, records }: { readonly name: string; readonly records: number },
  before: WireProfile | undefined,
  after: Body | undefined,
): Loss {
  const extension = schema.extensions.find((one) => one.name === name);
  const old = extension && before ? recordsOf(before, extension) : [];
  const fresh = recordsIn(after?.[name]);
  const gone = extension
    ? old.filter((record) => !successorOf(record, isMultiValued(extension) ? fresh : [], extension.unique ?? []))
    : [];
  const title = extension ? titleOf(extension) : name;
  const count = records === 1 ? '1 record' : `${records} records`;
  return {
    name: old.length > records ? `${count} of ${old.length} of ${title}` : `${count} of ${title}`,
    // The count is the interface's: a list that differs from it would mislead.
    values: gone.length === records ? gone.map(recordText) : [],
  };
}

function successorOf(
  record: StoredRecord,
  fresh: readonly StoredRecord[],
  unique: readonly string[],
): StoredRecord | undefined {
  const identity = (one: StoredRecord) =>
    JSON.stringify(unique.length > 0 ? unique.map((name) => one[name] ?? null) : one);
  return fresh.find((one) => identity(one) === identity(record));
}

function recordsIn(value: unknown): readonly StoredRecord[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value as StoredRecord];
}

function recordText(record: StoredRecord): string {
  return Object.values(record).map(String).join(' · ');
}

function textsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return [typeof value === 'object' ? recordText(value as StoredRecord) : String(value)];
}

function nameAt(pointer: string): string {
  return pointer.slice(1);
}
