import type { ErasedCounts, ErasureReceipt } from '../model/erasure-receipt.js';
import type { LineContent } from './change-lines.js';

/** What is kept of a customer id, and what was merged into it (E1). The result of `lineage` of the port. */
export interface Lineage {
  readonly customerId: string;
  /** The revision of the profile, or of its deletion. */
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Whether there is a profile. Otherwise, its deletion is what is kept. */
  readonly exists: boolean;
  /** For a profile that was merged away: the customer id of the destination. */
  readonly mergedInto?: string | undefined;
  /** Present if the customer id is erased. */
  readonly receipt?: ErasureReceipt | undefined;
  /** The profiles that were merged into it. Those that came back by `unmerge` or `restore` since do not count. */
  readonly merged: readonly MergedAway[];
}

/** A profile that was merged away. There may be a profile under its customer id again, which was created since. */
export interface MergedAway {
  readonly customerId: string;
  /** The revision of the deletion that the merge made. */
  readonly revision: number;
  /** When it was merged. */
  readonly at: string;
}

/** What to remove in one commit. */
export interface ErasureRequest {
  /** The receipt to keep, to which the repository adds what it removed. */
  readonly receipt: Omit<ErasureReceipt, 'removed'>;
  /** At least one. Of each, nothing remains but the customer id and a deletion that is marked as erased. */
  readonly targets: readonly ErasureTarget[];
  /** Customer ids that stay, of whose former states some go. None of them is a target. */
  readonly formerStates: readonly FormerStatesTarget[];
  /**
   * Present if the erasure leaves a line of the feed for each target, with the revision and the timestamp of its deletion, the
   * operation `erase`, and the actor and the reason of the receipt (C1). Never present unless the repository declares the
   * capability `changes`.
   */
  readonly line?: Pick<LineContent, 'origin'> | undefined;
  /** Whether nothing is removed, but only counted. */
  readonly dryRun: boolean;
}

/** A customer id to erase, with the preconditions: what it must still be. */
export interface ErasureTarget extends Pick<Lineage, 'customerId' | 'exists' | 'createdAt'> {
  readonly expectedRevision: number;
  /** The timestamp of the erasure, not before that of the state that it ends. */
  readonly at: string;
}

/** The former states of a customer id up to a revision, inclusive. */
export interface FormerStatesTarget {
  readonly customerId: string;
  readonly through: number;
}

/** The result of `erase` of the port. */
export type ErasureResult =
  | { readonly outcome: 'erased'; readonly removed: ErasedCounts }
  /** A target is not what it must be. Nothing was removed. */
  | { readonly outcome: 'changed' };
