import { statement } from './statement.js';
import type { CurrentReads, ReadStatements } from './statements.js';
import type { Tables } from './tables.js';

/** What is answered of a profile, and what more with extensions. */
export const PROFILE = 'p.id, p.revision, p.segment, p.attributes, p.created_at, p.updated_at';
export const EXTENSIONS = ', p.extensions';

/** How a dialect writes what the statements that read have in common. */
export interface Expressions {
  /** The bytes of hexadecimal digits. */
  toBytes(digits: string): string;
  /** The most rows to answer. Default `:limit`. */
  readonly limit?: string;
  /** A join, possibly none, and what an id must be equal to, to be one of `:ids`. Absent where loads are not joined. */
  readonly ids?: { readonly join: string; readonly item: string };
  /** Has a statement read what is there now, and lock it. Given where a transaction otherwise reads an older state. */
  readonly lock?: string;
}

/** The statements that read. */
export function readStatements(tables: Tables, expressions: Expressions): ReadStatements {
  const { profiles, keys, schemas, migrations } = tables;
  const { toBytes, limit = ':limit', lock } = expressions;

  // The page is cut in order, but its rows come in any: sorting whole documents is dear.
  const find = (more: string) =>
    statement(`
      SELECT s.version, ${PROFILE}${more}
      FROM ${schemas} s
      LEFT JOIN (
        SELECT k.tenant, k.id FROM ${keys} k
        WHERE k.tenant = :tenant AND k.key_name = :key AND k.digest = ${toBytes(':digest')} AND k.plain_id > :after
        ORDER BY k.plain_id LIMIT ${limit}
      ) f ON 1 = 1
      LEFT JOIN ${profiles} p ON p.tenant = f.tenant AND p.id = f.id
      WHERE s.tenant = :tenant`);

  // At most one profile has the entry, so there is nothing to put into order or to cut.
  const findUnique = (more: string) =>
    statement(`
      SELECT s.version, ${PROFILE}${more}
      FROM ${schemas} s
      LEFT JOIN ${keys} k
        ON k.tenant = s.tenant AND k.key_name = :key AND k.digest = ${toBytes(':digest')} AND k.plain_id = ''
        AND k.id > :after
      LEFT JOIN ${profiles} p ON p.tenant = k.tenant AND p.id = k.id
      WHERE s.tenant = :tenant`);

  return {
    ...readsOfRows(tables, expressions, ''),
    current: lock === undefined ? undefined : readsOfRows(tables, expressions, lock),
    find: find(''),
    findWithExtensions: find(EXTENSIONS),
    findUnique: findUnique(''),
    findUniqueWithExtensions: findUnique(EXTENSIONS),
    ping: statement(`
      SELECT m.name, m.breaking FROM ${migrations} m
      WHERE NOT EXISTS (SELECT 1 FROM ${profiles} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${keys} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${schemas} WHERE 1 = 0)`),
  };
}

function readsOfRows(
  { profiles, schemas }: Tables,
  { limit = ':limit', ids }: Expressions,
  lock: string,
): CurrentReads {
  // Beginning with the schema, without which a tenant has no profiles, both are read at one instant.
  const load = (more: string, { join, item } = { join: '', item: ':id' }) =>
    statement(`
      SELECT s.version, ${PROFILE}${more}
      FROM ${schemas} s ${join} LEFT JOIN ${profiles} p ON p.tenant = s.tenant AND p.id = ${item}
      WHERE s.tenant = :tenant ${lock}`);

  return {
    load: load(''),
    loadWithExtensions: load(EXTENSIONS),
    loadMany: ids && load('', ids),
    loadManyWithExtensions: ids && load(EXTENSIONS, ids),
    page: statement(`
      SELECT NULL, ${PROFILE}${EXTENSIONS} FROM ${profiles} p
      WHERE p.tenant = :tenant AND p.id > :after ORDER BY p.id LIMIT ${limit} ${lock}`),
    loadSchema: statement(`SELECT s.version, s.document FROM ${schemas} s WHERE s.tenant = :tenant ${lock}`),
  };
}
