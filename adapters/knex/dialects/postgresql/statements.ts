import { readStatements } from '../../sql/read-statements.js';
import { type Statement, statement } from '../../sql/statement.js';
import type { Statements } from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
import { batchWrites, type WriteName } from './batch-writes.js';
import { combination } from './combined-commit.js';
import { SETTINGS } from './settings.js';

export function statements(tables: Tables): Statements {
  const { profiles, keys, schemas } = tables;
  // The lock keeps the schema as it is until the commit has taken place (R16). Where a schema change is under way, it
  // waits for it, and then sees the new version.
  const schemaRow = `SELECT 1 FROM ${schemas} WHERE tenant = :tenant AND version = :version`;
  const writes = batchWrites(tables);
  const batchStatement = (name: WriteName, gate: string) =>
    statement(`WITH s AS (${gate}) ${writes[name].text('s')}`, writes[name].columns);
  const ofProfiles = (name: WriteName) => batchStatement(name, `${schemaRow} FOR SHARE`);
  const ofEntries = (name: WriteName) => batchStatement(name, 'SELECT 1');
  const batchStatements: Record<WriteName, Statement> = {
    insertProfiles: ofProfiles('insertProfiles'),
    updateProfiles: ofProfiles('updateProfiles'),
    deleteProfiles: ofProfiles('deleteProfiles'),
    lockProfiles: ofProfiles('lockProfiles'),
    removeEntries: ofEntries('removeEntries'),
    addEntries: ofEntries('addEntries'),
  };

  return {
    ...readStatements(tables, {
      toBytes: (digits) => `decode(${digits}, 'hex')`,
      ids: { join: '', item: 'ANY (:ids::text[])' },
    }),
    ...batchStatements,
    settings: SETTINGS,
    // Where all transactions are serializable, one that has missed what others wrote fails.
    readsFormerState: statement(`
      SELECT CASE WHEN current_setting('transaction_isolation') LIKE 'read %' THEN 0
        WHEN current_setting('transaction_isolation') = 'serializable'
          AND current_setting('default_transaction_isolation') = 'serializable' THEN 0 ELSE 1 END`),
    updateProfile: statement(`
      UPDATE ${profiles} SET revision = revision + 1, segment = COALESCE(:segment, segment),
        attributes = :attributes, extensions = COALESCE(:extensions, extensions), updated_at = :at
      WHERE tenant = :tenant AND id = :id AND revision = :revision AND created_at = :created
        AND :version = (SELECT version FROM ${schemas} WHERE tenant = :tenant FOR SHARE)`),
    combine: combination(tables, schemaRow, writes, batchStatements),
    obstacles: statement(`
      SELECT s.version, NULL AS id, NULL::bigint AS revision, NULL AS created, NULL AS name, NULL AS digest
      FROM ${schemas} s WHERE s.tenant = :tenant
      UNION ALL SELECT NULL, p.id, p.revision, p.created_at, NULL, NULL
      FROM ${profiles} p WHERE p.tenant = :tenant AND p.id = ANY (:ids::text[])
      UNION ALL SELECT NULL, k.id, NULL, NULL, k.key_name, encode(k.digest, 'hex')
      FROM ${keys} k WHERE k.tenant = :tenant AND k.plain_id = '' AND k.key_name = ANY (:keys::text[])
        AND k.digest IN (SELECT decode(d, 'hex') FROM unnest(:digests::text[]) d)`),
    insertSchema: statement(`
      INSERT INTO ${schemas} (tenant, version, document) VALUES (:tenant, 1, :document) ON CONFLICT DO NOTHING`),
    updateSchema: statement(`
      UPDATE ${schemas} SET version = version + 1, document = :document WHERE tenant = :tenant AND version = :version`),
    // The lock skips entries that another call has just removed, so that a full batch is found while there is one.
    dropEntries: statement(`
      DELETE FROM ${keys} WHERE (tenant, key_name, digest, plain_id) IN (
        SELECT tenant, key_name, digest, plain_id FROM ${keys} WHERE tenant = :tenant AND key_name = :key
        LIMIT :limit FOR UPDATE)`),
  };
}
