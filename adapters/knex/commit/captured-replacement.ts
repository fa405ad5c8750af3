import type { CommitOptions, ReplaceChange } from 'dossier/storage';
import type { Values } from '../sql/statement.js';
import { type Content, type EntryRow, entryRow } from './captured-change.js';

/** A replacement as the values of its rows: copied, since the caller may mutate the change while we await. */
export interface CapturedReplacement {
  readonly customerId: string;
  readonly schemaVersion: number;
  readonly history: boolean;
  /** But for the segment, which may stay as it is. */
  readonly content: Content;
  /** The keys that it decides. */
  readonly keys: readonly string[];
  /** All entries of these keys afterwards. */
  readonly entries: readonly EntryRow[];
  /** The parameters of {@link ReplacingReads} and of a combined statement. */
  readonly values: Values & {
    readonly tenant: string;
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
  const { customerId, schemaVersion, canonicalSince, metadata, segment, attributes, extensions, at } = change;
  const { operation, actor, reason, counterpart } = metadata;
  const { expected } = change;
  const content = {
    ...{ operation, actor, reason, counterpart, at },
    attributes: JSON.stringify(attributes),
    extensions: extensions && JSON.stringify(extensions),
    canonical: schemaVersion,
  };
  return {
    customerId,
    schemaVersion,
    history,
    content,
    keys: [...change.keys],
    entries: change.entries.map((entry) => entryRow(customerId, entry)),
    values: {
      ...content,
      ...{ tenant, profile: customerId, version: schemaVersion, since: canonicalSince },
      ...{ keeps: segment === undefined ? 1 : 0, segment: segment ?? undefined },
      ...{ if_revision: expected?.revision, if_created: expected?.createdAt, if_updated: expected?.updatedAt },
    },
  };
}
