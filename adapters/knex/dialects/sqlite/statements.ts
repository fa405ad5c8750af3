import { readStatements } from '../../sql/read-statements.js';
import { statement } from '../../sql/statement.js';
import { ENTRY_COLUMNS, INSERT_COLUMNS, REVISION_COLUMNS, UPDATE_COLUMNS } from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
import type { Statements } from '../dialect.js';

/** SQLite's planner reads a bare parameter's value, and prepares the statement again whenever that changes. */
const LIMIT = '0 + :limit';

/** Batches run row by row: without a round trip, that is the fastest. */
export function statements(tables: Tables): Statements {
  const { profiles, keys, schemas } = tables;
  const bySchema = `EXISTS (SELECT 1 FROM ${schemas} s WHERE s.tenant = :tenant AND s.version = :version)`;
  const atRevision = 'tenant = :tenant AND id = :id AND revision = :revision AND created_at = :created';
  const updateProfile = `
    UPDATE ${profiles} SET revision = revision + 1, segment = COALESCE(:segment, segment), attributes = :attributes,
      extensions = COALESCE(:extensions, extensions), updated_at = :at
    WHERE ${atRevision} AND ${bySchema}`;

  return {
    ...readStatements(tables, {
      toBytes: (digits) => `unhex(${digits})`,
      byteLength: (text) => `octet_length(${text})`,
      limit: LIMIT,
    }),
    updateProfile: statement(updateProfile),
    insertProfiles: statement(
      `INSERT INTO ${profiles} (tenant, id, revision, segment, attributes, extensions, created_at, updated_at)
       SELECT :tenant, :id, 1, :segment, :attributes, :extensions, :at, :at WHERE ${bySchema}
       ON CONFLICT DO NOTHING`,
      INSERT_COLUMNS,
    ),
    updateProfiles: statement(updateProfile, UPDATE_COLUMNS),
    deleteProfiles: statement(`DELETE FROM ${profiles} WHERE ${atRevision} AND ${bySchema}`, REVISION_COLUMNS),
    lockProfiles: statement(`SELECT id FROM ${profiles} WHERE ${atRevision} AND ${bySchema}`, REVISION_COLUMNS),
    removeEntries: statement(
      `DELETE FROM ${keys} WHERE tenant = :tenant AND key_name = :key AND digest = unhex(:digest)
         AND plain_id = :plain AND id = :id`,
      ENTRY_COLUMNS,
    ),
    addEntries: statement(
      `INSERT INTO ${keys} (tenant, key_name, digest, plain_id, id)
       VALUES (:tenant, :key, unhex(:digest), :plain, :id) ON CONFLICT DO NOTHING`,
      ENTRY_COLUMNS,
    ),
    conflicts: statement(`
      SELECT s.version, NULL AS id, NULL AS revision, NULL AS created, NULL AS name, NULL AS digest
      FROM ${schemas} s WHERE s.tenant = :tenant
      UNION ALL SELECT NULL, p.id, p.revision, p.created_at, NULL, NULL
      FROM ${profiles} p WHERE p.tenant = :tenant AND p.id IN (SELECT value FROM json_each(:ids))
      UNION ALL SELECT NULL, k.id, NULL, NULL, k.key_name, lower(hex(k.digest))
      FROM ${keys} k WHERE k.tenant = :tenant AND k.plain_id = '' AND k.key_name IN (SELECT value FROM json_each(:keys))
        AND k.digest IN (SELECT unhex(value) FROM json_each(:digests))`),
    insertSchema: statement(`
      INSERT INTO ${schemas} (tenant, version, document) VALUES (:tenant, 1, :document) ON CONFLICT DO NOTHING`),
    updateSchema: statement(`
      UPDATE ${schemas} SET version = version + 1, document = :document WHERE tenant = :tenant AND version = :version`),
    dropEntries: statement(`
      DELETE FROM ${keys} WHERE (tenant, key_name, digest, plain_id) IN (
        SELECT tenant, key_name, digest, plain_id FROM ${keys} WHERE tenant = :tenant AND key_name = :key LIMIT ${LIMIT})`),
  };
}
