import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { AttributeValue, ExtensionRecord, ScalarValue } from '../model/profile.js';
import { pointerTo } from '../model/violation.js';
import type { CompiledExtension, CompiledSchema } from './compiled-schema.js';
import type { StateContent } from './difference.js';
import { uniqueIdentity } from './extension-records.js';
import { equalJson } from './json-equality.js';
import { type KnownContent, memberOf, projectContent } from './projection.js';

/** Two changes of one state, joined; or the members that both changed, and to different values. */
export type ThreeWayMerge =
  | { readonly kind: 'merged'; readonly attributes: AttributesDocument; readonly extensions: ExtensionsDocument }
  | { readonly kind: 'conflict'; readonly pointers: readonly string[] };

interface Versions<Value> {
  readonly base: Value | undefined;
  readonly mine: Value | undefined;
  readonly theirs: Value | undefined;
}

/**
 * Carries over to the newest state what a change did to its base (L4). A multi-valued attribute is one member; so is a
 * single-valued extension, a multi-valued one without unique attributes, and each record of one with them. Removing is a
 * change like any other.
 *
 * @param mine what the change makes of the base
 * @param theirs the newest state
 */
export function mergeThreeWays(
  schema: CompiledSchema,
  base: StateContent,
  mine: StateContent,
  theirs: StateContent,
): ThreeWayMerge {
  const states = {
    base: projectContent(schema, base),
    mine: projectContent(schema, mine),
    theirs: projectContent(schema, theirs),
  };
  const conflicts: string[] = [];
  const attributes: Record<string, AttributeValue> = {};
  for (const { name } of schema.attributes.inOrder) {
    const merged = mergeMember(versionsOf(states, ({ attributes: document }) => memberOf(document, name)));
    if (merged.conflict) conflicts.push(pointerTo('', name));
    else if (merged.value !== undefined) attributes[name] = merged.value;
  }
  const extensions: Record<string, readonly ExtensionRecord[]> = {};
  for (const extension of schema.extensions) {
    const { name } = extension;
    const merged = mergeRecords(
      extension,
      versionsOf(states, ({ extensions: document }) => memberOf(document, name)),
    );
    if (merged === 'conflict') conflicts.push(pointerTo('', name));
    else if (merged.length > 0) extensions[name] = merged;
  }
  return conflicts.length > 0 ? { kind: 'conflict', pointers: conflicts } : { kind: 'merged', attributes, extensions };
}

function versionsOf<Value>(
  { base, mine, theirs }: Versions<KnownContent> & { readonly base: KnownContent },
  of: (state: KnownContent) => Value | undefined,
): Versions<Value> {
  return { base: of(base), mine: mine && of(mine), theirs: theirs && of(theirs) };
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
): readonly ExtensionRecord[] | 'conflict' {
  const { base = [], mine = [], theirs = [] } = versions;
  const whole = mergeMember({ base, mine, theirs });
  if (!whole.conflict) return whole.value ?? [];
  const identified = [base, mine, theirs].map((records) => byIdentity(extension, records));
  const [ofBase, ofMine, ofTheirs] = identified;
  if (!ofBase || !ofMine || !ofTheirs) return 'conflict';
  const merged: ExtensionRecord[] = [];
  // The newest order stays, and new records follow.
  for (const identity of new Set([...ofTheirs.keys(), ...ofMine.keys()])) {
    const member = mergeMember({
      base: ofBase.get(identity),
      mine: ofMine.get(identity),
      theirs: ofTheirs.get(identity),
    });
    if (member.conflict) return 'conflict';
    if (member.value) merged.push(member.value);
  }
  return merged;
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
