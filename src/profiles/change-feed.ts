import { CursorExpiredError, MalformedRequestError, NotSupportedError } from '../errors.js';
import { isPositiveInteger } from '../model/guards.js';
import type { Operation } from '../model/operation.js';
import { checkOptionNames, type OptionNames } from '../rules/method-options.js';
import type { ChangesPage, StoredLine } from '../storage/change-lines.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { cursorAt, positionOf } from './change-cursor.js';
import { ChangeWatch } from './change-watch.js';
import { retentionStart } from './history-policy.js';
import type { Settings } from './settings.js';
import { timestampView } from './timestamps.js';

/** How long the lines of the feed are kept. */
export interface ChangesPolicy {
  /** For how many days a line is kept. If absent, for ever. */
  readonly days?: number | undefined;
}

/** A line of the feed: one change of one profile (C1). It has no values. */
export interface ChangeLine {
  /** The `after` of the lines that follow this one. Names the line in its feed. */
  readonly cursor: string;
  readonly tenantId: string;
  readonly customerId: string;
  /** The revision after the change. */
  readonly revision: number;
  /** When: UTC, `YYYY-MM-DDTHH:mm:ss.SSSZ`. Never decreases with the revisions of a profile. */
  readonly time: string;
  /** What changed it: as in history, but for `merge_away` of a profile that was merged into another, and `erase`. */
  readonly operation: Operation | 'merge_away' | 'erase';
  /** The customer id of the other profile of a merge, or of an unmerge. */
  readonly counterpart?: string;
  readonly actor?: string;
  readonly reason?: string;
  /** The system that made the change, if it told (C4). */
  readonly origin?: string;
  /**
   * JSON pointers to the members of the flat profile that changed, such as `/Phone` or `/segment`, by their names at the
   * time. Absent if the profile was erased.
   */
  readonly changed?: readonly string[];
}

/** A page of the feed. */
export interface ChangePage {
  readonly items: readonly ChangeLine[];
  /** The `after` of the next page. Always there, since more lines may come. */
  readonly next: string;
}

/** Options of {@link ProfileService.changes}. */
export interface ChangesOptions {
  /** The `next` of the page before, or the cursor of a line. If absent, from the oldest line that is kept. */
  readonly after?: string | undefined;
  /** The most lines of the page, 1 to 1,000. Default 100. */
  readonly limit?: number | undefined;
  /** If there is no line yet, how long to wait for one, in seconds from 0 to 60. Default 0. */
  readonly wait?: number | undefined;
  /** Ends the wait: the call then throws its reason. */
  readonly signal?: AbortSignal | undefined;
}

const CHANGES_OPTIONS: OptionNames<ChangesOptions> = { after: true, limit: true, wait: true, signal: true };

export const MAX_LINES = 1_000;
export const MAX_WAIT_SECONDS = 60;

/** Reads the feeds of a repository (C2): that of each tenant, and that of all. */
export class ChangeFeed {
  readonly #repository: ProfileRepository;
  readonly #settings: Settings;
  readonly #inTransaction: boolean;
  /** By tenant, while somebody waits; `undefined` for all tenants. */
  readonly #watches = new Map<string | undefined, ChangeWatch>();

  /** @param inTransaction whether the repository is bound to a transaction of the host */
  constructor(repository: ProfileRepository, settings: Settings, inTransaction: boolean) {
    this.#repository = repository;
    this.#settings = settings;
    this.#inTransaction = inTransaction;
  }

  /**
   * @param tenantId `undefined` for all tenants
   * @throws NotSupportedError if no feed is kept, or in a transaction of the host
   * @throws CursorExpiredError if lines after the cursor are no longer kept
   */
  async read(tenantId: string | undefined, options: ChangesOptions): Promise<ChangePage> {
    checkOptionNames(options, CHANGES_OPTIONS);
    const { after, limit = 100, wait = 0, signal } = options;
    if (!isPositiveInteger(limit) || limit > MAX_LINES) {
      throw new MalformedRequestError(`\`limit\` must be an integer from 1 to ${MAX_LINES}.`);
    }
    if (!Number.isFinite(wait) || wait < 0 || wait > MAX_WAIT_SECONDS) {
      throw new MalformedRequestError(`\`wait\` must be a number of seconds from 0 to ${MAX_WAIT_SECONDS}.`);
    }
    const position = after === undefined ? undefined : positionOf(tenantId, after);
    this.#assertReadable();
    const deadline = performance.now() + wait * 1_000;
    let { lines, from } = await this.#linesAfter(tenantId, position, limit);
    while (lines.length === 0) {
      const left = deadline - performance.now();
      if (left <= 0) break;
      const arrived = await this.#arrival(tenantId, from, left, signal);
      if (arrived === undefined) break;
      lines = arrived.slice(0, limit);
      if (lines.length === 0) ({ lines, from } = await this.#linesAfter(tenantId, from, limit));
    }
    return {
      items: lines.map((line) => lineView(tenantId, line)),
      next: cursorAt(tenantId, lines.at(-1)?.position ?? from),
    };
  }

  #assertReadable(): void {
    if (this.#inTransaction) {
      throw new NotSupportedError('The feed cannot be read in a transaction of the host. Read it outside of one.');
    }
    if (this.#settings.changes === undefined) throw noFeed();
  }

  async #linesAfter(tenantId: string | undefined, position: number | undefined, limit: number) {
    const from = position ?? (await this.#beginning(tenantId));
    const page = await this.#page(tenantId, from, limit);
    const { lines, newest, removed } = page;
    if (from < removed || from > newest || (lines[0] && !this.#isRetained(lines[0]))) {
      throw new CursorExpiredError(cursorAt(tenantId, newest));
    }
    return { lines, from };
  }

  /** The position before the oldest line that is retained: a binary search, since lines come nearly by time. */
  async #beginning(tenantId: string | undefined): Promise<number> {
    const { lines, newest, removed } = await this.#page(tenantId, undefined, 1);
    const [oldest] = lines;
    if (oldest === undefined || this.#isRetained(oldest)) return removed;
    let low = removed;
    let high = newest;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      const [line] = (await this.#page(tenantId, middle, 1)).lines;
      if (line !== undefined && this.#isRetained(line)) high = middle;
      else low = middle;
    }
    return high;
  }

  #isRetained({ at }: StoredLine): boolean {
    const start = retentionStart(this.#settings.changes ?? {}, this.#settings.now());
    return start === undefined || at >= start;
  }

  async #arrival(tenantId: string | undefined, from: number, waitMs: number, signal: AbortSignal | undefined) {
    const watch = this.#watches.get(tenantId) ?? new ChangeWatch((after, limit) => this.#page(tenantId, after, limit));
    this.#watches.set(tenantId, watch);
    try {
      return await watch.next(from, waitMs, signal);
    } finally {
      if (watch.isIdle && this.#watches.get(tenantId) === watch) this.#watches.delete(tenantId);
    }
  }

  #page(tenantId: string | undefined, after: number | undefined, limit: number): Promise<ChangesPage> {
    const { changes } = this.#repository;
    if (changes === undefined) throw noFeed();
    return changes.call(this.#repository, tenantId, { after, limit });
  }
}

export function noFeed(): NotSupportedError {
  return new NotSupportedError('No feed is kept. Set the option `changes`, over a repository that can keep it.');
}

function lineView(feed: string | undefined, line: StoredLine): ChangeLine {
  const { tenantId, position, customerId, revision, at, metadata, deleted, origin, changed } = line;
  const { operation, actor, reason, counterpart } = metadata;
  return {
    cursor: cursorAt(feed, position),
    tenantId,
    customerId,
    revision,
    time: timestampView(at),
    operation: operation === 'merge' && deleted ? 'merge_away' : operation,
    ...(counterpart !== undefined && { counterpart }),
    ...(actor !== undefined && { actor }),
    ...(reason !== undefined && { reason }),
    ...(origin !== undefined && { origin }),
    ...(changed !== undefined && { changed }),
  };
}
