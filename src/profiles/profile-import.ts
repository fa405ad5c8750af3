import type { InvalidProfileError } from '../errors.js';
import {
  AlreadyExistsError,
  type DossierError,
  isDossierError,
  MalformedRequestError,
  NotAllowedError,
  SchemaNotDefinedError,
} from '../errors.js';
import { copyInput } from '../model/defensive-copy.js';
import { isPlainObject } from '../model/plain-object.js';
import type { Violation } from '../model/violation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { CriteriaInput } from '../rules/identification/criteria.js';
import { foldName } from '../rules/names.js';
import { membersOfRow, type RowMembers } from '../rules/text-row.js';
import { retry } from '../storage/retry.js';
import type { ChangeContext } from './change-context.js';
import {
  checkImportOptions,
  type ImportError,
  type ImportOptions,
  type ImportResult,
  type ImportRow,
} from './import-row.js';
import type { CreateManyInput } from './profile-creation.js';
import { keyNamed } from './profile-search.js';
import type { ProfileService } from './profile-service.js';
import { rowSize } from './row-size.js';
import type { SchemaSource } from './schema-source.js';

/** The most profiles that are created in one change. */
const BATCH = 500;

/** A batch that has so many characters gets no more rows, since all of it is in memory, more than once. */
const BATCH_SIZE = 2 ** 22;

type Outcome = 'created' | 'replaced' | 'skipped';

/** A row that could be read. */
interface ReadableRow extends RowMembers {
  readonly line: number;
}

interface FaultyRow {
  readonly line: number;
  readonly fault: string;
}

type Row = ReadableRow | FaultyRow;

/** The services of one import. */
export interface ImportServices {
  readonly profiles: Pick<ProfileService, 'create' | 'createMany' | 'replace' | 'identify'>;
  readonly schemas: SchemaSource;
}

/** An import under way. */
interface ImportRun extends ImportServices {
  readonly tenantId: string;
  readonly context: ChangeContext;
  readonly options: ImportOptions & { readonly maxErrors: number; readonly maySetSegment: boolean };
  readonly counts: {
    rows: number;
    created: number;
    replaced: number;
    skipped: number;
    failed: number;
    lastLine: number;
  };
  readonly errors: ImportError[];
}

/**
 * Imports rows in batches, so that memory stays flat however many there are. A batch is one commit where all its rows can
 * be created; otherwise each row is a change of its own.
 *
 * @throws MalformedRequestError for options of the wrong form
 * @throws SchemaNotDefinedError if the tenant has no schema (R15)
 * @throws NotFoundError if there is no such identification key, before any row is imported
 * @throws what the source of the rows throws, once the rows before are imported
 */
export async function importProfiles(
  services: ImportServices,
  tenantId: string,
  rows: AsyncIterable<ImportRow> | Iterable<ImportRow>,
  options: ImportOptions,
  context: ChangeContext,
): Promise<ImportResult> {
  checkImportOptions(options);
  const { maxErrors = 100, maySetSegment = true, startFrom = 1, signal, idKey } = options;
  const run: ImportRun = {
    ...services,
    tenantId,
    context,
    options: { ...options, maxErrors, maySetSegment },
    counts: { rows: 0, created: 0, replaced: 0, skipped: 0, failed: 0, lastLine: 0 },
    errors: [],
  };
  let schema = await newestSchema(run);
  if (idKey !== undefined) keyNamed(schema, idKey);
  let batch: Row[] = [];
  let size = 0;
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
    if (row.line < startFrom) continue;
    if (signal?.aborted || hasFailedTooOften(run)) {
      complete = false;
      break;
    }
    const read = readRow(schema, row);
    batch.push(read);
    size += rowSize(read);
    if (size < BATCH_SIZE && !isWhole(run, batch)) continue;
    complete = await importBatch(run, batch);
    batch = [];
    size = 0;
    schema = await newestSchema(run);
  }
  const allLookedAt = await importBatch(run, batch);
  if (failure) throw failure.error;
  return { ...run.counts, errors: run.errors, complete: complete && allLookedAt };
}

function hasFailedTooOften({ counts, options }: ImportRun): boolean {
  return counts.failed >= options.maxErrors;
}

/** A batch ends with the faulty row that is one error too many, so that no row after it is looked at. */
function isWhole({ counts, options }: ImportRun, batch: readonly Row[]): boolean {
  const last = batch.at(-1);
  if (batch.length === BATCH || last === undefined) return last !== undefined;
  return isFaulty(last) && counts.failed + batch.filter(isFaulty).length >= options.maxErrors;
}

async function newestSchema({ schemas, tenantId }: ImportRun): Promise<CompiledSchema> {
  const schema = await schemas.newest(tenantId);
  if (!schema) throw new SchemaNotDefinedError();
  return schema;
}

/** Answers whether every row was looked at, rather than the import ended by its errors. */
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
  for (const row of rows) {
    all = !hasFailedTooOften(run);
    if (!all) break;
    if (isFaulty(row)) addError(run, row.line, 'malformed_request', row.fault);
    else if (createdAll) counts.created += 1;
    else await importRow(run, row);
    counts.rows += 1;
    counts.lastLine = row.line;
  }
  return all;
}

/** Answers false if not all rows can be created at once: one is refused, or may mean a profile that exists. */
async function createAll(
  { options, profiles, tenantId, context }: ImportRun,
  rows: readonly ReadableRow[],
): Promise<boolean> {
  const { idKey, maySetSegment } = options;
  if (idKey !== undefined || (!maySetSegment && rows.some(hasSegment))) return false;
  try {
    await profiles.createMany(tenantId, rows.map(inputOf), context);
    return true;
  } catch (error) {
    if (isFaultOfRow(error)) return false;
    throw error;
  }
}

async function importRow(run: ImportRun, row: ReadableRow): Promise<void> {
  try {
    if (hasSegment(row) && !run.options.maySetSegment)
      throw new NotAllowedError('The row sets a segment (`_segment`), which this caller may not do. Leave it out.');
    const outcome = await retry(() => createOrReplace(run, row));
    run.counts[outcome] += 1;
  } catch (error) {
    if (!isFaultOfRow(error)) throw error;
    const { violations } = error as Partial<InvalidProfileError>;
    addError(run, row.line, error.code, error.message, violations);
  }
}

/** Answers `undefined` if the profile that the row found was gone before it could be replaced. */
async function createOrReplace(run: ImportRun, row: ReadableRow): Promise<Outcome | undefined> {
  const { profiles, tenantId, options } = run;
  const found = row.customerId === undefined ? await findByKey(run, row) : undefined;
  if (found !== undefined) return meetExisting(run, found, row);
  try {
    const { customerId, members } = row;
    await profiles.create(tenantId, { customerId, members }, contextOf(run, row));
    return 'created';
  } catch (error) {
    const exists = isDossierError(error) && error.code === 'already_exists' && row.customerId !== undefined;
    if (exists && options.existing !== 'refuse') return meetExisting(run, row.customerId, row);
    throw error;
  }
}

async function meetExisting(run: ImportRun, customerId: string, row: ReadableRow): Promise<Outcome | undefined> {
  const { existing = 'skip' } = run.options;
  if (existing === 'refuse')
    throw new AlreadyExistsError(
      "The profile of this row exists already. Import with `existing: 'skip'` or `'replace'` to accept such rows.",
    );
  if (existing === 'skip') return 'skipped';
  const { members } = row;
  try {
    await run.profiles.replace(run.tenantId, customerId, { members }, contextOf(run, row));
    return 'replaced';
  } catch (error) {
    if (isDossierError(error) && error.code === 'not_found') return undefined;
    throw error;
  }
}

function contextOf({ context }: ImportRun, { segment = context.segment }: ReadableRow): ChangeContext {
  return { ...context, segment };
}

/** The profile that a row means by the identification key; `undefined` where it lacks one of the key's attributes. */
async function findByKey(run: ImportRun, { members }: ReadableRow): Promise<string | undefined> {
  const { idKey } = run.options;
  if (idKey === undefined) return undefined;
  const values = keyValuesOf(await newestSchema(run), idKey, members);
  if (!values) return undefined;
  const { items } = await run.profiles.identify(run.tenantId, { key: idKey, values, limit: 2, fresh: true });
  if (items.length > 1)
    throw new AlreadyExistsError(
      'Several profiles match this row by the identification key. Give the row a customer_id.',
    );
  return items[0]?.customerId;
}

function addError(
  { counts, errors, options }: ImportRun,
  line: number,
  code: string,
  detail: string,
  violations?: readonly Violation[],
): void {
  counts.failed += 1;
  if (errors.length >= options.maxErrors) return;
  errors.push({ line, code, detail, ...(violations && { violations }) });
}

/** @throws MalformedRequestError for what no reader of rows yields */
function checkRow(row: ImportRow): ImportRow {
  if (isPlainObject(row) && Number.isSafeInteger(row.line)) return row;
  throw new MalformedRequestError(
    'Each row must be an object with an integer `line`, and with `members`, `cells` or `fault`.',
  );
}

function readRow(schema: CompiledSchema, row: ImportRow): Row {
  // Whoever makes the rows may use one object for all of them.
  return 'cells' in row ? { line: row.line, ...membersOfRow(schema, row.cells) } : copyInput(row);
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

function inputOf({ customerId, segment, members }: ReadableRow): CreateManyInput {
  return { customerId, segment, members };
}

const FAULTS_OF_ROWS: ReadonlySet<string> = new Set([
  'already_exists',
  'identity_taken',
  'invalid_profile',
  'malformed_request',
  'not_allowed',
  'precondition_required',
  'too_large',
]);

function isFaultOfRow(error: unknown): error is DossierError {
  return isDossierError(error) && FAULTS_OF_ROWS.has(error.code);
}

/** By the names that identification takes; the first value where there are several. */
function keyValuesOf(schema: CompiledSchema, idKey: string, members: RowMembers['members']): CriteriaInput | undefined {
  const key = keyNamed(schema, idKey);
  const source = key.extension ? first(memberOf(members, key.extension.name)) : members;
  if (!isPlainObject(source)) return undefined;
  const values = key.attributes.map(({ name }) => [name, first(memberOf(source, name))] as const);
  if (values.some(([, value]) => value === undefined || value === null)) return undefined;
  const prefix = key.extension ? `${key.extension.name}.` : '';
  return Object.fromEntries(values.map(([name, value]) => [prefix + name, value]));
}

function memberOf(members: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.entries(members).find(([member]) => foldName(member) === foldName(name))?.[1];
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}
