import { statement } from './statement.js';
import type { ReadStatements } from './statements.js';
import type { Tables } from './tables.js';

/** What is answered of a profile, and what more with extensions. */
export const PROFILE = 'p.id, p.revision, p.segment, p.attributes, p.created_at AS created, p.updated_at AS updated';
export const EXTENSIONS = ', p.extensions';

/**
 * The statements that read.
 *
 * The columns answered are single lower-case words, which survive a host's `postProcessResponse` that changes the case
 * of names.
 *
 * @param toBytes the dialect's expression for the bytes of hexadecimal digits
 * @param limit the dialect's expression for the most rows to answer
 */
export function readStatements(tables: Tables, toBytes: (digest: string) => string, limit = ':limit'): ReadStatements {
  const { profiles, keys, schemas, migrations } = tables;

  // Beginning with one row of nothing, either part may be missing, and both are read at one instant.
  const load = (more: string) =>
    statement(`
      SELECT s.version, ${PROFILE}${more}
      FROM (SELECT 1 AS one) o
      LEFT JOIN ${schemas} s ON s.tenant = :tenant
      LEFT JOIN ${profiles} p ON p.tenant = :tenant AND p.id = :id`);

  // The page is cut in order, but its rows come in any: sorting whole documents is dear.
  const find = (more: string) =>
    statement(`
      SELECT s.version, ${PROFILE}${more}
      FROM (SELECT 1 AS one) o
      LEFT JOIN ${schemas} s ON s.tenant = :tenant
      LEFT JOIN (
        SELECT k.tenant, k.id FROM ${keys} k
        WHERE k.tenant = :tenant AND k.key_name = :key AND k.digest = ${toBytes(':digest')} AND k.id > :after
        ORDER BY k.id LIMIT ${limit}
      ) f ON 1 = 1
      LEFT JOIN ${profiles} p ON p.tenant = f.tenant AND p.id = f.id`);

  return {
    load: load(''),
    loadWithExtensions: load(EXTENSIONS),
    find: find(''),
    findWithExtensions: find(EXTENSIONS),
    page: statement(`
      SELECT ${PROFILE}${EXTENSIONS} FROM ${profiles} p
      WHERE p.tenant = :tenant AND p.id > :after ORDER BY p.id LIMIT ${limit}`),
    loadSchema: statement(`SELECT s.version, s.document FROM ${schemas} s WHERE s.tenant = :tenant`),
    ping: statement(`
      SELECT m.name, m.breaking FROM ${migrations} m
      WHERE NOT EXISTS (SELECT 1 FROM ${profiles} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${keys} WHERE 1 = 0)
        AND NOT EXISTS (SELECT 1 FROM ${schemas} WHERE 1 = 0)`),
  };
}
