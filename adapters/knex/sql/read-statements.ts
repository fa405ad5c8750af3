import { statement } from './statement.js';
import type { ProfileQuery, ReadStatements, RowReads } from './statements.js';
import type { Tables } from './tables.js';

const PROFILE = 'p.id, p.revision, p.segment, p.attributes, p.created_at, p.updated_at';
const WITH_EXTENSIONS = `${PROFILE}, p.extensions`;

/** A page is full when its documents have this many bytes; their number is bounded by the limit. */
export const PAGE_BYTES = 8 * 1024 * 1024;

/** How a dialect writes what differs between the queries. */
export interface Expressions {
  /** The bytes of hexadecimal digits. */
  toBytes(digits: string): string;
  /** The number of bytes of a text, without reading the text where the database can tell. */
  byteLength(text: string): string;
  /** The greatest number of rows. Default `:limit`. */
  readonly limit?: string;
  /** For `loadMany`: a join, possibly none, and the expression that an id equals if it is one of `:ids`. */
  readonly ids?: { readonly join: string; readonly item: string };
}

/** The query for profiles with the columns `p.…` that `text` selects, of which the documents are `documents`. */
export function profileQuery(text: (columns: string, documents: readonly string[]) => string): ProfileQuery {
  return {
    withoutExtensions: statement(text(PROFILE, ['attributes'])),
    withExtensions: statement(text(WITH_EXTENSIONS, ['attributes', 'extensions'])),
  };
}

/**
 * The ids of a page that is bounded by the bytes of its documents: of the rows that `rows` selects with an `id`, in order
 * and up to the limit, those before which there is room. The first is always one of them.
 *
 * @param rows with the bytes of a row's documents, as `size`
 */
export function idsWithinBytes(rows: string): string {
  return `SELECT w.id FROM (
      SELECT r.id, SUM(r.size) OVER (ORDER BY r.id ROWS UNBOUNDED PRECEDING) - r.size AS size_before FROM (${rows}) r
    ) w WHERE w.size_before < ${PAGE_BYTES}`;
}

/** The bytes of documents of a table. */
export function sizeOf(table: string, documents: readonly string[], { byteLength }: Expressions): string {
  return documents.map((document) => byteLength(`${table}.${document}`)).join(' + ');
}

export function readStatements(tables: Tables, expressions: Expressions): ReadStatements {
  const { profiles, keys, schemas, migrations } = tables;
  const { toBytes, limit = ':limit' } = expressions;
  return {
    ...rowReads(tables, expressions),
    // The limit applies in order, but the rows come in any order: sorting whole documents is expensive.
    find: profileQuery(
      (columns, documents) => `
      SELECT s.version, ${columns}
      FROM ${schemas} s
      LEFT JOIN (${idsWithinBytes(`
        SELECT q.id, ${sizeOf('q', documents, expressions)} AS size
        FROM ${keys} k JOIN ${profiles} q ON q.tenant = k.tenant AND q.id = k.id
        WHERE k.tenant = :tenant AND k.key_name = :key AND k.digest = ${toBytes(':digest')} AND k.plain_id > :after
        ORDER BY k.plain_id LIMIT ${limit}`)}
      ) f ON 1 = 1
      LEFT JOIN ${profiles} p ON p.tenant = s.tenant AND p.id = f.id
      WHERE s.tenant = :tenant`,
    ),
    // At most one profile has the entry: no order, no limit.
    findUnique: profileQuery(
      (columns) => `
      SELECT s.version, ${columns}
      FROM ${schemas} s
      LEFT JOIN ${keys} k
        ON k.tenant = s.tenant AND k.key_name = :key AND k.digest = ${toBytes(':digest')} AND k.plain_id = ''
        AND k.id > :after
      LEFT JOIN ${profiles} p ON p.tenant = k.tenant AND p.id = k.id
      WHERE s.tenant = :tenant`,
    ),
    ping: statement(`
      SELECT m.name, m.breaking FROM ${migrations} m
      WHERE NOT EXISTS (SELECT 1 FROM ${profiles} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${keys} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${schemas} WHERE 1 = 0)`),
  };
}

/** @param lock the clause that locks the rows of the tables with these aliases; by default none */
export function rowReads(
  { profiles, schemas }: Tables,
  expressions: Expressions,
  lock: (...aliases: readonly string[]) => string = () => '',
): RowReads {
  const { limit = ':limit', ids } = expressions;
  const size = sizeOf('q', ['attributes', 'extensions'], expressions);
  // The join starts from the schema, without which a tenant has no profiles: one snapshot holds both.
  const load = ({ join, item } = { join: '', item: ':id' }) =>
    profileQuery(
      (columns) => `
      SELECT s.version, ${columns}
      FROM ${schemas} s ${join} LEFT JOIN ${profiles} p ON p.tenant = s.tenant AND p.id = ${item}
      WHERE s.tenant = :tenant ${lock('s', 'p')}`,
    );

  return {
    load: load(),
    loadMany: ids && load(ids),
    page: statement(`
      SELECT NULL, ${WITH_EXTENSIONS} FROM (${idsWithinBytes(`
        SELECT q.id, ${size} AS size FROM ${profiles} q
        WHERE q.tenant = :tenant AND q.id > :after ORDER BY q.id LIMIT ${limit} ${lock('q')}`)}
      ) f JOIN ${profiles} p ON p.tenant = :tenant AND p.id = f.id ORDER BY p.id ${lock('p')}`),
    loadSchema: statement(`SELECT s.version, s.document FROM ${schemas} s WHERE s.tenant = :tenant ${lock('s')}`),
  };
}
