import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
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
export async function lossesOf(
  schema: ConsoleSchema,
  preview: ReplacementPreview,
  before: WireProfile | undefined,
  after: Body | undefined,
): Promise<readonly Loss[]> {
  const removed = new Map(preview.extensions.map(({ name, records }) => [`/${name}`, records]));
  const cleared = preview.cleared.filter(({ pointer }) => !removed.has(pointer));
  const losses: Loss[] = [
    ...cleared.map(({ pointer }) => ({ name: titleAt(schema, pointer), values: textsOf(before?.[nameAt(pointer)]) })),
    ...preview.defaulted
      .filter((pointer) => before?.[nameAt(pointer)] !== undefined)
      .map((pointer) => ({
        name: `${titleAt(schema, pointer)}, which gets its default`,
        values: textsOf(before?.[nameAt(pointer)]),
      })),
    ...(before && after ? lostValues(schema, preview, before, after) : []),
  ];
  for (const { name, records } of preview.extensions) {
    // To compare hundreds of thousands of records takes a turn of its own.
    await setImmediate();
    losses.push(lostRecords(schema, { name, records }, before, after));
  }
  await setImmediate();
  for (const key of preview.keys) losses.push({ name: `the way to find this customer by the key ${key}`, values: [] });
  return losses;
}

/** The text that a confirmation of losses is: another loss needs another one. */
export function confirmationOf(losses: readonly Loss[]): string {
  return createHash('sha256').update(JSON.stringify(losses)).digest('base64url').slice(0, 22);
}

/** How many losses are named, and how many values of each. All of them count in the confirmation. */
export const MAX_NAMED = 100;

export function namesOf(losses: readonly Loss[]): string {
  const names = losses.slice(0, MAX_NAMED).map(({ name }) => name);
  return [...names, ...moreThan(losses, MAX_NAMED)].join('; ');
}

/** What stands for the rest of a list that is shown in part. */
export function moreThan(list: readonly unknown[], most: number): readonly string[] {
  return list.length > most ? [`and ${list.length - most} more`] : [];
}

/** Values that go from members that stay: of a list, or of a record. */
function lostValues(schema: ConsoleSchema, { changed }: ReplacementPreview, before: WireProfile, after: Body): Loss[] {
  const isChanged = ({ name }: { readonly name: string }) => changed.includes(`/${name}`);
  const lists = schema.attributes
    .filter((attribute) => attribute.multiValued && isChanged(attribute))
    .flatMap((attribute) => {
      const [old, fresh] = [textsOf(before[attribute.name]), textsOf(after[attribute.name])];
      const kept = new Set(fresh);
      const gone = old.filter((text) => !kept.has(text));
      if (gone.length === 0 || old.length <= fresh.length) return [];
      return [{ name: `${gone.length} of ${old.length} ${titleOf(attribute)}`, values: gone }];
    });
  const records = schema.extensions.filter(isChanged).flatMap((extension) => {
    const fresh = recordsIn(after[extension.name]);
    const successorOf = isMultiValued(extension) ? successorsIn(fresh, extension.unique ?? []) : () => fresh[0];
    return recordsOf(before, extension).flatMap((record) => {
      const successor = successorOf(record);
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
  const successorOf = successorsIn(extension && isMultiValued(extension) ? fresh : [], extension?.unique ?? []);
  const gone = old.filter((record) => !successorOf(record));
  const title = extension ? titleOf(extension) : name;
  const count = records === 1 ? '1 record' : `${records} records`;
  return {
    name: old.length > records ? `${count} of ${old.length} of ${title}` : `${count} of ${title}`,
    // The count is the interface's: a list that differs from it would mislead.
    values: gone.length === records ? gone.map(recordText) : [],
  };
}

/** What finds the first of new records that has the unique attributes of an old one, or is equal where there are none. */
function successorsIn(
  fresh: readonly StoredRecord[],
  unique: readonly string[],
): (record: StoredRecord) => StoredRecord | undefined {
  const identity = (one: StoredRecord) =>
    JSON.stringify(unique.length > 0 ? unique.map((name) => one[name] ?? null) : one);
  const successors = new Map<string, StoredRecord>();
  for (const one of fresh) {
    const identified = identity(one);
    if (!successors.has(identified)) successors.set(identified, one);
  }
  return (record) => successors.get(identity(record));
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
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? recordText(value as StoredRecord) : String(value);
}

function nameAt(pointer: string): string {
  return pointer.slice(1);
}
