import { erasureWrites } from '../../sql/erasure-statements.js';
import { feedReads } from '../../sql/feed-statements.js';
import { type Expressions, readStatements } from '../../sql/read-statements.js';
import { type ReplacingExpressions, replacingSteps } from '../../sql/replacing.js';
import { statement } from '../../sql/statement.js';
import {
  COUNTER_COLUMNS,
  ENTRY_COLUMNS,
  FORMER_COLUMNS,
  HISTORY_TABLE_COLUMNS,
  INSERT_COLUMNS,
  KEEP_COLUMNS,
  LINE_COLUMNS,
  NUMBER_COLUMNS,
  PENDING_COLUMNS,
  presentState,
  REVISION_COLUMNS,
  UPDATE_COLUMNS,
} from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';
import type { Statements } from '../dialect.js';

/** SQLite's planner reads a bare parameter's value, and prepares the statement again whenever that changes. */
const LIMIT = '0 + :limit';

const byteLength = (text: string) => `octet_length(${text})`;

const EXPRESSIONS: Expressions = {
  toBytes: (digits) => `unhex(${digits})`,
  byteLength,
  limit: LIMIT,
  joinInOrder: 'CROSS JOIN',
};

const REPLACING: ReplacingExpressions = {
  same: (one, other) => `${one} IS ${other}`,
  byteLength,
  has: (document, text) => `instr(${document}, ${text}) > 0`,
  withCommas: (document) => `substr(${document}, 1, length(${document}) - 1) || ','`,
  lockSchema: '',
  lockProfile: '',
};

/** Batches run row by row: without a round trip, that is the fastest. */
export function statements(tables: Tables): Statements {
  const { profiles, keys, schemas, history, pending, changes, counters, serverMode } = tables;
  const bySchema = `EXISTS (SELECT 1 FROM ${schemas} s WHERE s.tenant = :tenant AND s.version = :version)`;
  const ofRow = 'p.tenant = :tenant AND p.id = :id AND p.revision = :revision AND p.created_at = :created';
  const ofProfile = `${ofRow} AND p.deleted = 0`;
  const ofState = `${ofRow} AND p.deleted = :was_deleted`;
  const update = `
    UPDATE ${profiles} AS p SET revision = revision + 1, segment = :segment, attributes = :attributes,
      extensions = COALESCE(:extensions, extensions), residual = :residual, updated_at = :at, operation = :operation,
      actor = :actor, reason = :reason, counterpart = :counterpart, attributes_version = :canonical,
      extensions_version = CASE WHEN :extensions IS NULL THEN extensions_version ELSE :canonical END`;

  const redactLines = (lines: string) =>
    statement(
      `UPDATE ${lines} SET actor = NULL, reason = NULL, counterpart = NULL, origin = NULL, changed = NULL
       WHERE tenant = :tenant AND id = :id AND revision <= :revision`,
      FORMER_COLUMNS,
    );

  return {
    ...readStatements(tables, EXPRESSIONS),
    ...feedReads(tables, EXPRESSIONS, ''),
    ...erasureWrites(tables),
    updateProfile: statement(`${update} WHERE ${ofProfile} AND ${bySchema}`),
    insertProfiles: statement(
      `INSERT INTO ${profiles} (tenant, id, revision, segment, attributes, extensions, residual, created_at, updated_at,
         operation, actor, reason, counterpart, attributes_version, extensions_version)
       SELECT :tenant, :id, 1, :segment, :attributes, :extensions, :residual, :at, :at,
         :operation, :actor, :reason, :counterpart, :canonical, :canonical
       WHERE ${bySchema} ON CONFLICT DO NOTHING`,
      INSERT_COLUMNS,
    ),
    updateProfiles: statement(
      `${update}, created_at = :next_created, deleted = :deleted, erasure = NULL WHERE ${ofState} AND ${bySchema}`,
      UPDATE_COLUMNS,
    ),
    deleteProfiles: statement(
      `DELETE FROM ${profiles} AS p WHERE ${ofProfile} AND ${bySchema}
         AND NOT EXISTS (SELECT 1 FROM ${history} h WHERE h.tenant = :tenant AND h.id = :id)
         AND NOT EXISTS (SELECT 1 FROM ${pending} l WHERE l.tenant = :tenant AND l.id = :id)
         AND NOT EXISTS (SELECT 1 FROM ${changes} l WHERE l.tenant = :tenant AND l.id = :id)`,
      REVISION_COLUMNS,
    ),
    keepStates: statement(
      `INSERT INTO ${history} (${HISTORY_TABLE_COLUMNS})
       SELECT ${presentState('p')}, :at FROM ${profiles} p WHERE ${ofState} AND ${bySchema}`,
      KEEP_COLUMNS,
    ),
    lockProfiles: statement(`SELECT id FROM ${profiles} p WHERE ${ofProfile} AND ${bySchema}`, REVISION_COLUMNS),
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
    dropStates: statement(
      `DELETE FROM ${history} WHERE tenant = :tenant AND id = :id AND revision = :revision`,
      FORMER_COLUMNS,
    ),
    replacing: {
      steps: replacingSteps(
        tables,
        REPLACING,
        `SELECT k.key_name, lower(hex(k.digest)), k.plain_id FROM ${keys} k WHERE k.tenant = :tenant AND k.id = :profile`,
      ),
    },
    addLines: statement(
      `INSERT INTO ${pending} (tenant, ${LINE_COLUMNS.join(', ')})
       VALUES (:tenant, ${LINE_COLUMNS.map((column) => `:${column}`).join(', ')})`,
      LINE_COLUMNS,
    ),
    numberLines: statement(
      `INSERT INTO ${changes} (tenant, ${LINE_COLUMNS.join(', ')}, position, overall)
       SELECT tenant, ${LINE_COLUMNS.join(', ')}, :position, :overall FROM ${pending}
       WHERE tenant = :tenant AND id = :id AND revision = :revision`,
      NUMBER_COLUMNS,
    ),
    dropPendingLines: statement(
      `DELETE FROM ${pending} WHERE tenant = :tenant AND id = :id AND revision = :revision`,
      PENDING_COLUMNS,
    ),
    dropLines: statement(
      `DELETE FROM ${changes} WHERE tenant = :tenant AND id = :id AND revision = :revision`,
      FORMER_COLUMNS,
    ),
    redactPendingLines: redactLines(pending),
    redactLines: redactLines(changes),
    createCounters: statement(
      `INSERT INTO ${counters} (tenant, newest, overall, removed) VALUES ('', 0, 0, 0) ON CONFLICT DO NOTHING`,
    ),
    setCounters: statement(
      `INSERT INTO ${counters} (tenant, newest, overall, removed) VALUES (:tenant, :newest, :overall, COALESCE(:removed, 0))
       ON CONFLICT (tenant) DO UPDATE SET newest = :newest, overall = :overall, removed = COALESCE(:removed, removed)`,
      COUNTER_COLUMNS,
    ),
    conflicts: statement(`
      SELECT s.version, NULL AS id, NULL AS revision, NULL AS created, NULL AS updated, NULL AS deleted, NULL AS kept,
        NULL AS erasure, NULL AS name, NULL AS digest
      FROM ${schemas} s WHERE s.tenant = :tenant
      UNION ALL SELECT NULL, p.id, p.revision, p.created_at, p.updated_at, p.deleted,
        EXISTS (SELECT 1 FROM ${history} h WHERE h.tenant = p.tenant AND h.id = p.id)
          OR EXISTS (SELECT 1 FROM ${pending} l WHERE l.tenant = p.tenant AND l.id = p.id)
          OR EXISTS (SELECT 1 FROM ${changes} l WHERE l.tenant = p.tenant AND l.id = p.id), p.erasure, NULL, NULL
      FROM ${profiles} p WHERE p.tenant = :tenant AND p.id IN (SELECT value FROM json_each(:ids))
      UNION ALL SELECT NULL, k.id, NULL, NULL, NULL, NULL, NULL, NULL, k.key_name, lower(hex(k.digest))
      FROM ${keys} k WHERE k.tenant = :tenant AND k.plain_id = '' AND k.key_name IN (SELECT value FROM json_each(:keys))
        AND k.digest IN (SELECT unhex(value) FROM json_each(:digests))`),
    insertSchema: statement(`
      INSERT INTO ${schemas} (tenant, version, document) VALUES (:tenant, 1, :document) ON CONFLICT DO NOTHING`),
    updateSchema: statement(`
      UPDATE ${schemas} SET version = version + 1, document = :document WHERE tenant = :tenant AND version = :version`),
    dropEntries: statement(`
      DELETE FROM ${keys} WHERE (tenant, key_name, digest, plain_id) IN (
        SELECT tenant, key_name, digest, plain_id FROM ${keys} WHERE tenant = :tenant AND key_name = :key LIMIT ${LIMIT})`),
    storeServerMode: statement(`
      INSERT INTO ${serverMode} (id, mode) VALUES (1, :mode) ON CONFLICT (id) DO UPDATE SET mode = excluded.mode`),
  };
}
