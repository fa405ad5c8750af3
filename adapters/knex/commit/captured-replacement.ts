import type { CommitOptions, ReplaceChange } from 'dossier/storage';
import type { Values } from '../sql/statement.js';
import { type EntryRow, entryRow } from './captured-change.js';

/** A replacement as the values of its rows: copied, since the caller may mutate the change while we await. */
export interface CapturedReplacement {
  readonly customerId: string;
  readonly history: boolean;
  /** Whether it leaves a line. */
  readonly line: boolean;
  /** The keys that it decides. */
  readonly keys: readonly string[];
  /** All entries of these keys afterwards. */
  readonly entries: readonly EntryRow[];
  /** The parameters of {@link ReplacingSteps} and of a combined statement. */
  readonly values: Values & {
    readonly tenant: string;
    readonly attributes: string;
    readonly extensions: string | undefined;
    /** Of the line: the names of all members. */
    readonly members: readonly string[] | undefined;
    /** The timestamp of the change. */
    readonly at: string;
    /** 1 if the stored segment stays, otherwise 0. */
    readonly keeps: number;
    readonly segment: string | undefined;
  };
}

/** The keys and digests of entries in byte order, as one text. */
export function namesOf(entries: readonly EntryRow[]): string {
  return entries
    .map(({ key, digest }) => `${key} ${digest}`)
    .sort()
    .join();
}

export function captureReplacement(
  tenant: string,
  change: ReplaceChange,
  { history }: CommitOptions,
): CapturedReplacement {
  const { customerId, schemaVersion, canonicalSince, expected, metadata, line } = change;
  const { segment, attributes, extensions, at } = change;
  const { operation, actor, reason, counterpart } = metadata;
  return {
    customerId,
    history,
    line: line !== undefined,
    keys: [...change.keys],
    entries: change.entries.map((entry) => entryRow(customerId, entry)),
    values: {
      tenant,
      profile: customerId,
      version: schemaVersion,
      since: canonicalSince,
      keeps: segment === undefined ? 1 : 0,
      segment: segment ?? undefined,
      attributes: JSON.stringify(attributes),
      extensions: extensions && JSON.stringify(extensions),
      at,
      operation,
      actor,
      reason,
      counterpart,
      origin: line?.origin,
      members: line && [...line.members],
      if_revision: expected?.revision,
      if_created: expected?.createdAt,
      if_updated: expected?.updatedAt,
    },
  };
}
