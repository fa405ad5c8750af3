import { statement } from './statement.js';
import type { ProfileQuery, ReadStatements, RowReads } from './statements.js';
import type { Tables } from './tables.js';

const PROFILE = 'p.id, p.revision, p.segment, p.attributes, p.created_at, p.updated_at';
const WITH_EXTENSIONS = `${PROFILE}, p.extensions`;

/** How a dialect writes what differs between the queries. */
export interface Expressions {
  /** The bytes of hexadecimal digits. */
  toBytes(digits: string): string;
  /** The greatest number of rows. Default `:limit`. */
  readonly limit?: string;
  /** For `loadMany`: a join, possibly none, and the expression that an id equals if it is one of `:ids`. */
  readonly ids?: { readonly join: string; readonly item: string };
}

/** The query for profiles with the columns `p.…` that `text` selects. */
export function profileQuery(text: (columns: string) => string): ProfileQuery {
  return { withoutExtensions: statement(text(PROFILE)), withExtensions: statement(text(WITH_EXTENSIONS)) };
}

export function readStatements(tables: Tables, expressions: Expressions): ReadStatements {
  const { profiles, keys, schemas, migrations } = tables;
  const { toBytes, limit = ':limit' } = expressions;
  return {
    ...rowReads(tables, expressions),
    // The limit applies in order, but the rows come in any order: sorting whole documents is expensive.
    find: profileQuery(
      (columns) => `
      SELECT s.version, ${columns}
      FROM ${schemas} s
      LEFT JOIN (
        SELECT k.tenant, k.id FROM ${keys} k
        WHERE k.tenant = :tenant AND k.key_name = :key AND k.digest = ${toBytes(':digest')} AND k.plain_id > :after
        ORDER BY k.plain_id LIMIT ${limit}
      ) f ON 1 = 1
      LEFT JOIN ${profiles} p ON p.tenant = f.tenant AND p.id = f.id
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
  { limit = ':limit', ids }: Expressions,
  lock: (...aliases: readonly string[]) => string = () => '',
): RowReads {
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
      SELECT NULL, ${WITH_EXTENSIONS} FROM ${profiles} p
      WHERE p.tenant = :tenant AND p.id > :after ORDER BY p.id LIMIT ${limit} ${lock('p')}`),
    loadSchema: statement(`SELECT s.version, s.document FROM ${schemas} s WHERE s.tenant = :tenant ${lock('s')}`),
  };
}
