import { lineageReads } from './erasure-statements.js';
import { type Statement, statement } from './statement.js';
import type { FeedReads, HistoryReads, ProfileQuery, ReadStatements, RowReads, SearchQuery } from './statements.js';
import type { Tables } from './tables.js';

/**
 * The most bytes that the documents of a page have, unless one alone has more; their number is bounded by the limit. Values of
 * a few characters take twenty times as many bytes in memory.
 */
export const PAGE_BYTES = 1024 * 1024;

const DOCUMENTS = ['attributes', 'residual'];
const ALL_DOCUMENTS = [...DOCUMENTS, 'extensions'];

/** How a dialect writes what differs between the queries. */
export interface Expressions {
  /** The bytes of hexadecimal digits. */
  toBytes(digits: string): string;
  /** The number of bytes of a text, without reading the text where the database can tell. */
  byteLength(text: string): string;
  /** The greatest number of rows. Default `:limit`. */
  readonly limit?: string;
  /** A join that reads the left table first, where the planner might begin with all rows of the other. Default `JOIN`. */
  readonly joinInOrder?: string;
  /** For `loadMany`: a join, possibly none, and the expression that an id equals if it is one of `:ids`. */
  readonly ids?: { readonly join: string; readonly item: string };
}

/** The columns of a profile. A document that is not read is `NULL` under its name, which some drivers key rows by. */
function profileColumns(alias: string, documents: readonly string[]): string {
  const columns = ['id', 'revision', 'segment', 'attributes', 'created_at', 'updated_at', 'residual'];
  const isRead = (column: string) => !DOCUMENTS.includes(column) || documents.includes(column);
  const read = columns.map((column) => (isRead(column) ? `${alias}.${column}` : `NULL AS ${column}`));
  return [...read, ...(documents.includes('extensions') ? [`${alias}.extensions`] : [])].join(', ');
}

/** The columns of a state of a profile. */
function stateColumns(alias: string): string {
  const metadata = ['operation', 'actor', 'reason', 'counterpart', 'deleted'].map((column) => `${alias}.${column}`);
  return [profileColumns(alias, ALL_DOCUMENTS), ...metadata].join(', ');
}

/** A query for profiles, by the columns `p.…` and the documents among them. */
type QueryText = (columns: string, documents: readonly string[]) => string;

function reading(documents: readonly string[], text: QueryText): Statement {
  return statement(text(profileColumns('p', documents), documents));
}

function profileQuery(text: QueryText): ProfileQuery {
  return { withoutExtensions: reading(DOCUMENTS, text), withExtensions: reading(ALL_DOCUMENTS, text) };
}

function searchQuery(text: QueryText): SearchQuery {
  return { ...profileQuery(text), withoutDocuments: reading([], text) };
}

/**
 * Selects the keys of the rows that fit in a page, whose documents together have a bounded number of bytes. A page has at
 * least its first row. `available` is the number of rows that there are, up to one more than the limit.
 *
 * @param key the column that orders the rows
 * @param rows a query for one row more than the limit, with the key, and the bytes of the row's documents as `size`
 */
function withinBytes(key: 'id' | 'revision DESC', rows: string, { limit = ':limit' }: Expressions): string {
  const [column] = key.split(' ');
  return `SELECT w.${column}, w.available FROM (
      SELECT r.${column}, COUNT(*) OVER () AS available, ROW_NUMBER() OVER (ORDER BY r.${key}) AS place,
        SUM(r.size) OVER (ORDER BY r.${key} ROWS UNBOUNDED PRECEDING) AS total
      FROM (${rows}) r
    ) w WHERE w.place < ${limit} AND (w.place = 1 OR w.total <= ${PAGE_BYTES})`;
}

/** The bytes of documents of a table. */
function sizeOf(table: string, documents: readonly string[], { byteLength }: Expressions): string {
  return ['0', ...documents.map((document) => `COALESCE(${byteLength(`${table}.${document}`)}, 0)`)].join(' + ');
}

/** Deletions, which are rows as well, are no profiles. */
export function isPresent(alias: string): string {
  return `${alias}.deleted = 0`;
}

export function readStatements(tables: Tables, expressions: Expressions): Omit<ReadStatements, keyof FeedReads> {
  const { profiles, keys, schemas, history, pending, changes, counters, erasures, serverMode, migrations } = tables;
  const { toBytes, limit = ':limit', joinInOrder = 'JOIN' } = expressions;
  return {
    ...rowReads(tables, expressions),
    ...historyReads(tables, expressions),
    // The limit applies in order, but the rows come in any order: sorting whole documents is expensive.
    find: searchQuery(
      (columns, documents) => `
      SELECT s.version, f.available, ${columns}
      FROM ${schemas} s
      LEFT JOIN (${withinBytes(
        'id',
        `SELECT q.id, ${sizeOf('q', documents, expressions)} AS size
        FROM ${keys} k ${joinInOrder} ${profiles} q ON q.tenant = k.tenant AND q.id = k.id AND ${isPresent('q')}
        WHERE k.tenant = :tenant AND k.key_name = :key AND k.digest = ${toBytes(':digest')} AND k.plain_id > :after
        ORDER BY k.plain_id LIMIT ${limit}`,
        expressions,
      )}
      ) f ON 1 = 1
      LEFT JOIN ${profiles} p ON p.tenant = s.tenant AND p.id = f.id
      WHERE s.tenant = :tenant`,
    ),
    // At most one profile has the entry: no order, no limit.
    findUnique: searchQuery(
      (columns) => `
      SELECT s.version, 1 AS available, ${columns}
      FROM ${schemas} s
      LEFT JOIN ${keys} k
        ON k.tenant = s.tenant AND k.key_name = :key AND k.digest = ${toBytes(':digest')} AND k.plain_id = ''
        AND k.id > :after
      LEFT JOIN ${profiles} p ON p.tenant = k.tenant AND p.id = k.id AND ${isPresent('p')}
      WHERE s.tenant = :tenant`,
    ),
    loadServerMode: statement(`SELECT m.mode FROM ${serverMode} m`),
    ping: statement(`
      SELECT m.name, m.breaking FROM ${migrations} m
      WHERE NOT EXISTS (SELECT 1 FROM ${profiles} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${keys} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${schemas} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${history} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${pending} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${changes} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${counters} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${erasures} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${serverMode} WHERE 1 = 0)`),
  };
}

/** @param lock the clause that locks the rows of the tables with these aliases; by default none */
export function rowReads(
  tables: Tables,
  expressions: Expressions,
  lock: (...aliases: readonly string[]) => string = () => '',
): RowReads {
  const { profiles, schemas } = tables;
  const { limit = ':limit', ids } = expressions;
  const size = sizeOf('q', ALL_DOCUMENTS, expressions);
  // The join starts from the schema, without which a tenant has no profiles: one snapshot holds both.
  const load = ({ join, item } = { join: '', item: ':id' }) =>
    profileQuery(
      (columns) => `
      SELECT s.version, ${columns}
      FROM ${schemas} s ${join} LEFT JOIN ${profiles} p ON p.tenant = s.tenant AND p.id = ${item} AND ${isPresent('p')}
      WHERE s.tenant = :tenant ${lock('s', 'p')}`,
    );

  return {
    ...lineageReads(tables, lock),
    load: load(),
    loadMany: ids && load(ids),
    page: statement(`
      SELECT NULL AS version, f.available, ${profileColumns('p', ALL_DOCUMENTS)} FROM (${withinBytes(
        'id',
        `SELECT q.id, ${size} AS size FROM ${profiles} q
        WHERE q.tenant = :tenant AND q.id > :after AND ${isPresent('q')} ORDER BY q.id LIMIT ${limit} ${lock('q')}`,
        expressions,
      )}
      ) f JOIN ${profiles} p ON p.tenant = :tenant AND p.id = f.id ORDER BY p.id ${lock('p')}`),
    loadSchema: statement(`SELECT s.version, s.document FROM ${schemas} s WHERE s.tenant = :tenant ${lock('s')}`),
  };
}

function historyReads({ profiles, schemas, history }: Tables, expressions: Expressions): HistoryReads {
  const { limit = ':limit' } = expressions;
  const sizes = (table: string) => `
    SELECT q.revision, ${sizeOf('q', ALL_DOCUMENTS, expressions)} AS size FROM ${table} q
    WHERE q.tenant = :tenant AND q.id = :id AND q.revision < :before`;
  const states = (table: string) => `
    SELECT f.available, ${stateColumns('q')} FROM f JOIN ${table} q ON q.tenant = :tenant AND q.id = :id AND q.revision = f.revision`;
  return {
    history: statement(`
      WITH f AS (${withinBytes(
        'revision DESC',
        `SELECT b.revision, b.size FROM (${sizes(profiles)}
          UNION ALL SELECT n.revision, n.size FROM (${sizes(history)} ORDER BY q.revision DESC LIMIT ${limit}) n
        ) b ORDER BY b.revision DESC LIMIT ${limit}`,
        expressions,
      )})
      SELECT s.version, u.available, ${stateColumns('u')}
      FROM ${schemas} s LEFT JOIN (${states(profiles)} UNION ALL ${states(history)}) u ON 1 = 1
      WHERE s.tenant = :tenant`),
    formerIds: statement(`
      SELECT DISTINCT h.id FROM ${history} h WHERE h.tenant = :tenant AND h.id > :after ORDER BY h.id LIMIT ${limit}`),
    excludedStates: statement(`
      SELECT n.id, n.revision FROM (
        SELECT h.id, h.revision, h.replaced_at,
          ROW_NUMBER() OVER (PARTITION BY h.id ORDER BY h.revision DESC) AS place
        FROM ${history} h WHERE h.tenant = :tenant AND h.id >= :from AND h.id <= :to
      ) n
      WHERE (n.place > :keep OR n.replaced_at < :before) AND (n.id > :from OR n.revision < :revision)
      ORDER BY n.id, n.revision DESC LIMIT ${limit}`),
  };
}
