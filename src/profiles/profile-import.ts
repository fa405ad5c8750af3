import type { InvalidProfileError, LossNotAllowedError } from '../errors.js';
import { type DossierError, isDossierError, MalformedRequestError, NotAllowedError } from '../errors.js';
import { copyInput } from '../model/defensive-copy.js';
import { isPlainObject, isPositiveInteger } from '../model/guards.js';
import { ColumnMapping } from '../rules/column-mapping.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import { retry } from '../storage/retry.js';
import { nextTurn } from '../storage/turns.js';
import type { ChangeContext } from './change-context.js';
import { LossTally } from './import-losses.js';
import {
  checkImportOptions,
  type ImportError,
  type ImportOptions,
  type ImportResult,
  type ImportRow,
} from './import-row.js';
import { LossGuard } from './loss-guard.js';
import type { CreateManyInput } from './profile-creation.js';
import { keyNamed } from './profile-search.js';
import {
  changesExisting,
  createOrChange,
  type ImportServices,
  newestSchema,
  type ReadableRow,
  type RowCommit,
} from './row-commit.js';
import { rowSize } from './row-size.js';
import { TableReader } from './table-reader.js';

/** The maximum number of rows in a batch. */
const BATCH = 500;

/** A batch ends when it has this many characters: all of it is in memory, and is checked in one turn of the event loop. */
const BATCH_SIZE = 2 ** 19;

/** How many characters of rows are read, or rows imported one by one, in one turn of the event loop. */
const READ_AT_ONCE = 2 ** 18;
const ROWS_AT_ONCE = 20;

/** Errors are kept up to this many characters. Further ones are only counted. */
const MAX_ERROR_SIZE = 2 ** 20;

interface FaultyRow {
  readonly line: number;
  readonly fault: string;
}

type Row = ReadableRow | FaultyRow;

type RowOfProfile = Exclude<ImportRow, { readonly columns: readonly string[] }>;

/** An import under way. */
interface ImportRun extends RowCommit {
  readonly options: ImportOptions & { readonly maxErrors: number; readonly maySetSegment: boolean };
  readonly counts: {
    rows: number;
    created: number;
    replaced: number;
    patched: number;
    skipped: number;
    failed: number;
    lastLine: number;
  };
  readonly errors: ImportError[];
  /** In characters. */
  errorSize: number;
}

/**
 * Imports rows in batches, so that memory use does not depend on their number. If all rows of a batch can be created,
 * the batch is one commit. Otherwise each row is a commit of its own.
 *
 * @throws MalformedRequestError for an invalid option or row, or a table whose columns are not all known: no row of it is
 *   imported
 * @throws SchemaNotDefinedError if the tenant has no schema (R15)
 * @throws NotFoundError if the identification key `idKey` does not exist. No row is imported
 * @throws any error that the iteration of the rows throws, after the rows before it are imported
 */
export async function importProfiles(
  services: ImportServices,
  tenantId: string,
  rows: AsyncIterable<ImportRow> | Iterable<ImportRow>,
  options: ImportOptions,
  context: ChangeContext,
): Promise<ImportResult> {
  checkImportOptions(options);
  checkIterable(rows);
  const { maxErrors = 100, maySetSegment = true, startFrom = 1, signal, idKey, allowLoss } = options;
  const { existing, map, ignore, emptyCells } = options;
  const mapping = new ColumnMapping(map, ignore);
  const run: ImportRun = {
    ...services,
    tenantId,
    context,
    options: { ...options, maxErrors, maySetSegment },
    counts: { rows: 0, created: 0, replaced: 0, patched: 0, skipped: 0, failed: 0, lastLine: 0 },
    errors: [],
    errorSize: 0,
    losses: new LossTally(),
  };
  let schema = await newestSchema(run);
  if (idKey !== undefined) keyNamed(schema, idKey);
  new LossGuard(false, allowLoss).assertKnown(schema);
  mapping.assertKnown(schema);
  const clearsEmpty = emptyCells === 'clear';
  const table = new TableReader(mapping, { patches: existing === 'patch', clearsEmpty });
  const needsTable = clearsEmpty || !mapping.isEmpty;
  let batch: Row[] = [];
  let size = 0;
  let readAtOnce = 0;
  let complete = true;
  let failure: { readonly error: unknown } | undefined;
  async function* untilFailure(): AsyncGenerator<ImportRow> {
    try {
      for await (const row of rows) yield checkRow(row);
    } catch (error) {
      failure = { error };
    }
  }
  for await (const row of untilFailure()) {
    readAtOnce += effortOf(row);
    if (readAtOnce > READ_AT_ONCE) {
      readAtOnce = 0;
      await nextTurn();
    }
    if (row.line < startFrom) continue;
    if (signal?.aborted || hasFailedTooOften(run)) {
      complete = false;
      break;
    }
    if (needsTable && 'members' in row) {
      throw new MalformedRequestError('`map`, `ignore` and `emptyCells` are for tables, such as CSV. Leave them out.');
    }
    if ('columns' in row) {
      table.check(schema, row.columns);
      continue;
    }
    const read = readRow(schema, row, table);
    batch.push(read);
    size += rowSize(read);
    if (size < BATCH_SIZE && !isBatchComplete(run, batch)) continue;
    await nextTurn();
    complete = await importBatch(run, batch);
    batch = [];
    size = 0;
    readAtOnce = 0;
    await nextTurn();
    schema = await newestSchema(run);
  }
  const allProcessed = await importBatch(run, batch);
  if (failure) throw failure.error;
  const result = { ...run.counts, errors: run.errors, complete: complete && allProcessed };
  return services.rehearsedLosses ? { ...result, losses: run.losses.losses } : result;
}

function hasFailedTooOften({ counts, options }: ImportRun): boolean {
  return counts.failed >= options.maxErrors;
}

/**
 * Whether a batch is complete. It ends with the faulty row that reaches `maxErrors`, so that no row after it is
 * processed.
 */
function isBatchComplete({ counts, options }: ImportRun, batch: readonly Row[]): boolean {
  const last = batch.at(-1);
  if (batch.length === BATCH || last === undefined) return last !== undefined;
  return isFaulty(last) && counts.failed + batch.filter(isFaulty).length >= options.maxErrors;
}

/** Returns false if the import stops before the end of the batch, because of its errors. */
async function importBatch(run: ImportRun, rows: readonly Row[]): Promise<boolean> {
  if (rows.length === 0) return true;
  const { counts } = run;
  try {
    return await importRows(run, rows);
  } finally {
    // After a failure as well: the caller needs to know where to go on.
    run.options.onProgress?.({ ...counts });
  }
}

async function importRows(run: ImportRun, rows: readonly Row[]): Promise<boolean> {
  const { counts } = run;
  const createdAll = await createAll(run, rows.filter(isReadable));
  let all = true;
  for (const [index, row] of rows.entries()) {
    if (!createdAll && index % ROWS_AT_ONCE === 0) await nextTurn();
    all = !hasFailedTooOften(run);
    if (!all) break;
    if (isFaulty(row)) addError(run, { line: row.line, code: 'malformed_request', detail: row.fault });
    else if (createdAll) counts.created += 1;
    else await importRow(run, row);
    counts.rows += 1;
    counts.lastLine = row.line;
  }
  return all;
}

/** Creates all rows in one commit. Returns false if that is impossible: a row is refused, or its profile may exist. */
async function createAll(run: ImportRun, rows: readonly ReadableRow[]): Promise<boolean> {
  const { options, profiles, tenantId, context } = run;
  if (options.idKey !== undefined || rows.some((row) => isOnItsOwn(run, row))) return false;
  try {
    await profiles.createMany(tenantId, rows.map(inputOf), { ...context, afterErasure: options.afterErasure });
    return true;
  } catch (error) {
    if (isFaultOfRow(error)) return false;
    throw error;
  }
}

/** Whether a row creates nothing, or has to be looked at. */
function isOnItsOwn({ options: { existing, maySetSegment } }: ImportRun, row: ReadableRow): boolean {
  if (hasSegment(row) && !maySetSegment) return true;
  return hasRevision(row) && (changesExisting(existing) || !isPositiveInteger(row.revision));
}

async function importRow(run: ImportRun, row: ReadableRow): Promise<void> {
  try {
    if (hasRevision(row) && !isPositiveInteger(row.revision))
      throw new MalformedRequestError('`_revision` must be a positive integer.');
    if (hasSegment(row) && !run.options.maySetSegment)
      throw new NotAllowedError('This caller may not set a segment. Remove `_segment` from the row.');
    const outcome = await retry(() => createOrChange(run, row));
    run.counts[outcome] += 1;
  } catch (error) {
    if (!isFaultOfRow(error)) throw error;
    const { code, message: detail } = error;
    const { violations } = error as Partial<InvalidProfileError>;
    const { pointers } = error as Partial<LossNotAllowedError>;
    addError(run, { line: row.line, code, detail, ...(violations && { violations }), ...(pointers && { pointers }) });
  }
}

function addError(run: ImportRun, error: ImportError): void {
  const { counts, errors, options } = run;
  counts.failed += 1;
  options.onError?.(error);
  if (errors.length >= options.maxErrors || run.errorSize > MAX_ERROR_SIZE) return;
  run.errorSize += rowSize(error);
  errors.push(error);
}

/** About how many characters have to be looked at to read a row. */
function effortOf(row: ImportRow): number {
  return 'cells' in row ? row.cells.length * MIN_CELL + MIN_CELL : 'members' in row ? rowSize(row.members) : MIN_CELL;
}

const MIN_CELL = 16;

/** @throws MalformedRequestError if the value yields no rows */
function checkIterable(rows: Partial<AsyncIterable<ImportRow> & Iterable<ImportRow>> | null | undefined): void {
  if (rows?.[Symbol.asyncIterator] !== undefined || rows?.[Symbol.iterator] !== undefined) return;
  throw new MalformedRequestError('`rows` must be an iterable or an async iterable of rows, such as `ndjsonRows(…)`.');
}

/** The members of a row beside `line` and `newCustomerId`, by the one that says what kind of row it is. */
const ROW_MEMBERS = {
  members: ['members', 'customerId', 'segment', 'revision'],
  cells: ['cells'],
  columns: ['columns'],
  fault: ['fault'],
};

/**
 * Refuses unknown members as well: a misspelt `revision` would replace a profile unconditionally, and a misspelt
 * `customerId` create another one.
 *
 * @throws MalformedRequestError if the value is not a row
 */
function checkRow(row: ImportRow): ImportRow {
  if (!isPlainObject(row) || !Number.isSafeInteger(row.line) || !hasReadableContent(row)) {
    throw new MalformedRequestError(
      'Each row must be an object with an integer `line`, and with `members`, an array of `cells` or of `columns`, or a text as `fault`.',
    );
  }
  const kind = (['fault', 'cells', 'columns'] as const).find((name) => name in row) ?? 'members';
  const known = ['line', 'newCustomerId', ...ROW_MEMBERS[kind]];
  const unknown = Object.keys(row).find((name) => !known.includes(name));
  if (unknown === undefined) return row;
  throw new MalformedRequestError(
    `\`${unknown.slice(0, MAX_NAME)}\` is not a member of a row with \`${kind}\`. Use: ${known.join(', ')}.`,
  );
}

function hasReadableContent(row: ImportRow): boolean {
  if ('fault' in row) return typeof row.fault === 'string';
  if ('columns' in row) return Array.isArray(row.columns) && row.columns.every((name) => typeof name === 'string');
  return !('cells' in row) || (Array.isArray(row.cells) && row.cells.every(Array.isArray));
}

const MAX_NAME = 64;

/** @throws MalformedRequestError if the columns of the first row of a table are not valid */
function readRow(schema: CompiledSchema, row: RowOfProfile, table: TableReader): Row {
  if ('cells' in row) return { line: row.line, newCustomerId: row.newCustomerId, ...table.read(schema, row.cells) };
  // Copied: the source of the rows may reuse one object for all of them.
  return copyInput(row);
}

function isFaulty(row: Row): row is FaultyRow {
  return 'fault' in row;
}

function isReadable(row: Row): row is ReadableRow {
  return !isFaulty(row);
}

function hasSegment({ segment }: ReadableRow): boolean {
  return segment !== undefined;
}

function hasRevision({ revision }: ReadableRow): boolean {
  return revision !== undefined;
}

function inputOf({ newCustomerId, customerId = newCustomerId, segment, members }: ReadableRow): CreateManyInput {
  return { customerId, segment, members };
}

const FAULTS_OF_ROWS: ReadonlySet<string> = new Set([
  'already_exists',
  'erased',
  'identity_taken',
  'loss_not_allowed',
  'invalid_profile',
  'malformed_request',
  'not_allowed',
  'referenced',
  'revision_conflict',
  'too_large',
]);

function isFaultOfRow(error: unknown): error is DossierError {
  return isDossierError(error) && FAULTS_OF_ROWS.has(error.code);
}
