import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { AttributeValue, ExtensionRecord, ScalarValue } from '../model/profile.js';
import { pointerTo } from '../model/violation.js';
import type { CompiledExtension, CompiledSchema } from './compiled-schema.js';
import { uniqueIdentity } from './extension-records.js';
import { equalJson } from './json-equality.js';
import { type KnownContent, memberOf } from './projection.js';

/** Two changes of one state, joined; or the members that both changed, and to different values. */
export type ThreeWayMerge =
  | { readonly kind: 'merged'; readonly attributes: AttributesDocument; readonly extensions: ExtensionsDocument }
  | { readonly kind: 'conflict'; readonly pointers: readonly string[] };

interface Versions<Value> {
  readonly base: Value | undefined;
  /** What the change makes of the base. */
  readonly mine: Value | undefined;
  /** The newest state. */
  readonly theirs: Value | undefined;
}

/** What a schema knows of the three states. */
export type KnownVersions = { readonly [Version in keyof Versions<KnownContent>]: KnownContent };

/** Pointers to the members that differ from the base, as `differingMembers` tells them. */
export interface ChangedVersions {
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
}

/**
 * Carries over to the newest state what a change did to its base (L4). A multi-valued attribute is one member; so is a
 * single-valued extension, a multi-valued one without unique attributes, and each record of one with them. Removing is a
 * change like any other.
 */
export function mergeThreeWays(
  schema: CompiledSchema,
  states: KnownVersions,
  { mine, theirs }: ChangedVersions,
): ThreeWayMerge {
  const changed = { mine: new Set(mine), theirs: new Set(theirs) };
  const conflicts: string[] = [];
  const merged = <Value>(
    name: string,
    of: (state: KnownContent) => Value | undefined,
    merge: (versions: Versions<Value>) => MergedMember<Value>,
  ): Value | undefined => {
    const pointer = pointerTo('', name);
    if (!changed.mine.has(pointer)) return of(states.theirs);
    if (!changed.theirs.has(pointer)) return of(states.mine);
    const member = merge({ base: of(states.base), mine: of(states.mine), theirs: of(states.theirs) });
    if (!member.conflict) return member.value;
    conflicts.push(pointer);
    return undefined;
  };
  const attributes: Record<string, AttributeValue> = {};
  for (const { name } of schema.attributes.inOrder) {
    const value = merged(name, ({ attributes: document }) => memberOf(document, name), mergeMember);
    if (value !== undefined) attributes[name] = value;
  }
  const extensions: Record<string, readonly ExtensionRecord[]> = {};
  for (const extension of schema.extensions) {
    const { name } = extension;
    const records = merged(
      name,
      ({ extensions: document }) => memberOf(document, name),
      (versions) => mergeRecords(extension, versions),
    );
    if (records !== undefined && records.length > 0) extensions[name] = records;
  }
  return conflicts.length > 0 ? { kind: 'conflict', pointers: conflicts } : { kind: 'merged', attributes, extensions };
}

type MergedMember<Value> =
  | { readonly conflict: true }
  | { readonly conflict: false; readonly value: Value | undefined };

function mergeMember<Value>({ base, mine, theirs }: Versions<Value>): MergedMember<Value> {
  if (equalJson(mine, base)) return { conflict: false, value: theirs };
  if (equalJson(theirs, base) || equalJson(mine, theirs)) return { conflict: false, value: mine };
  return { conflict: true };
}

function mergeRecords(
  extension: CompiledExtension,
  versions: Versions<readonly ExtensionRecord[]>,
): MergedMember<readonly ExtensionRecord[]> {
  const whole = mergeMember(versions);
  if (!whole.conflict) return whole;
  const { base = [], mine = [], theirs = [] } = versions;
  const identified = [base, mine, theirs].map((records) => byIdentity(extension, records));
  const [ofBase, ofMine, ofTheirs] = identified;
  if (!ofBase || !ofMine || !ofTheirs) return { conflict: true };
  const merged: ExtensionRecord[] = [];
  // The newest order stays, and new records follow.
  for (const identity of new Set([...ofTheirs.keys(), ...ofMine.keys()])) {
    const member = mergeMember({
      base: ofBase.get(identity),
      mine: ofMine.get(identity),
      theirs: ofTheirs.get(identity),
    });
    if (member.conflict) return { conflict: true };
    if (member.value) merged.push(member.value);
  }
  return { conflict: false, value: merged };
}

/** Returns `undefined` where records cannot be told apart. */
function byIdentity(
  extension: CompiledExtension,
  records: readonly ExtensionRecord[],
): ReadonlyMap<ScalarValue | null, ExtensionRecord> | undefined {
  if (!extension.multiValued || extension.unique.length === 0) return undefined;
  const identified = new Map(records.map((record) => [uniqueIdentity(extension, record), record]));
  return identified.size === records.length ? identified : undefined;
}
