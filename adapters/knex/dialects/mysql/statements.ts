import { erasureWrites } from '../../sql/erasure-statements.js';
import { type FeedExpressions, feedReads } from '../../sql/feed-statements.js';
import { type Expressions, readStatements, rowReads } from '../../sql/read-statements.js';
import { replacingSteps } from '../../sql/replacing.js';
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
import type { ReplacingTogether } from '../capabilities.js';
import type { Statements } from '../dialect.js';
import { combinedCommit } from './combined-commit.js';
import { combinedReplacement, REPLACING } from './combined-replacement.js';
import { exclusiveLock, sharedLock } from './flavour.js';
import { galera } from './galera.js';
import { SETTINGS } from './settings.js';

const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';
const UNICODE = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
const TYPES: Readonly<Record<string, string>> = {
  id: `VARCHAR(64) ${ASCII}`,
  key: `VARCHAR(100) ${ASCII}`,
  digest: `CHAR(64) ${ASCII}`,
  at: `VARCHAR(30) ${ASCII}`,
  created: `VARCHAR(30) ${ASCII}`,
  next_created: `VARCHAR(30) ${ASCII}`,
  tenant: `VARCHAR(64) ${ASCII}`,
  revision: 'BIGINT',
  canonical: 'BIGINT',
  position: 'BIGINT',
  overall: 'BIGINT',
  newest: 'BIGINT',
  removed: 'BIGINT',
  was_deleted: 'SMALLINT',
  deleted: 'SMALLINT',
  plain: `VARCHAR(64) ${ASCII}`,
};

/**
 * Batches are bound as one JSON text. `STRAIGHT_JOIN` keeps the server from scanning, and locking, all profiles to find
 * those of a batch.
 */
export function statements(tables: Tables): Statements {
  const { profiles, keys, schemas, history, pending, changes, counters, serverMode } = tables;
  // A write locks the rows that it reads, including this one, until the end of its transaction: the schema stays unchanged
  // until then (R16). While a schema change is in progress, the write waits.
  const bySchema = 's.tenant = :tenant AND s.version = :version';
  const ofRow = (p: string) =>
    `${p}.tenant = :tenant AND ${p}.id = c.id AND ${p}.revision = c.revision AND ${p}.created_at = c.created`;
  const ofProfile = (p: string) => `${ofRow(p)} AND ${p}.deleted = 0`;
  const ofState = `${ofRow('p')} AND p.deleted = c.was_deleted`;
  const addEntries = `
    INSERT INTO ${keys} (tenant, key_name, digest, plain_id, id)
    SELECT :tenant, c.\`key\`, UNHEX(c.digest), c.plain, c.id FROM ${batch(ENTRY_COLUMNS)}`;

  const updateSchema = `
    UPDATE ${schemas} SET version = version + 1, document = :document WHERE tenant = :tenant AND version = :version`;

  const lockProfiles = statement(
    `SELECT p.id FROM ${schemas} s STRAIGHT_JOIN ${batch(REVISION_COLUMNS)} STRAIGHT_JOIN ${profiles} p
     ON ${ofProfile('p')} WHERE ${bySchema} ${sharedLock('s', 'p')}`,
    REVISION_COLUMNS,
  );

  const redactLines = (lines: string) =>
    statement(
      `UPDATE ${batch(FORMER_COLUMNS)} STRAIGHT_JOIN ${lines} l
       ON l.tenant = :tenant AND l.id = c.id AND l.revision <= c.revision
       SET l.actor = NULL, l.reason = NULL, l.counterpart = NULL, l.origin = NULL, l.changed = NULL`,
      FORMER_COLUMNS,
    );

  const expressions: Expressions = {
    toBytes: (digits) => `UNHEX(${digits})`,
    byteLength: (text) => `LENGTH(${text})`,
    joinInOrder: 'STRAIGHT_JOIN',
    ids: { join: `LEFT JOIN ${list('ids', TYPES.id)} i ON 1 = 1`, item: 'i.item' },
  };
  const feedExpressions: FeedExpressions = {
    ...expressions,
    // With an equality the server reads all lines of the tenant. With two comparisons it reads the range, found anew for each tenant.
    isTenantOf: (alias, other) => `${alias}.tenant >= ${other}.tenant AND ${alias}.tenant <= ${other}.tenant`,
  };

  return {
    ...readStatements(tables, expressions),
    ...feedReads(tables, feedExpressions),
    lockingReads: rowReads(tables, expressions, sharedLock),
    ...erasureWrites(tables),
    settings: SETTINGS,
    cluster: galera(profiles, batch(REVISION_COLUMNS), updateSchema),
    // Updates one table, since an update of a join first writes whole rows to a temporary table. Compares the version with
    // a subquery, since `EXISTS` takes a fifth of the statement's time.
    updateProfile: statement(`
      UPDATE ${profiles} SET revision = revision + 1, segment = :segment, attributes = :attributes,
        extensions = COALESCE(:extensions, extensions), residual = :residual, updated_at = :at,
        operation = :operation, actor = :actor, reason = :reason, counterpart = :counterpart,
        attributes_version = :canonical,
        extensions_version = CASE WHEN :extensions IS NULL THEN extensions_version ELSE :canonical END
      WHERE tenant = :tenant AND id = :id AND revision = :revision AND created_at = :created AND deleted = 0
        AND :version = (SELECT s.version FROM ${schemas} s WHERE s.tenant = :tenant ${sharedLock('s')})`),
    insertProfiles: statement(
      `INSERT INTO ${profiles} (tenant, id, revision, segment, attributes, extensions, residual, created_at, updated_at,
         operation, actor, reason, counterpart, attributes_version, extensions_version)
       SELECT s.tenant, c.id, 1, c.segment, c.attributes, c.extensions, c.residual, c.at, c.at,
         c.operation, c.actor, c.reason, c.counterpart, c.canonical, c.canonical
       FROM ${schemas} s STRAIGHT_JOIN ${batch(INSERT_COLUMNS)} WHERE ${bySchema} ${sharedLock('s')}`,
      INSERT_COLUMNS,
    ),
    updateProfiles: statement(
      `UPDATE ${schemas} s STRAIGHT_JOIN ${batch(UPDATE_COLUMNS)} STRAIGHT_JOIN ${profiles} p ON ${ofState}
       SET p.revision = p.revision + 1, p.segment = c.segment, p.attributes = c.attributes,
         p.extensions = COALESCE(c.extensions, p.extensions), p.residual = c.residual, p.created_at = c.next_created,
         p.updated_at = c.at, p.operation = c.operation, p.actor = c.actor, p.reason = c.reason,
         p.counterpart = c.counterpart, p.deleted = c.deleted, p.erasure = NULL, p.attributes_version = c.canonical,
         p.extensions_version = CASE WHEN c.extensions IS NULL THEN p.extensions_version ELSE c.canonical END
       WHERE ${bySchema}`,
      UPDATE_COLUMNS,
    ),
    // Locks the rows as the update does, which follows and reads the schema: with shared locks, all but one of several
    // transactions would deadlock.
    keepStates: statement(
      `INSERT INTO ${history} (${HISTORY_TABLE_COLUMNS})
       SELECT ${presentState('p')}, c.at FROM ${batch(KEEP_COLUMNS)} STRAIGHT_JOIN ${profiles} p ON ${ofState}
       ${exclusiveLock('p')}`,
      KEEP_COLUMNS,
    ),
    // Without an alias: the server would look it up in the connection's default database, which there may not be.
    deleteProfiles: statement(
      `DELETE ${profiles} FROM ${schemas} s STRAIGHT_JOIN ${batch(REVISION_COLUMNS)} STRAIGHT_JOIN ${profiles}
       ON ${ofProfile(profiles)} WHERE ${bySchema}
         AND (SELECT h.revision FROM ${history} h WHERE h.tenant = :tenant AND h.id = c.id LIMIT 1) IS NULL
         AND (SELECT l.revision FROM ${pending} l WHERE l.tenant = :tenant AND l.id = c.id LIMIT 1) IS NULL
         AND (SELECT l.revision FROM ${changes} l WHERE l.tenant = :tenant AND l.id = c.id LIMIT 1) IS NULL`,
      REVISION_COLUMNS,
    ),
    lockProfiles,
    removeEntries: statement(
      `DELETE ${keys} FROM ${batch(ENTRY_COLUMNS)} STRAIGHT_JOIN ${keys} ON ${keys}.tenant = :tenant
         AND ${keys}.key_name = c.\`key\` AND ${keys}.digest = UNHEX(c.digest) AND ${keys}.plain_id = c.plain
         AND ${keys}.id = c.id`,
      ENTRY_COLUMNS,
    ),
    addEntries: statement(addEntries, ENTRY_COLUMNS),
    // Assigns the present value. `INSERT IGNORE` would also turn real faults into warnings.
    addMissingEntries: statement(`${addEntries} ON DUPLICATE KEY UPDATE plain_id = ${keys}.plain_id`, ENTRY_COLUMNS),
    dropStates: statement(
      `DELETE ${history} FROM ${batch(FORMER_COLUMNS)} STRAIGHT_JOIN ${history} ON ${history}.tenant = :tenant
         AND ${history}.id = c.id AND ${history}.revision = c.revision`,
      FORMER_COLUMNS,
    ),
    addLines: statement(
      `INSERT INTO ${pending} (tenant, ${LINE_COLUMNS.join(', ')})
       SELECT :tenant, ${LINE_COLUMNS.map((column) => `c.${column}`).join(', ')} FROM ${batch(LINE_COLUMNS)}`,
      LINE_COLUMNS,
    ),
    numberLines: statement(
      `INSERT INTO ${changes} (tenant, ${LINE_COLUMNS.join(', ')}, position, overall)
       SELECT l.tenant, ${LINE_COLUMNS.map((column) => `l.${column}`).join(', ')}, c.position, c.overall
       FROM ${batch(NUMBER_COLUMNS)} STRAIGHT_JOIN ${pending} l
       ON l.tenant = c.tenant AND l.id = c.id AND l.revision = c.revision ${exclusiveLock('l')}`,
      NUMBER_COLUMNS,
    ),
    dropPendingLines: statement(
      `DELETE ${pending} FROM ${batch(PENDING_COLUMNS)} STRAIGHT_JOIN ${pending} ON ${pending}.tenant = c.tenant
         AND ${pending}.id = c.id AND ${pending}.revision = c.revision`,
      PENDING_COLUMNS,
    ),
    dropLines: statement(
      `DELETE ${changes} FROM ${batch(FORMER_COLUMNS)} STRAIGHT_JOIN ${changes} ON ${changes}.tenant = :tenant
         AND ${changes}.id = c.id AND ${changes}.revision = c.revision`,
      FORMER_COLUMNS,
    ),
    redactPendingLines: redactLines(pending),
    redactLines: redactLines(changes),
    createCounters: statement(`INSERT INTO ${counters} (tenant, newest, overall, removed) VALUES ('', 0, 0, 0)`),
    setCounters: statement(
      `INSERT INTO ${counters} (tenant, newest, overall, removed)
       SELECT c.tenant, c.newest, c.overall, COALESCE(c.removed, 0) FROM ${batch(COUNTER_COLUMNS)}
       ON DUPLICATE KEY UPDATE newest = c.newest, overall = c.overall, removed = COALESCE(c.removed, ${counters}.removed)`,
      COUNTER_COLUMNS,
    ),
    combine: combinedCommit(lockProfiles),
    replacing: {
      combine: combinedReplacement(tables),
      steps: replacingSteps(
        tables,
        REPLACING,
        // Reads from the snapshot, which begins here: after the lock of the profile, without which no entry of it changes.
        `SELECT CONVERT(k.key_name USING ascii), LOWER(HEX(k.digest)), k.plain_id
         FROM ${keys} k WHERE k.tenant = :tenant AND k.id = :profile`,
      ),
      together: together(tables),
    },
    // The locks make it read the newest rows, even in a transaction that otherwise reads from a snapshot.
    conflicts: statement(`
      (SELECT s.version, NULL AS id, NULL AS revision, NULL AS created, NULL AS updated, NULL AS deleted, NULL AS kept,
         NULL AS erasure, NULL AS name, NULL AS digest
       FROM ${schemas} s WHERE s.tenant = :tenant ${sharedLock('s')})
      UNION ALL
      (SELECT NULL, p.id, p.revision, p.created_at, p.updated_at, p.deleted,
         EXISTS (SELECT 1 FROM ${history} h WHERE h.tenant = :tenant AND h.id = p.id ${sharedLock('h')})
           OR EXISTS (SELECT 1 FROM ${pending} l WHERE l.tenant = :tenant AND l.id = p.id ${sharedLock('l')})
           OR EXISTS (SELECT 1 FROM ${changes} l WHERE l.tenant = :tenant AND l.id = p.id ${sharedLock('l')}), p.erasure, NULL, NULL
       FROM ${list('ids', TYPES.id)} i STRAIGHT_JOIN ${profiles} p ON p.tenant = :tenant AND p.id = i.item
       ${sharedLock('p')})
      UNION ALL
      (SELECT NULL, k.id, NULL, NULL, NULL, NULL, NULL, NULL, CONVERT(k.key_name USING ascii), LOWER(HEX(k.digest))
       FROM ${list('keys', TYPES.key)} n STRAIGHT_JOIN ${list('digests', TYPES.digest)} d
       STRAIGHT_JOIN ${keys} k ON k.tenant = :tenant AND k.key_name = n.item AND k.digest = UNHEX(d.item) AND k.plain_id = ''
       ${sharedLock('k')})`),
    insertSchema: statement(`INSERT INTO ${schemas} (tenant, version, document) VALUES (:tenant, 1, :document)`),
    updateSchema: statement(updateSchema),
    dropEntries: statement(`DELETE FROM ${keys} WHERE tenant = :tenant AND key_name = :key LIMIT :limit`),
    storeServerMode: statement(
      `INSERT INTO ${serverMode} (id, mode) VALUES (1, :mode) ON DUPLICATE KEY UPDATE mode = VALUES(mode)`,
    ),
  };
}

/** The most bytes of documents that one row has, of those that are read together. */
const MAX_BYTES = 64 * 1024;

function together({ profiles, keys, schemas, index }: Tables): ReplacingTogether {
  const ids = `${list('ids', TYPES.id)} i`;
  return {
    shapeOf: ({ history, probes, values: { tenant, version } }) =>
      `${history} ${probes !== undefined} ${version} ${tenant}`,
    read: statement(
      `(SELECT p.id, (SELECT s.version FROM ${schemas} s WHERE s.tenant = :tenant) AS version, p.revision, p.created_at,
         p.updated_at, p.segment, p.attributes, p.extensions, p.attributes_version, p.extensions_version
       FROM ${ids} STRAIGHT_JOIN ${profiles} p ON p.tenant = :tenant AND p.id = i.item
       WHERE p.deleted = 0 AND p.residual IS NULL AND LENGTH(p.attributes) + LENGTH(p.extensions) <= ${MAX_BYTES}
       ${exclusiveLock('p')} SKIP LOCKED)
       UNION ALL
       (SELECT k.id, NULL, NULL, CONVERT(k.key_name USING ascii), LOWER(HEX(k.digest)), k.plain_id, NULL, NULL, NULL, NULL
       FROM ${ids} STRAIGHT_JOIN ${keys} k FORCE INDEX (${index('profile_keys_by_id')})
         ON k.tenant = :tenant AND k.id = i.item)`,
    ),
  };
}

function batch(columns: readonly string[]): string {
  const definitions = columns.map((column, index) => {
    return `\`${column}\` ${TYPES[column] ?? `LONGTEXT ${UNICODE}`} PATH '$[${index}]'`;
  });
  return `JSON_TABLE(:rows, '$[*]' COLUMNS (${definitions.join(', ')})) c`;
}

function list(parameter: string, type = ''): string {
  return `JSON_TABLE(:${parameter}, '$[*]' COLUMNS (item ${type} PATH '$'))`;
}
