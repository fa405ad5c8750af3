import { NotFoundError, NotSupportedError } from '../errors.js';
import type { Operation } from '../model/operation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import { changedMembers } from '../rules/difference.js';
import { isCustomerId } from '../rules/ids.js';
import type { StoredProfile, StoredState } from '../storage/profile-repository.js';
import { turnAfter } from '../storage/turns.js';
import { type HistoryPolicy, retentionStart } from './history-policy.js';
import { noSuchProfile, type ProfileSource } from './profile-loading.js';
import type { Settings } from './settings.js';
import { timestampView } from './timestamps.js';

/** A state of a profile, former or present, without its content (H2). */
export interface ProfileState {
  readonly revision: number;
  /** When the state was made: UTC, `YYYY-MM-DDTHH:mm:ss.SSSZ`. Never decreases with the revisions of a profile. */
  readonly time: string;
  /** What made it. `delete`, and `merge` for a profile that was merged away, end a profile. Absent if it was not kept. */
  readonly operation?: Operation;
  readonly actor?: string;
  readonly reason?: string;
  /**
   * What it changed of the state before: JSON pointers to members of the flat profile, such as `/Phone` or `/segment`, by
   * their names in the schema of today. Absent if the state before is not kept.
   */
  readonly changed?: readonly string[];
}

/** A page of the history of a profile, the newest state first. */
export interface HistoryPage {
  readonly items: readonly ProfileState[];
  /** The `after` of the next page, which has older states. Absent on the last page. */
  readonly next?: number;
}

/** A profile as it was in a former state, with the schema of today. */
export interface FormerProfile {
  readonly schema: CompiledSchema;
  readonly profile: StoredProfile;
}

interface RetainedState {
  readonly schema: CompiledSchema;
  readonly state: StoredState;
}

/** A state without its content. */
type StateStamp = Pick<StoredState, 'revision' | 'at'>;

function stampOf(state: StoredState): StateStamp;
function stampOf(state: StoredState | undefined): StateStamp | undefined;
function stampOf(state: StoredState | undefined): StateStamp | undefined {
  return state && { revision: state.revision, at: state.at };
}

/** Reads the states of profiles, as far as the policy of the host retains them (H2, H5). */
export class ProfileHistory {
  readonly #source: ProfileSource;
  readonly #settings: Settings;

  constructor(source: ProfileSource, settings: Settings) {
    this.#source = source;
    this.#settings = settings;
  }

  /**
   * @param after only states of lower revisions
   * @throws NotSupportedError if no history is kept
   * @throws NotFoundError if the customer id has no state
   */
  async page(tenantId: string, customerId: string, after: number | undefined, limit: number): Promise<HistoryPage> {
    const items: ProfileState[] = [];
    let current: RetainedState | undefined;
    const from = after === undefined ? undefined : after - 1;
    for await (const older of this.#retained(tenantId, customerId, STATES_AT_ONCE, from)) {
      if (current) items.push(stateView(current, older));
      if (items.length === limit) return { items, next: items[limit - 1]?.revision ?? 0 };
      if (after === undefined || older.state.revision < after) current = older;
    }
    if (current) items.push(stateView(current, undefined));
    return { items };
  }

  /**
   * The state of a revision, or the last that was made by a time.
   *
   * @throws NotSupportedError if no history is kept
   * @throws NotFoundError if the state is not kept, or is a deletion
   */
  async at(tenantId: string, customerId: string, point: number | Date): Promise<FormerProfile> {
    const revision = typeof point === 'number' ? point : await this.#revisionAt(tenantId, customerId, point);
    const former = await this.#alwaysRetained(tenantId, customerId, revision);
    if (former) return former;
    for await (const { schema, state } of this.#retained(tenantId, customerId, 1, revision)) {
      if (state.revision > revision) continue;
      if (state.revision === revision && state.profile) return { schema, profile: state.profile };
      break;
    }
    throw new NotFoundError('The profile has no state of this revision or time.');
  }

  /**
   * The newest state: the profile, or its deletion. `undefined` if the customer id has none.
   *
   * @throws NotSupportedError if no history is kept
   */
  async present(tenantId: string, customerId: string): Promise<StoredState | undefined> {
    if (this.#settings.history === undefined) throw notKept();
    if (!isCustomerId(customerId)) return undefined;
    return (await this.#states(tenantId, customerId, undefined, 1)).states[0];
  }

  /** The error for a profile that does not exist, which tells where it was merged away to. */
  async missing(tenantId: string, customerId: string): Promise<NotFoundError> {
    if (this.#settings.history === undefined) return noSuchProfile();
    const end = await this.present(tenantId, customerId);
    return noSuchProfile(end?.metadata?.operation === 'merge' && !end.profile ? end.metadata.counterpart : undefined);
  }

  /** The latest merge of a source into a profile; `undefined` if there is none, or it is taken back already. */
  async latestMerge(tenantId: string, customerId: string, sourceId: string): Promise<StoredState | undefined> {
    for await (const { state } of this.#retained(tenantId, customerId, STATES_AT_ONCE)) {
      if (state.metadata?.counterpart !== sourceId || !state.profile) continue;
      return state.metadata.operation === 'merge' ? state : undefined;
    }
    return undefined;
  }

  /**
   * The states of an id within retention, the newest first.
   *
   * @param limit how many are read at once
   * @param from where to begin: with the state of this revision
   * @throws NotSupportedError if no history is kept
   * @throws NotFoundError if the customer id has no state
   */
  async *#retained(tenantId: string, customerId: string, limit: number, from?: number): AsyncGenerator<RetainedState> {
    const policy = this.#settings.history;
    if (policy === undefined) throw notKept();
    const newest = await this.#newest(tenantId, customerId);
    // Where states are retained by days, the next one tells when this one was replaced.
    const first = (from ?? newest.revision) + (policy.days === undefined ? 0 : 1);
    let before: number | undefined = Math.min(first, newest.revision) + 1;
    // Without the content: of large profiles, no more states than two are in memory at once.
    let newer: StateStamp | undefined;
    for (;;) {
      const { states, schemaVersion, more } = await this.#states(tenantId, customerId, before, limit);
      const schema = schemaVersion === undefined ? undefined : await this.#source.schemas.at(tenantId, schemaVersion);
      if (schema === undefined) throw noSuchProfile();
      for (const state of states) {
        if (!isRetained(policy, newest, state, newer, this.#settings.now())) return;
        if (state.profile) await turnAfter(state.profile);
        yield { schema, state };
        newer = stampOf(state);
      }
      if (!more) return;
      before = newer?.revision;
    }
  }

  /** The state of a revision, where the policy retains all: then the newest state need not be read. */
  async #alwaysRetained(tenantId: string, customerId: string, revision: number): Promise<FormerProfile | undefined> {
    const policy = this.#settings.history;
    if (policy === undefined || policy.revisions !== undefined || policy.days !== undefined) return undefined;
    if (!isCustomerId(customerId)) return undefined;
    const { states, schemaVersion } = await this.#states(tenantId, customerId, revision + 1, 1);
    const profile = states[0]?.revision === revision ? states[0].profile : undefined;
    const schema = schemaVersion === undefined ? undefined : await this.#source.schemas.at(tenantId, schemaVersion);
    if (schema === undefined || profile === undefined) return undefined;
    await turnAfter(profile);
    return { schema, profile };
  }

  /** @throws NotFoundError if the customer id has no state */
  async #newest(tenantId: string, customerId: string): Promise<StateStamp> {
    const newest = await this.present(tenantId, customerId);
    if (newest === undefined || isErased(newest)) throw noSuchProfile();
    return stampOf(newest);
  }

  /** The last revision by a time; 0 if there is none. Times never decrease with revisions, so this is a binary search. */
  async #revisionAt(tenantId: string, customerId: string, time: Date): Promise<number> {
    const by = time.toISOString();
    const isMade = ({ at }: StateStamp) => timestampView(at) <= by;
    const newest = stampOf(await this.present(tenantId, customerId));
    if (newest === undefined || isMade(newest)) return newest?.revision ?? 0;
    let found = 0;
    let low = 0;
    let high = newest.revision;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      const state = stampOf((await this.#states(tenantId, customerId, middle + 1, 1)).states[0]);
      if (state === undefined || state.revision <= low) low = middle;
      else if (isMade(state)) {
        found = state.revision;
        low = middle;
      } else high = state.revision;
    }
    // The state in force was the one before `high`, if it is kept.
    return found === high - 1 ? found : 0;
  }

  #states(tenantId: string, customerId: string, before: number | undefined, limit: number) {
    const { history } = this.#source.repository;
    if (history === undefined) throw notKept();
    return history.call(this.#source.repository, tenantId, customerId, { before, limit });
  }
}

/** Nothing is found of an erased customer id, not even that it was one (E2). */
function isErased({ profile, metadata }: StoredState): boolean {
  return profile === undefined && metadata?.operation === 'erase';
}

/** How many states are read at once. */
const STATES_AT_ONCE = 50;

/**
 * Revisions are counted down from the newest, whether they have a state or not, so that no state is answered that `prune`
 * may have removed.
 */
function isRetained(
  policy: HistoryPolicy,
  newest: StateStamp,
  { revision, at }: StateStamp,
  newer: StateStamp | undefined,
  now: Date,
): boolean {
  if (revision >= newest.revision) return true;
  if (policy.revisions !== undefined && revision < newest.revision - policy.revisions) return false;
  const start = retentionStart(policy, now);
  const replacedAt = newer?.revision === revision + 1 ? newer.at : at;
  return start === undefined || replacedAt >= start;
}

export function notKept(): NotSupportedError {
  return new NotSupportedError('No history is kept. Set the option `history`, over a repository that can keep it.');
}

function stateView({ schema, state }: RetainedState, older: RetainedState | undefined): ProfileState {
  const { revision, at, metadata, profile } = state;
  const isNext = older?.state.revision === revision - 1;
  return {
    revision,
    time: timestampView(at),
    ...(metadata && { operation: metadata.operation }),
    ...(metadata?.actor !== undefined && { actor: metadata.actor }),
    ...(metadata?.reason !== undefined && { reason: metadata.reason }),
    ...(isNext && { changed: changedMembers(schema, older.state.profile, profile) }),
  };
}
