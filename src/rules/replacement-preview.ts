import { isPlainObject } from '../model/guards.js';
import type { ExtensionRecord, ScalarValue } from '../model/profile.js';
import type { Representation } from '../model/representation.js';
import { pointerTo } from '../model/violation.js';
import type { CompiledAttribute, CompiledExtension, CompiledSchema } from './compiled-schema.js';
import type { StateContent } from './difference.js';
import { uniqueIdentity } from './extension-records.js';
import { keyValues } from './identification/key-values.js';
import { equalJson } from './json-equality.js';
import { findByName, foldName } from './names.js';
import { type KnownContent, memberOf, projectContent } from './projection.js';

/** How a representation leaves a member without a value: three ways that come to the same (R5, R8). */
export type Emptied = 'omitted' | 'null' | '[]';

/** What a replacement does to a profile (L1): JSON pointers and counts, no values. */
export interface ReplacementPreview {
  /** Whether the replacement changes anything (R13). */
  readonly outcome: 'changed' | 'unchanged';
  /** Members that have no value now. */
  readonly added: readonly string[];
  /** Members that get another value. */
  readonly changed: readonly string[];
  /** Members that are left without a value, and how the representation does it. */
  readonly cleared: readonly { readonly pointer: string; readonly given: Emptied }[];
  /** Attributes that get their default, in the place of another value or of none, since no value is given. */
  readonly defaulted: readonly string[];
  /** The extensions of which records go, with their number. */
  readonly extensions: readonly { readonly name: string; readonly records: number }[];
  /** The identification keys that no longer find the profile. */
  readonly keys: readonly string[];
}

type Definition = CompiledAttribute | CompiledExtension;

/** How each definition is given; those that are not in it are omitted. */
export type GivenForms = ReadonlyMap<Definition, 'value' | Exclude<Emptied, 'omitted'>>;

/** How a representation gives each attribute and extension of the schema. */
export function givenForms(schema: CompiledSchema, representation: Representation): GivenForms {
  const forms = new Map<Definition, 'value' | Exclude<Emptied, 'omitted'>>();
  const members =
    'members' in representation
      ? [representation.members]
      : [representation.attributes, representation.extensions ?? {}];
  for (const object of members) {
    for (const [name, value] of Object.entries(isPlainObject(object) ? object : {})) {
      const definition =
        findByName<Definition>(schema.attributes.byName, name) ?? findByName(schema.extensionsByName, name);
      if (definition && value !== undefined) forms.set(definition, formOf(value));
    }
  }
  return forms;
}

function formOf(value: unknown): 'value' | Exclude<Emptied, 'omitted'> {
  if (value === null) return 'null';
  return Array.isArray(value) && value.length === 0 ? '[]' : 'value';
}

/** Compares a profile before and after a replacement. */
export function previewReplacement(
  schema: CompiledSchema,
  before: StateContent,
  after: StateContent,
  forms: GivenForms,
): ReplacementPreview {
  const added: string[] = [];
  const changed: string[] = [];
  const cleared: { pointer: string; given: Emptied }[] = [];
  const defaulted: string[] = [];
  const compare = (definition: Definition, old: unknown, fresh: unknown) => {
    if (equalJson(old, fresh)) return false;
    const pointer = pointerTo('', definition.name);
    const given = forms.get(definition) ?? 'omitted';
    if (fresh === undefined) cleared.push({ pointer, given: given === 'value' ? 'omitted' : given });
    else if ('default' in definition && given !== 'value' && equalJson(fresh, definition.default)) {
      defaulted.push(pointer);
    } else (old === undefined ? added : changed).push(pointer);
    return true;
  };
  const [old, fresh] = [projectContent(schema, before), projectContent(schema, after)];
  for (const attribute of schema.attributes.inOrder) {
    compare(attribute, memberOf(old.attributes, attribute.name), memberOf(fresh.attributes, attribute.name));
  }
  const extensions: { name: string; records: number }[] = [];
  for (const extension of schema.extensions) {
    const { name } = extension;
    const [records, next] = [memberOf(old.extensions, name), memberOf(fresh.extensions, name)];
    if (!compare(extension, records, next)) continue;
    const gone = countGone(extension, records ?? [], next ?? []);
    if (gone > 0) extensions.push({ name, records: gone });
  }
  if (before.segment !== after.segment) (before.segment === undefined ? added : changed).push('/segment');
  const keys = schema.keys.filter((key) => {
    const has = ({ attributes, extensions }: KnownContent) =>
      keyValues(key, attributes, extensions, new Map()).size > 0;
    return key.complete && has(old) && !has(fresh);
  });
  const differs = added.length + changed.length + cleared.length + defaulted.length > 0;
  return {
    outcome: differs ? 'changed' : 'unchanged',
    added,
    changed,
    cleared,
    defaulted,
    extensions,
    keys: keys.map(({ name }) => name),
  };
}

/** The members that lose their value because the representation leaves them out (L2). */
export function omittedLosses(
  schema: CompiledSchema,
  before: StateContent,
  { cleared, defaulted }: ReplacementPreview,
): readonly string[] {
  const omitted = cleared.flatMap(({ pointer, given }) => (given === 'omitted' ? [pointer] : []));
  return [...omitted, ...overwritten(schema, before, defaulted)];
}

/** The members that lose their value or records, whether that is meant or not. */
export function allLosses(
  schema: CompiledSchema,
  before: StateContent,
  { cleared, defaulted, extensions }: ReplacementPreview,
): readonly string[] {
  const members = [...cleared.map(({ pointer }) => pointer), ...overwritten(schema, before, defaulted)];
  return [...new Set([...members, ...extensions.map(({ name }) => pointerTo('', name))])];
}

/** The attributes whose stored value gives way to the default. */
function overwritten(schema: CompiledSchema, before: StateContent, defaulted: readonly string[]): readonly string[] {
  const { attributes } = projectContent(schema, before);
  return schema.attributes.inOrder
    .filter(({ name }) => Object.hasOwn(attributes, name))
    .map(({ name }) => pointerTo('', name))
    .filter((pointer) => defaulted.includes(pointer));
}

/** The pointers of losses that are not allowed: of protected definitions, or of all (L2). */
export function forbiddenLosses(
  schema: CompiledSchema,
  losses: readonly string[],
  allowed: ReadonlySet<string>,
  guardAll: boolean,
): readonly string[] {
  const definitions: readonly Definition[] = [...schema.attributes.inOrder, ...schema.extensions];
  const guarded = definitions.filter(({ name, protected: isProtected }) => {
    return (isProtected || guardAll) && !allowed.has(foldName(name));
  });
  const pointers = new Set(guarded.map(({ name }) => pointerTo('', name)));
  return losses.filter((pointer) => pointers.has(pointer));
}

/** How many records have no successor: one with their unique attributes, or an equal one where there are none. */
function countGone(
  extension: CompiledExtension,
  records: readonly ExtensionRecord[],
  next: readonly ExtensionRecord[],
): number {
  if (!extension.multiValued || records.length === 0 || next.length === 0) {
    return Math.max(0, records.length - next.length);
  }
  const left = new Map<ScalarValue | null, number>();
  for (const record of next) {
    const identity = identityOf(extension, record);
    left.set(identity, (left.get(identity) ?? 0) + 1);
  }
  let gone = 0;
  for (const record of records) {
    const identity = identityOf(extension, record);
    const count = left.get(identity) ?? 0;
    if (count === 0) gone += 1;
    else left.set(identity, count - 1);
  }
  return gone;
}

function identityOf(extension: CompiledExtension, record: ExtensionRecord): ScalarValue | null {
  // Projected records have their members in the order of the schema.
  return extension.unique.length > 0 ? uniqueIdentity(extension, record) : JSON.stringify(record);
}
