import {
  ErasedError,
  IdentityTakenError,
  InvalidProfileError,
  isDossierError,
  type NotFoundError,
  SchemaNotDefinedError,
} from '../errors.js';
import type { CheckedRepresentation } from '../rules/check-representation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import { type Decision, findOversized } from '../rules/decision.js';
import type { StateContent } from '../rules/difference.js';
import { isCustomerId } from '../rules/ids.js';
import type { ProfileLimits } from '../rules/profile-limits.js';
import type { ErasureRequest, ErasureResult } from '../storage/erasure.js';
import type {
  Change,
  CommitOptions,
  CommitResult,
  DeleteChange,
  ProfileRepository,
  StoredProfile,
} from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { countAttempt } from '../storage/tracing.js';
import { turnAfter } from '../storage/turns.js';
import { resolveConflict, revisionConflict } from './conflict-resolution.js';
import { assertMatch, type ExpectedState, type Match, matchState, shownTogether, tokenOf } from './expected-state.js';
import { ProfileHistory } from './profile-history.js';
import { loadProfile, type ProfileSource } from './profile-loading.js';
import { tooLarge } from './profile-size.js';
import type { Shown } from './reading.js';
import { type Cause, contentAfter, deletion, type NextState, replacement, update } from './repository-changes.js';
import type { SchemaSource } from './schema-source.js';
import type { Settings } from './settings.js';

/** A change of one profile. */
export interface ProfileChange {
  /** Whether the extensions must be loaded to decide. */
  readonly needsExtensions: (schema: CompiledSchema) => boolean;
  /**
   * Decides in two steps: what the schema alone tells, and then by the current state. Holds the profile to the limit.
   */
  readonly decide: (schema: CompiledSchema) => (current: StoredProfile, match: Match) => Decision;
  /** The new segment. `undefined` keeps the stored one, and `null` removes it. */
  readonly segment: string | null | undefined;
  /** What is kept with the next state (H1), and told by the feed (C1). */
  readonly metadata: Cause;
  /** Refuses what the change would take away, by throwing (L2). */
  readonly guard?: ((schema: CompiledSchema, before: StoredProfile, after: () => StateContent) => void) | undefined;
  /** Yields to the event loop between the steps of a change whose input is large. */
  readonly turn?: (() => Promise<void> | undefined) | undefined;
  /** Whether the change is carried over to a newer state where that touches nothing that it touches (L4). */
  readonly rebase?: boolean | undefined;
  /** The state that the change expects, if it is known. */
  readonly base?: StoredProfile | undefined;
  /** What the profile becomes, whatever it is now; `undefined` where that depends on what is stored. */
  readonly outcome?: ((schema: CompiledSchema) => CheckedRepresentation | undefined) | undefined;
}

/** The state that a call expects, for what is refused as a whole. */
export interface Expectation {
  /** `undefined` if any will do. */
  readonly state: ExpectedState | undefined;
  /** The state itself, if the process still knows it. */
  readonly snapshot: StoredProfile | undefined;
}

/** The result of a change: the profile afterwards, and the schema that the change was decided by. */
export interface ChangeResult {
  readonly schema: CompiledSchema;
  readonly profile: StoredProfile;
  /** What the readings showed that the change was based on (R22). */
  readonly shown?: Shown | undefined;
  /** Whether all of the profile is what a check by this schema has made. */
  readonly isChecked?: boolean | undefined;
}

/** Loads, decides and commits. All changes of profiles go through this class. */
export class ProfileChanges {
  readonly #source: ProfileSource;
  readonly #schemas: SchemaSource;
  readonly #repository: ProfileRepository;
  readonly #settings: Settings;
  readonly #history: ProfileHistory;

  constructor(source: ProfileSource, settings: Settings) {
    this.#source = source;
    this.#schemas = source.schemas;
    this.#repository = source.repository;
    this.#settings = settings;
    this.#history = new ProfileHistory(source, settings);
  }

  /**
   * Loads the profile, decides and commits. Retries if the profile or the schema changed in between.
   *
   * @throws SchemaNotDefinedError if the tenant has no schema (R15)
   * @throws NotFoundError if the profile does not exist
   * @throws InvalidProfileError if the change is refused
   * @throws PreconditionRequiredError if the call names no revision, and the host requires one
   * @throws RevisionConflictError if the profile does not have the expected revision (R14)
   * @throws IdentityTakenError if a unique entry belongs to another profile (R19)
   * @throws TooLargeError if the profile would exceed the size limit
   */
  change(
    tenantId: string,
    customerId: string,
    change: ProfileChange,
    expected: ExpectedState | undefined,
  ): Promise<ChangeResult> {
    const known = this.#schemas.known(tenantId);
    let withExtensions = known === undefined || change.needsExtensions(known);
    let decider: Decider | undefined;
    return retry(async () => {
      const loading = this.load(tenantId, customerId, withExtensions);
      // Decided while the storage loads: usually its schema is the one in memory.
      decider ??= known && deciderOf(change, known);
      const { schema, profile } = await loading;
      if (!schema) throw new SchemaNotDefinedError();
      if (!profile) throw await this.#history.missing(tenantId, customerId);
      if (change.needsExtensions(schema) && !profile.extensions) {
        withExtensions = true;
        return undefined;
      }
      await (change.turn?.() ?? turnAfter(profile));
      if (decider?.schema !== schema) decider = { schema, decide: change.decide(schema) };
      const match = matchState(expected, tenantId, profile);
      let decision = decider.decide(profile, match);
      if (decision.kind === 'refused' && !decision.ofWhole) throw new InvalidProfileError(decision.violations);
      if (decision.kind === 'too_large') throw tooLarge(decision.document, this.#settings.maxProfileBytes);
      let { shown } = match;
      let { segment } = change;
      if (expected !== undefined && !match.matches) {
        if (!profile.extensions) {
          withExtensions = true;
          return undefined;
        }
        const { base } = change;
        const conflict = { tenantId, schema, current: profile, expected, base, change, decide: decider.decide };
        ({ decision, segment } = await resolveConflict(this.#history, conflict, this.#settings));
        shown = shownTogether(expected);
      }
      assertMatch({ matches: true, shown }, expected, profile, this.#settings);
      if (decision.kind === 'refused') throw new InvalidProfileError(decision.violations);
      const { metadata } = change;
      if (decision.kind === 'changed') {
        const next = { ...decision, segment };
        change.guard?.(schema, profile, () => contentAfter(schema, profile, next));
        return withShown(await this.#commitUpdate(tenantId, schema, profile, next, metadata), shown);
      }
      if (segment === undefined || segment === (profile.segment ?? null)) return { schema, profile, shown };
      const labelled = { attributes: profile.attributes, segment };
      return withShown(await this.#commitUpdate(tenantId, schema, profile, labelled, metadata), shown);
    });
  }

  /**
   * Decides by a read snapshot, and commits without loading. Returns `undefined` if that does not suffice: only the
   * newest schema may refuse a change (R16), and only the current state shows whether anything changes (R13).
   */
  async changeKnown(
    tenantId: string,
    current: StoredProfile,
    shown: Shown,
    change: ProfileChange,
  ): Promise<ChangeResult | undefined> {
    const schema = this.#schemas.known(tenantId);
    if (!schema) return undefined;
    // Before the first await: the caller may mutate the input afterwards.
    const decider = deciderOf(change, schema);
    if (!decider || (change.needsExtensions(schema) && !current.extensions)) return undefined;
    const decision = decider.decide(current, { matches: true, shown });
    if (decision.kind !== 'changed') return undefined;
    const { segment, metadata } = change;
    const next = { ...decision, segment };
    try {
      change.guard?.(schema, current, () => contentAfter(schema, current, next));
    } catch (error) {
      if (isDossierError(error)) return undefined;
      throw error;
    }
    return withShown(await this.#commitUpdate(tenantId, schema, current, next, metadata), shown);
  }

  /**
   * Replaces a profile without loading it. Returns `undefined` if that does not suffice: where what becomes of the profile
   * depends on what is stored, the storage cannot tell whether it is in the expected state, or the change is to be refused.
   */
  async replaceUnseen(
    tenantId: string,
    customerId: string,
    change: ProfileChange,
    state: ExpectedState | undefined,
  ): Promise<ChangeResult | undefined> {
    const schema = this.#schemas.known(tenantId);
    if (!schema || !this.#replacesUnseen(schema) || !isCustomerId(customerId)) return undefined;
    if (state === undefined && this.#settings.requireExpectedRevision) return undefined;
    const takesAny = state === undefined || state.any === true;
    const expected = takesAny ? undefined : tokenOf(state, tenantId, customerId);
    if (!takesAny && expected === undefined) return undefined;
    // Before the first await: the caller may mutate the input afterwards.
    const content = outcomeOf(change, schema);
    if (content === undefined) return undefined;
    // Where only the reading showed extensions, they are still those of its state.
    const base = change.base?.updatedAt === expected?.updatedAt ? change.base : undefined;
    const { attributes, extensions = base?.extensions } = content;
    if (extensions === undefined && change.needsExtensions(schema)) return undefined;
    await turnAfter(content);
    const { segment, metadata } = change;
    const command = replacement(schema, customerId, content, { expected, segment }, metadata, this.#now(), this.#feed);
    await turnAfter(content);
    const result = await this.#repository.replace?.(tenantId, command, this.#commitOptions);
    if (result === undefined || result.outcome === 'look') return undefined;
    countAttempt();
    const { revision, segment: label, createdAt, updatedAt } = result;
    const profile = { customerId, revision, segment: label, attributes, extensions, createdAt, updatedAt };
    return { schema, profile, shown: shownTogether(state), isChecked: extensions === content.extensions };
  }

  /** While a key is backfilling, entries may be added to a profile at the same time. */
  #replacesUnseen(schema: CompiledSchema): boolean {
    return this.#repository.capabilities?.replace === true && schema.keys.every(({ complete }) => complete);
  }

  /**
   * Changes a profile under exactly this version of the schema. Retries after concurrent changes of the profile.
   *
   * @param decide returns `undefined` if there is nothing to change
   * @returns false if the schema changed
   */
  async changeBySchema(
    tenantId: string,
    schema: CompiledSchema,
    found: StoredProfile,
    decide: (current: StoredProfile) => NextState | undefined,
  ): Promise<boolean> {
    let current: StoredProfile | undefined = found;
    while (current) {
      const next = decide(current);
      if (!next) return true;
      const { change } = update(schema, current, next, { operation: 'schema_change' }, this.#now(), this.#feed);
      const { outcome } = await this.commit(tenantId, [change]);
      if (outcome === 'committed') return true;
      if (outcome === 'schema_changed') return false;
      current = await this.reload(tenantId, current);
    }
    return true;
  }

  get #commitOptions(): CommitOptions {
    return { history: this.#settings.history !== undefined, changes: this.#feed };
  }

  /** How large a profile may become. */
  get limits(): ProfileLimits {
    return this.#settings;
  }

  /** Commits changes, and returns the result of the repository. */
  commit(tenantId: string, changes: readonly Change[]): Promise<CommitResult> {
    return this.#repository.commit(tenantId, changes, this.#commitOptions);
  }

  /**
   * Commits changes, and returns any result but `entry_taken` and `erased`.
   *
   * @throws IdentityTakenError if a unique entry belongs to another profile (R19)
   * @throws ErasedError if a creation has an erased customer id (E2)
   */
  async commitUnlessTaken(tenantId: string, schema: CompiledSchema, changes: readonly Change[]): Promise<CommitResult> {
    const result = await this.commit(tenantId, changes);
    if (result.outcome === 'erased') throw new ErasedError();
    if (result.outcome !== 'entry_taken') return result;
    throw new IdentityTakenError(schema.keys.find(({ index }) => index === result.key)?.name ?? result.key);
  }

  /** Removes all that is kept of customer ids (E1), and returns the result of the repository; `undefined` if it cannot erase. */
  async erase(tenantId: string, request: ErasureRequest): Promise<ErasureResult | undefined> {
    return this.#repository.erase?.(tenantId, request);
  }

  /**
   * Prepares the update of a profile, to be committed together with other changes.
   *
   * @returns the change, and the profile afterwards
   * @throws TooLargeError if the profile would exceed the size limit
   */
  update(schema: CompiledSchema, current: StoredProfile, next: NextState, metadata: Cause) {
    const { maxProfileBytes } = this.#settings;
    const oversized = findOversized(next, maxProfileBytes);
    if (oversized) throw tooLarge(oversized, maxProfileBytes);
    return update(schema, current, next, metadata, this.#now(), this.#feed);
  }

  /**
   * Prepares the update that makes a profile what it was in a former state, residual values included.
   *
   * @returns the change, and the profile afterwards
   */
  restoration(schema: CompiledSchema, current: StoredProfile, former: StoredProfile, metadata: Cause) {
    const { attributes, extensions, residual, segment = null } = former;
    const next = { attributes, extensions, segment, residual: null };
    const { change, profile } = update(schema, current, next, metadata, this.#now(), this.#feed);
    return { change: { ...change, residual }, profile: { ...profile, residual } };
  }

  /** Prepares the deletion of a profile, which must have been loaded with its extensions. */
  deletion(schema: CompiledSchema, current: StoredProfile, metadata: Cause): DeleteChange {
    return deletion(schema, current, metadata, this.#now(), this.#feed);
  }

  /**
   * Compares a profile that was loaded with its extensions with the expected state (R14, R22).
   *
   * @throws PreconditionRequiredError if none is expected, and the host requires one
   * @throws RevisionConflictError if the profile is in another state, with what others changed since (L3)
   */
  async expect(
    { state: expected, snapshot: base }: Expectation,
    tenantId: string,
    schema: CompiledSchema,
    current: StoredProfile,
  ): Promise<void> {
    const match = matchState(expected, tenantId, current);
    if (expected !== undefined && !match.matches) {
      throw await revisionConflict(this.#history, { tenantId, schema, current, expected, base });
    }
    assertMatch(match, expected, current, this.#settings);
  }

  /** The error for a profile that does not exist. */
  missing(tenantId: string, customerId: string): Promise<NotFoundError> {
    return this.#history.missing(tenantId, customerId);
  }

  /** Loads a profile and the schema of its tenant. Either may be `undefined`. */
  load(tenantId: string, customerId: string, extensions: boolean) {
    return loadProfile(this.#source, tenantId, customerId, extensions);
  }

  /** Loads the current state of a profile, with its extensions; `undefined` if the profile no longer exists. */
  async reload(
    tenantId: string,
    { customerId }: Pick<StoredProfile, 'customerId'>,
  ): Promise<StoredProfile | undefined> {
    return (await this.#repository.load(tenantId, customerId, { extensions: true })).profile;
  }

  async #commitUpdate(
    tenantId: string,
    schema: CompiledSchema,
    current: StoredProfile,
    next: NextState,
    metadata: Cause,
  ): Promise<ChangeResult | undefined> {
    await turnAfter(next);
    const { change, profile } = update(schema, current, next, metadata, this.#now(), this.#feed);
    await turnAfter(next);
    const { outcome } = await this.commitUnlessTaken(tenantId, schema, [change]);
    return outcome === 'committed' ? { schema, profile } : undefined;
  }

  get #feed(): boolean {
    return this.#settings.changes !== undefined;
  }

  #now(): string {
    return this.#settings.uniqueTimestamp();
  }
}

/** The first step of a decision: a change, decided by a schema. */
interface Decider {
  readonly schema: CompiledSchema;
  readonly decide: (current: StoredProfile, match: Match) => Decision;
}

/** Returns `undefined` if the schema in memory refuses the change: it may be outdated, so that is not final (R16). */
function deciderOf(change: ProfileChange, schema: CompiledSchema): Decider | undefined {
  try {
    return { schema, decide: change.decide(schema) };
  } catch {
    return undefined;
  }
}

/** Returns `undefined` also if the schema in memory refuses the change, as {@link deciderOf} does. */
function outcomeOf({ outcome }: ProfileChange, schema: CompiledSchema): CheckedRepresentation | undefined {
  try {
    return outcome?.(schema);
  } catch {
    return undefined;
  }
}

function withShown(result: ChangeResult | undefined, shown: Shown | undefined): ChangeResult | undefined {
  return result && { ...result, shown };
}
