import type { CapturedReplacement } from '../commit/captured-replacement.js';
import type { PaddedProbes } from '../commit/probes.js';
import type { Requirement } from '../connections/requirements.js';
import type { Session } from '../connections/session.js';
import type { Statement, Step, Values } from '../sql/statement.js';
import type { RowReads } from '../sql/statements.js';

/** What only some databases can do, or need; each is absent where it does not apply. */
export interface Capabilities {
  /** Makes all steps of a commit one statement, for a single round trip. */
  readonly combine?: Combine | undefined;
  /** Replaces a profile whatever its revision is; absent where that takes more round trips than to load and to commit. */
  readonly replacing?: Replacing | undefined;
  /** → the settings that the connection lacks, as text for people; empty if it lacks none. */
  readonly settings?: Statement | undefined;
  /**
   * For a host transaction that reads from a snapshot, although commits are checked against the newest rows: the reads
   * that bypass the snapshot.
   */
  readonly lockingReads?: RowReads | undefined;
  /** The same where no read bypasses the snapshot: what a host transaction that changes a schema must meet (R21). */
  readonly newestReads?: Requirement | undefined;
  /** Where `addEntries` adds nothing if one of the entries exists: adds the others. */
  readonly addMissingEntries?: Statement | undefined;
  /** Where several servers may accept writes. */
  readonly cluster?: Cluster | undefined;
}

/**
 * When not all steps take effect, the combined step either does nothing or fails and undoes everything.
 *
 * @returns `undefined` where the steps cannot be combined
 */
export type Combine = (steps: readonly Step[]) => Step | undefined;

/** How a profile is replaced whatever its revision is. */
export interface Replacing {
  /**
   * Makes it one statement, which returns a row as {@link foundOf} reads it, with the outcome 2 if it saw other rows than it
   * locked. It does nothing, and returns none, if the profile needs a look.
   *
   * @returns `undefined` where it must take several
   */
  readonly combine?: ((change: CapturedReplacement) => Step | undefined) | undefined;
  /** Its statements where it takes several; absent where it never does. */
  readonly steps?: ReplacingSteps | undefined;
  /** How several are made together; absent where that gains nothing. */
  readonly together?: ReplacingTogether | undefined;
}

/** How replacements of different profiles of one tenant are made together. */
export interface ReplacingTogether {
  /** Tells apart what cannot be made together. */
  shapeOf(change: CapturedReplacement): string;
  /**
   * Makes them one statement. It makes those that need no look and have to wait for no other, and returns rows as {@link foundOf}
   * reads them, followed by the id: of those that it has made, or that change nothing.
   */
  readonly combine?: ((changes: readonly CapturedReplacement[]) => Step) | undefined;
  /**
   * Where each takes several statements, reads what they need. `:tenant`, `:ids` → `id`, `version` of the schema, `revision`,
   * `created_at`, `updated_at`, `segment`, `attributes`, `extensions`, `attributes_version`, `extensions_version` of profiles that
   * nobody has locked, that have no residual values, and are small; and in any order `id`, `NULL`, `NULL`, `key`, `digest`,
   * `plain` of their entries.
   */
  readonly read?: Statement | undefined;
}

/** A replacement in several statements, beside those that remove and add entries. */
export interface ReplacingSteps {
  /** {@link foundRow} */
  found(documents: boolean, indexed: PaddedProbes | undefined): Statement;
  /** `:tenant`, `:profile` → `key`, `digest`, `plain` of all entries of a profile, whose row is locked. */
  readonly held: Statement;
  /** {@link keepFoundState} */
  readonly keep: Statement;
  /** {@link updateFoundRow} */
  readonly update: Statement;
}

/** What a cluster needs in which locks hold on one node only. */
export interface Cluster {
  /** What a connection must meet to never read stale rows. */
  readonly freshReads: Requirement;
  /** Write the profiles that `lockProfiles` locks, unchanged, so that concurrent changes on other nodes conflict. */
  readonly touchProfiles: readonly Statement[];
  /**
   * As `updateSchema`, cluster-wide: no commit by the previous version takes effect afterwards, on any node (R16).
   *
   * @returns whether the schema was changed; `undefined` where the server is no node of a cluster
   */
  updateSchema(session: Session, values: Values): Promise<boolean | undefined>;
}
