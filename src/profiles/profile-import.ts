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

/**
 * Brings rows in, in batches, so that memory stays flat however many there are. A batch is one change where all its rows
 * can be created; where one cannot, the rows are taken one by one, each a change of its own.
 */
export class ProfileImport {
  readonly #services: ImportServices;
  readonly #tenantId: string;
  readonly #context: ChangeContext;
  readonly #options: ImportOptions & { readonly maxErrors: number; readonly maySetSegment: boolean };
  readonly #counts = { rows: 0, created: 0, replaced: 0, skipped: 0, failed: 0, lastLine: 0 };
  readonly #errors: ImportError[] = [];

  /** @throws MalformedRequestError for options of the wrong form */
  constructor(services: ImportServices, tenantId: string, options: ImportOptions, context: ChangeContext) {
    this.#services = services;
    this.#tenantId = tenantId;
    this.#context = context;
    checkImportOptions(options);
    const { maxErrors = 100, maySetSegment = true } = options;
    this.#options = { ...options, maxErrors, maySetSegment };
  }

  /**
   * @throws SchemaNotDefinedError if the tenant has no schema (R15)
   * @throws NotFoundError if there is no such identification key, before any row is brought in
   * @throws what the source of the rows throws, once those that came before are brought in
   */
  async run(rows: AsyncIterable<ImportRow> | Iterable<ImportRow>): Promise<ImportResult> {
    const { startFrom = 1, signal, idKey } = this.#options;
    let schema = await this.#newestSchema();
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
      if (signal?.aborted || this.#failedTooOften) {
        complete = false;
        break;
      }
      const read = readRow(schema, row);
      batch.push(read);
      size += rowSize(read);
      if (size < BATCH_SIZE && !this.#isWhole(batch)) continue;
      complete = await this.#bringIn(batch);
      batch = [];
      size = 0;
      schema = await this.#newestSchema();
    }
    const allLookedAt = await this.#bringIn(batch);
    if (failure) throw failure.error;
    return { ...this.#counts, errors: this.#errors, complete: complete && allLookedAt };
  }

  get #failedTooOften(): boolean {
    return this.#counts.failed >= this.#options.maxErrors;
  }

  /** A batch ends with a faulty row that is one error too many, so that no row after it is looked at. */
  #isWhole(batch: readonly Row[]): boolean {
    const last = batch.at(-1);
    if (batch.length === BATCH || last === undefined) return last !== undefined;
    return isFaulty(last) && this.#counts.failed + batch.filter(isFaulty).length >= this.#options.maxErrors;
  }

  async #newestSchema(): Promise<CompiledSchema> {
    const schema = await this.#services.schemas.newest(this.#tenantId);
    if (!schema) throw new SchemaNotDefinedError();
    return schema;
  }

  /** Answers whether every row was looked at, rather than the import ended by its errors. */
  async #bringIn(rows: readonly Row[]): Promise<boolean> {
    if (rows.length === 0) return true;
    const createdAll = await this.#createAll(rows.filter(isReadable));
    let all = true;
    for (const row of rows) {
      all = !this.#failedTooOften;
      if (!all) break;
      if (isFaulty(row)) this.#fail(row.line, 'malformed_request', row.fault);
      else if (createdAll) this.#counts.created += 1;
      else await this.#bringInOne(row);
      this.#counts.rows += 1;
      this.#counts.lastLine = row.line;
    }
    this.#options.onProgress?.({ ...this.#counts });
    return all;
  }

  /** Answers false if that cannot be: where one of the rows stands in the way, or may mean a profile that exists. */
  async #createAll(rows: readonly ReadableRow[]): Promise<boolean> {
    const { idKey, maySetSegment } = this.#options;
    if (idKey !== undefined || (!maySetSegment && rows.some(hasSegment))) return false;
    try {
      await this.#services.profiles.createMany(this.#tenantId, rows.map(inputOf), this.#context);
      return true;
    } catch (error) {
      if (isFaultOfRow(error)) return false;
      throw error;
    }
  }

  async #bringInOne(row: ReadableRow): Promise<void> {
    try {
      if (hasSegment(row) && !this.#options.maySetSegment) throw new NotAllowedError('A row may not set the segment.');
      let outcome = await this.#decide(row);
      while (outcome === undefined) outcome = await this.#decide(row);
      this.#counts[outcome] += 1;
    } catch (error) {
      if (!isFaultOfRow(error)) throw error;
      const { violations } = error as Partial<InvalidProfileError>;
      this.#fail(row.line, error.code, error.message, violations);
    }
  }

  /** Answers `undefined` if the profile that the row has found was gone before it could be replaced. */
  async #decide(row: ReadableRow): Promise<Outcome | undefined> {
    const { profiles } = this.#services;
    const found = row.customerId === undefined ? await this.#findByKey(row) : undefined;
    if (found !== undefined) return this.#meetExisting(found, row);
    try {
      const { customerId, members } = row;
      await profiles.create(this.#tenantId, { customerId, members }, this.#contextOf(row));
      return 'created';
    } catch (error) {
      const exists = isDossierError(error) && error.code === 'already_exists' && row.customerId !== undefined;
      if (exists && this.#options.existing !== 'refuse') return this.#meetExisting(row.customerId, row);
      throw error;
    }
  }

  async #meetExisting(customerId: string, row: ReadableRow): Promise<Outcome | undefined> {
    const { existing = 'skip' } = this.#options;
    if (existing === 'refuse') throw new AlreadyExistsError('A profile that this row finds exists already.');
    if (existing === 'skip') return 'skipped';
    const { members } = row;
    try {
      await this.#services.profiles.replace(this.#tenantId, customerId, { members }, this.#contextOf(row));
      return 'replaced';
    } catch (error) {
      if (isDossierError(error) && error.code === 'not_found') return undefined;
      throw error;
    }
  }

  #contextOf({ segment = this.#context.segment }: ReadableRow): ChangeContext {
    return { ...this.#context, segment };
  }

  /** The profile that a row means by the identification key; `undefined` where it lacks one of the key's attributes. */
  async #findByKey({ members }: ReadableRow): Promise<string | undefined> {
    const { idKey } = this.#options;
    if (idKey === undefined) return undefined;
    const values = keyValuesOf(await this.#newestSchema(), idKey, members);
    if (!values) return undefined;
    const { items } = await this.#services.profiles.identify(this.#tenantId, {
      key: idKey,
      values,
      limit: 2,
      fresh: true,
    });
    if (items.length > 1) throw new AlreadyExistsError('Several profiles have the values of this row for the key.');
    return items[0]?.customerId;
  }

  #fail(line: number, code: string, detail: string, violations?: readonly Violation[]): void {
    this.#counts.failed += 1;
    if (this.#errors.length >= this.#options.maxErrors) return;
    this.#errors.push({ line, code, detail, ...(violations && { violations }) });
  }
}

/** @throws MalformedRequestError for what no reader of rows yields */
function checkRow(row: ImportRow): ImportRow {
  if (isPlainObject(row) && Number.isSafeInteger(row.line)) return row;
  throw new MalformedRequestError('A row is an object with its line, and with members, cells or a fault.');
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
