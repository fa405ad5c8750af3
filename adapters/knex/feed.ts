import type { ChangesPage, ChangesRequest, PruneChangesRequest } from 'dossier/storage';
import type { Session } from './connections/session.js';
import type { Statements } from './dialects/dialect.js';
import { lineOf } from './sql/feed-statements.js';
import { PAGE_BYTES } from './sql/read-statements.js';
import type { Plan, Result, Row, Step, Values } from './sql/statement.js';
import { ALL_TENANTS } from './sql/statements.js';

/** The most lines for each transaction: numbering is short, so that readers do not wait for each other. */
const BATCH = 1_000;

/**
 * Reads lines by position, once the visible lines have one. A commit leaves its lines pending, since commits become
 * visible in another order than they take numbers. A reader moves what it sees to the lines with a position, while it
 * holds the lock of the counters, which no writer takes: what becomes visible later is numbered later. So writers keep
 * no index of positions, either.
 *
 * @param tenant `undefined` for all tenants
 */
export async function readLines(
  session: Session,
  statements: Statements,
  tenant: string | undefined,
  { after, limit }: ChangesRequest,
): Promise<ChangesPage> {
  const from = after ?? (await firstPosition(session, statements, tenant));
  const read = async () => pageOf(await session.query(linesAfter(statements, tenant, from, limit)), limit);
  const { page, pending, isCut } = await read();
  // Who has a full page leaves the lock to those who have not: a page has all that was acknowledged before the call.
  if (!pending || isCut || page.lines.length === limit) return page;
  await session.atomically({
    *plan() {
      yield* numberLines(statements, tenant, PAGE_BYTES);
      return true;
    },
  });
  return (await read()).page;
}

/** Removes lines by primary key, so that no range is locked. Returns how many. */
export async function pruneLines(
  session: Session,
  statements: Statements,
  tenant: string,
  { before, limit }: PruneChangesRequest,
): Promise<number> {
  let removed = 0;
  await session.atomically({
    *plan() {
      // Lines that nobody has read have no position yet.
      yield* numberLines(statements, tenant, Number.POSITIVE_INFINITY);
      const all = yield* lockedCounters(statements);
      const { rows } = yield { statement: statements.oldestLines, values: { tenant, limit } };
      const kept = rows.findIndex(([, , at]) => String(at) >= before);
      const lines = kept < 0 ? rows : rows.slice(0, kept);
      const last = lines.at(-1);
      removed = lines.length;
      if (last === undefined) return true;
      const [, , , position, overall, newest, newestOverall] = last.map(Number);
      const dropped = lines.map(([id, revision]) => ({ id: String(id), revision: Number(revision) }));
      yield { statement: statements.dropLines, values: { tenant }, rows: dropped };
      const counters = [
        { tenant, newest, overall: newestOverall, removed: position },
        { ...all, removed: Math.max(all.removed, overall ?? 0) },
      ];
      yield { statement: statements.setCounters, values: {}, rows: counters };
      return true;
    },
  });
  return removed;
}

interface Counters {
  readonly tenant: string;
  /** The last position that was given. */
  readonly newest: number;
  /** The last of the positions over all tenants. */
  readonly overall: number;
  /** The last position whose line was removed. */
  readonly removed: number;
}

/** Takes the lock of the counters, which is the row of all tenants. */
function* lockedCounters({ lockCounters, createCounters }: Statements): Plan<Counters> {
  const lock: Step = { statement: lockCounters, values: {} };
  let { rows } = yield lock;
  if (rows.length === 0) {
    yield { statement: createCounters, values: {} };
    ({ rows } = yield lock);
  }
  const [newest = 0, removed = 0] = (rows[0] ?? []).map(Number);
  return { tenant: ALL_TENANTS, newest, overall: newest, removed };
}

/**
 * Moves the first pending lines to those with a position, and gives them the next ones.
 *
 * @param mostBytes of what they name, unless the first alone has more
 */
function* numberLines(statements: Statements, tenant: string | undefined, mostBytes: number): Plan<void> {
  const all = yield* lockedCounters(statements);
  const { pendingLines, allPendingLines } = statements;
  const found = yield tenant === undefined
    ? { statement: allPendingLines, values: { limit: BATCH } }
    : { statement: pendingLines, values: { tenant, limit: BATCH } };
  const rows = firstOf(found.rows, mostBytes);
  if (rows.length === 0) return;
  const newest = new Map<string, number>(rows.map(([of, , , , last]) => [String(of), Number(last ?? 0)]));
  let overall = all.newest;
  const numbered = inOrder(rows).map(({ tenant: of, id, revision }) => {
    const position = (newest.get(of) ?? 0) + 1;
    newest.set(of, position);
    overall += 1;
    return { tenant: of, id, revision, position, overall };
  });
  yield { statement: statements.numberLines, values: {}, rows: numbered };
  yield { statement: statements.dropPendingLines, values: {}, rows: numbered };
  const last = new Map(numbered.map((line) => [line.tenant, line.overall]));
  const counters = [...newest].map(([of, position]) => ({ tenant: of, newest: position, overall: last.get(of) }));
  yield {
    statement: statements.setCounters,
    values: {},
    // What was removed stays as it is.
    rows: [...counters, { tenant: ALL_TENANTS, newest: overall, overall }],
  };
}

/** @param rows of {@link FeedReads.pendingLines} */
function firstOf(rows: readonly Row[], mostBytes: number): readonly Row[] {
  let bytes = 0;
  const end = rows.findIndex(([, , , , , size], index) => {
    bytes += Number(size);
    return index > 0 && bytes > mostBytes;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

interface PendingLine extends Values {
  readonly tenant: string;
  readonly id: string;
  readonly revision: number;
}

/**
 * By time, where the revisions of each profile allow it.
 *
 * @param rows of {@link FeedReads.pendingLines}, by customer id and revision
 */
function inOrder(rows: readonly Row[]): PendingLine[] {
  let before: { readonly key: string; readonly at: string } | undefined;
  const timed = rows.map(([of, id, revision, time]) => {
    const line: PendingLine = { tenant: String(of), id: String(id), revision: Number(revision) };
    const key = `${line.tenant} ${line.id}`;
    const own = String(time);
    before = { key, at: before?.key === key && before.at > own ? before.at : own };
    return { line, at: before.at };
  });
  return timed.toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at))).map(({ line }) => line);
}

async function firstPosition(session: Session, { removedLines }: Statements, tenant = ALL_TENANTS): Promise<number> {
  const { rows } = await session.query({ statement: removedLines, values: { tenant } });
  return Number(rows[0]?.[0] ?? 0);
}

function linesAfter({ lines, allLines }: Statements, tenant: string | undefined, after: number, limit: number): Step {
  const range = { after, to: after + limit };
  return tenant === undefined
    ? { statement: allLines, values: range }
    : { statement: lines, values: { tenant, ...range } };
}

interface ReadPage {
  readonly page: ChangesPage;
  /** Whether pending lines are visible. */
  readonly pending: boolean;
  /** Whether lines were left out since those before them name so many members. */
  readonly isCut: boolean;
}

function pageOf({ rows }: Result, limit: number): ReadPage {
  const lines = rows.flatMap((row) => lineOf(row) ?? []);
  const [newest = 0, removed = 0, pendingFlag] = (rows[0] ?? []).slice(0, 3).map(Number);
  const pending = pendingFlag === 1;
  const last = lines.at(-1)?.position;
  // Positions have no gaps.
  const isCut = last !== undefined && last < newest && lines.length < limit;
  const more = last !== undefined && (pending || last < newest);
  return { page: { lines, more, newest, removed }, pending, isCut };
}
