import type { CommitOptions, ReplaceChange } from 'dossier/storage';
import type { Value, Values } from '../sql/statement.js';
import { type EntryRow, entryRow } from './captured-change.js';
import { entryProbes, type PaddedProbes, type Probe, searchFor } from './probes.js';

/** A replacement as the values of its rows: copied, since the caller may mutate the change while we await. */
export interface CapturedReplacement {
  readonly customerId: string;
  readonly history: boolean;
  /** What tells which members its line names; absent if it leaves none. */
  readonly probes: readonly Probe[] | undefined;
  /** The keys that it decides. */
  readonly keys: readonly string[];
  /** All entries of these keys afterwards. */
  readonly entries: readonly EntryRow[];
  /** What tells whether the profile has them already; absent if they have to be compared. */
  readonly indexed: PaddedProbes | undefined;
  /** The parameters of {@link ReplacingSteps} and of a combined statement. */
  readonly values: Values & {
    readonly tenant: string;
    readonly attributes: string;
    readonly extensions: string | undefined;
    /** The timestamp of the change. */
    readonly at: string;
    /** 1 if the stored segment stays, otherwise 0. */
    readonly keeps: number;
    readonly segment: string | undefined;
  };
}

/** @returns `undefined` if it leaves a line, and its documents are too large to be compared with the stored ones */
export function captureReplacement(
  tenant: string,
  change: ReplaceChange,
  { history }: CommitOptions,
): CapturedReplacement | undefined {
  const { customerId, schemaVersion, canonicalSince, expected, metadata, line } = change;
  const { segment, at } = change;
  const { operation, actor, reason, counterpart } = metadata;
  const attributes = JSON.stringify(change.attributes);
  const extensions = change.extensions && JSON.stringify(change.extensions);
  const search = line && searchFor(change, line, attributes.length + (extensions?.length ?? 0));
  if (line !== undefined && search === undefined) return undefined;
  const indexed = entryProbes(change);
  const values: Record<string, Value> & CapturedReplacement['values'] = {
    tenant,
    profile: customerId,
    version: schemaVersion,
    since: canonicalSince,
    keeps: segment === undefined ? 1 : 0,
    segment: segment ?? undefined,
    attributes,
    extensions,
    at,
    operation,
    actor,
    reason,
    counterpart,
    origin: line?.origin,
    searchable: search?.searchable,
    if_revision: expected?.revision,
    if_created: expected?.createdAt,
    if_updated: expected?.updatedAt,
    members: indexed?.expected,
  };
  indexed?.probes.forEach((probe, index) => {
    values[`member_${index}`] = probe?.text ?? '';
  });
  const entries = change.entries.map((entry) => entryRow(customerId, entry));
  return { customerId, history, probes: search?.probes, keys: [...change.keys], entries, indexed, values };
}
