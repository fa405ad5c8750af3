import type { Requirement } from '../../connections/requirements.js';
import { erasureWrites } from '../../sql/erasure-statements.js';
import { feedReads } from '../../sql/feed-statements.js';
import { type Expressions, readStatements } from '../../sql/read-statements.js';
import { type Statement, statement } from '../../sql/statement.js';
import type { Tables } from '../../sql/tables.js';
import type { Statements } from '../dialect.js';
import { batchWrites, type WriteName } from './batch-writes.js';
import { combinedCommit } from './combined-commit.js';
import { combinedReplacement } from './combined-replacement.js';
import { combinedReplacements } from './combined-replacements.js';
import { SETTINGS } from './settings.js';

/** Where all transactions are serializable, one that missed concurrent writes fails. */
const NEWEST_READS: Requirement = {
  unmet: statement(`
    SELECT CASE WHEN current_setting('transaction_isolation') LIKE 'read %' THEN 0
      WHEN current_setting('transaction_isolation') = 'serializable'
        AND current_setting('default_transaction_isolation') = 'serializable' THEN 0 ELSE 1 END`),
  message:
    'A schema cannot be changed in a transaction that reads from a snapshot. Begin it with the isolation level read committed.',
};

const EXPRESSIONS: Expressions = {
  toBytes: (digits) => `decode(${digits}, 'hex')`,
  byteLength: (text) => `octet_length(${text})`,
  ids: { join: '', item: 'ANY (:ids::text[])' },
};

export function statements(tables: Tables): Statements {
  const { profiles, keys, schemas, history, pending, changes, counters, serverMode } = tables;
  // The lock keeps the schema unchanged until the commit has taken effect (R16). While a schema change is in progress, it
  // waits, and then sees the new version.
  const schemaRow = `SELECT 1 FROM ${schemas} WHERE tenant = :tenant AND version = :version`;
  const writes = batchWrites(tables);
  const batchStatement = (name: WriteName, gate: string) =>
    statement(`WITH s AS (${gate}) ${writes[name].text('s')}`, writes[name].columns);
  const ofProfiles = (name: WriteName) => batchStatement(name, `${schemaRow} FOR SHARE`);
  const ofEntries = (name: WriteName) => batchStatement(name, 'SELECT 1');
  const batchStatements: Record<WriteName, Statement> = {
    insertProfiles: ofProfiles('insertProfiles'),
    keepStates: ofProfiles('keepStates'),
    updateProfiles: ofProfiles('updateProfiles'),
    deleteProfiles: ofProfiles('deleteProfiles'),
    lockProfiles: ofProfiles('lockProfiles'),
    removeEntries: ofEntries('removeEntries'),
    addEntries: ofEntries('addEntries'),
    dropStates: ofEntries('dropStates'),
    addLines: ofEntries('addLines'),
    numberLines: ofEntries('numberLines'),
    dropPendingLines: ofEntries('dropPendingLines'),
    dropLines: ofEntries('dropLines'),
    redactPendingLines: ofEntries('redactPendingLines'),
    redactLines: ofEntries('redactLines'),
    setCounters: ofEntries('setCounters'),
  };

  return {
    ...readStatements(tables, EXPRESSIONS),
    ...feedReads(tables, EXPRESSIONS),
    ...batchStatements,
    createCounters: statement(
      `INSERT INTO ${counters} (tenant, newest, overall, removed) VALUES ('', 0, 0, 0) ON CONFLICT DO NOTHING`,
    ),
    ...erasureWrites(tables),
    settings: SETTINGS,
    newestReads: NEWEST_READS,
    updateProfile: statement(`
      UPDATE ${profiles} SET revision = revision + 1, segment = :segment, attributes = :attributes,
        extensions = COALESCE(:extensions, extensions), residual = :residual, updated_at = :at,
        operation = :operation, actor = :actor, reason = :reason, counterpart = :counterpart,
        attributes_version = :canonical,
        extensions_version = CASE WHEN :extensions::text IS NULL THEN extensions_version ELSE :canonical END
      WHERE tenant = :tenant AND id = :id AND revision = :revision AND created_at = :created AND deleted = 0
        AND :version = (SELECT version FROM ${schemas} WHERE tenant = :tenant FOR SHARE)`),
    combine: combinedCommit(tables, schemaRow, writes, batchStatements),
    replacing: { combine: combinedReplacement(tables), together: combinedReplacements(tables) },
    conflicts: statement(`
      SELECT s.version, NULL AS id, NULL::bigint AS revision, NULL AS created, NULL AS updated,
        NULL::smallint AS deleted, NULL::integer AS kept, NULL AS erasure, NULL AS name, NULL AS digest
      FROM ${schemas} s WHERE s.tenant = :tenant
      UNION ALL SELECT NULL, p.id, p.revision, p.created_at, p.updated_at, p.deleted,
        CASE WHEN EXISTS (SELECT 1 FROM ${history} h WHERE h.tenant = p.tenant AND h.id = p.id)
          OR EXISTS (SELECT 1 FROM ${pending} l WHERE l.tenant = p.tenant AND l.id = p.id)
          OR EXISTS (SELECT 1 FROM ${changes} l WHERE l.tenant = p.tenant AND l.id = p.id) THEN 1 ELSE 0 END,
        p.erasure, NULL, NULL
      FROM ${profiles} p WHERE p.tenant = :tenant AND p.id = ANY (:ids::text[])
      UNION ALL SELECT NULL, k.id, NULL, NULL, NULL, NULL, NULL, NULL, k.key_name, encode(k.digest, 'hex')
      FROM ${keys} k WHERE k.tenant = :tenant AND k.plain_id = '' AND k.key_name = ANY (:keys::text[])
        AND k.digest IN (SELECT decode(d, 'hex') FROM unnest(:digests::text[]) d)`),
    insertSchema: statement(`
      INSERT INTO ${schemas} (tenant, version, document) VALUES (:tenant, 1, :document) ON CONFLICT DO NOTHING`),
    updateSchema: statement(`
      UPDATE ${schemas} SET version = version + 1, document = :document WHERE tenant = :tenant AND version = :version`),
    // The lock skips entries that another call has just removed, so that a batch is full while enough entries are left.
    // By their place: a plan that was made while there were few of them would look each one up among all.
    // Ordered by the primary key, to read its index: a scan of the table would pass, in each batch, what those before have deleted.
    dropEntries: statement(`
      DELETE FROM ${keys} WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${keys} WHERE tenant = :tenant AND key_name = :key
        ORDER BY tenant, key_name, digest, plain_id LIMIT :limit FOR UPDATE))`),
    storeServerMode: statement(`
      INSERT INTO ${serverMode} (id, mode) VALUES (1, :mode) ON CONFLICT (id) DO UPDATE SET mode = excluded.mode`),
  };
}
