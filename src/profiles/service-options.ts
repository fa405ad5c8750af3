import type { ErasureReceipt } from '../model/erasure-receipt.js';
import type { Profile } from '../model/profile.js';
import type { OptionNames } from '../rules/method-options.js';
import type { ReplacementPreview } from '../rules/replacement-preview.js';
import {
  type AfterErasure,
  ATTRIBUTION_OPTIONS,
  type Attribution,
  type ChangeContext,
  CONTEXT_OPTIONS,
} from './change-context.js';
import type { StateOptions } from './expected-state.js';
import type { PruneProgress } from './history-pruning.js';
import type { ProfileService } from './profile-service.js';

/** A page of results. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** The `after` of the next page. Absent on the last page. */
  readonly next?: string;
}

/** Options of {@link ProfileService.get}. */
export interface GetOptions {
  /** The extensions to return: names, ignoring case, or `'all'`. Default: none. */
  readonly extensions?: 'all' | readonly string[] | undefined;
  /** The attributes to return: names, ignoring case, or `'all'`. Default: all. */
  readonly attributes?: 'all' | readonly string[] | undefined;
  /**
   * Whether to read from the primary storage, which has every acknowledged write, instead of a replica. Default false.
   */
  readonly fresh?: boolean | undefined;
  /** Whether to return residual values, which the schema does not know, as well (R23). Default false. */
  readonly residual?: boolean | undefined;
}

/** Options of {@link ProfileService.all}. */
export interface WalkOptions {
  /** Start after this customer id, exclusive. It need not belong to a profile. */
  readonly after?: string | undefined;
  /** Whether to return residual values, which the schema does not know, as well (R23). Default false. */
  readonly residual?: boolean | undefined;
}

/** Options of {@link ProfileService.delete}. */
export interface DeleteOptions extends Attribution, StateOptions {}

/**
 * Options of {@link ProfileService.erase}. Of a profile that was deleted, the expected state is the revision of its deletion.
 */
export interface EraseOptions extends Attribution, StateOptions {}

/** The result of {@link ProfileService.erase}: the receipt. */
export interface Erased extends ErasureReceipt {
  /** Whether the customer id was erased already, and this is the receipt of then. */
  readonly repeated: boolean;
}

/** Options of {@link ProfileService.unmerge}. The expected state is that of the destination. */
export interface UnmergeOptions extends Attribution, StateOptions, AfterErasure {}

/** Options of every method that changes an existing profile. */
export interface ChangeOptions extends ChangeContext, StateOptions {}

/** Options of {@link ProfileService.history}. */
export interface HistoryOptions {
  /** Only states of lower revisions: the `next` of the page before. */
  readonly after?: number | undefined;
  /** The most states of the page, 1 to 100. Default 100. */
  readonly limit?: number | undefined;
}

/** Options of {@link ProfileService.at}. */
export interface AtOptions {
  /** The attributes to return: names, ignoring case, or `'all'`. Default: all. */
  readonly attributes?: 'all' | readonly string[] | undefined;
  /** The extensions to return: names, ignoring case, or `'all'`. Default: none. */
  readonly extensions?: 'all' | readonly string[] | undefined;
}

/** Options of {@link ProfileService.restore}. */
export interface RestoreOptions extends DeleteOptions, GuardOptions, AfterErasure {
  /** Whether the segment is restored as well, or stays as it is. Default true. */
  readonly segment?: boolean | undefined;
  /** Whether a profile that was deleted is restored as well, or is not found. Default true. */
  readonly deleted?: boolean | undefined;
}

/** The result of {@link ProfileService.restore}. */
export interface RestoredProfile extends Profile {
  /** JSON pointers to the values of the former state that the schema of today does not know, such as `/Fax`. */
  readonly unknown: readonly string[];
}

/** The result of {@link ProfileService.dryRun}. */
export interface DryRun<Result> {
  readonly result: Result;
  readonly previews: readonly { readonly customerId: string; readonly preview: ReplacementPreview }[];
}

/** The result of {@link ProfileService.findOrCreate}. */
export interface FoundOrCreated {
  readonly profile: Profile;
  /** Whether the profile was created by this call, or found. */
  readonly created: boolean;
}

/** Options of {@link ProfileService.prune}. */
export interface PruneOptions {
  /** Called after each batch. */
  readonly onProgress?: ((progress: PruneProgress) => void) | undefined;
}

/** Options of {@link ProfileService.merge}. `ifRevision` is the revision of the destination. */
export interface MergeOptions extends ChangeOptions {
  /**
   * Whether the source's records win conflicts. If false, a conflict is a `MergeConflictError` (W11). Default false.
   */
  readonly force?: boolean | undefined;
}

/** Options of {@link ProfileService.patch}. With `basedOn`, the answer shows what that reading showed and what was given. */
export interface PatchOptions extends ChangeOptions {
  /**
   * Whether to carry the change over to a newer state, if the profile is no longer in the expected one, and the changes
   * since touch nothing that this one touches (L4). Needs exactly one revision or reading. Default false.
   */
  readonly rebase?: boolean | undefined;
}

/**
 * Options of {@link ProfileService.replace}. With `basedOn`, the replacement touches only what that reading showed and what
 * the representation gives (R22). If it is a profile that this service returned, complete and with its extensions if you
 * replace them, no other read is needed: one read and one write in all.
 */
export interface ReplaceOptions extends PatchOptions, GuardOptions {}

/** Options of changes that may clear protected members (L2). */
export interface GuardOptions {
  /** The names of protected attributes and extensions that may be cleared by leaving them out. Default: none. */
  readonly allowLoss?: readonly string[] | undefined;
}

export const GET_OPTIONS: OptionNames<GetOptions> = { attributes: true, extensions: true, fresh: true, residual: true };
export const DELETE_OPTIONS: OptionNames<DeleteOptions> = { ...ATTRIBUTION_OPTIONS, ifRevision: true, basedOn: true };
export const ERASE_OPTIONS: OptionNames<EraseOptions> = DELETE_OPTIONS;
export const UNMERGE_OPTIONS: OptionNames<UnmergeOptions> = { ...DELETE_OPTIONS, afterErasure: true };
export const CHANGE_OPTIONS: OptionNames<ChangeOptions> = { ...CONTEXT_OPTIONS, ifRevision: true, basedOn: true };
export const PATCH_OPTIONS: OptionNames<PatchOptions> = { ...CHANGE_OPTIONS, rebase: true };
export const REPLACE_OPTIONS: OptionNames<ReplaceOptions> = { ...PATCH_OPTIONS, allowLoss: true };
export const HISTORY_OPTIONS: OptionNames<HistoryOptions> = { after: true, limit: true };
export const AT_OPTIONS: OptionNames<AtOptions> = { attributes: true, extensions: true };
export const RESTORE_OPTIONS: OptionNames<RestoreOptions> = {
  ...DELETE_OPTIONS,
  afterErasure: true,
  allowLoss: true,
  segment: true,
  deleted: true,
};
export const PRUNE_OPTIONS: OptionNames<PruneOptions> = { onProgress: true };
export const MERGE_OPTIONS: OptionNames<MergeOptions> = { ...CHANGE_OPTIONS, force: true };
export const WALK_OPTIONS: OptionNames<WalkOptions> = { after: true, residual: true };
