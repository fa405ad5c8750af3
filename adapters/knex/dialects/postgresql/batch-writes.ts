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
  type WriteStatements,
} from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';

const TYPES: Readonly<Record<string, string>> = {
  ...{
    revision: 'bigint',
    position: 'bigint',
    overall: 'bigint',
    newest: 'bigint',
    removed: 'bigint',
    canonical: 'bigint',
    if_revision: 'bigint',
    searchable: 'bigint',
  },
  ...{ was_deleted: 'smallint', deleted: 'smallint', keeps: 'smallint' },
};

/** The rows of a batch, as `c`. They are bound as one array per column. */
export function batch(columns: readonly string[]): string {
  const arrays = columns.map((column) => `:${column}::${TYPES[column] ?? 'text'}[]`);
  return `unnest(${arrays.join(', ')}) AS c(${columns.map((column) => `"${column}"`).join(', ')})`;
}

export type WriteName = keyof ReturnType<typeof batchWrites>;

/** A batch write, to run by itself or as a part of a combined statement. */
export interface BatchWrite {
  readonly columns: readonly string[];
  /** @param gate the name of a part that returns one row if the write may run, and otherwise none */
  text(gate: string): string;
}

/** Joins an entry `k` to the batch `c`. */
export const OF_ENTRY =
  "k.tenant = :tenant AND k.key_name = c.key AND k.digest = decode(c.digest, 'hex') AND k.plain_id = c.plain AND k.id = c.id";

const OF_ROW = 'p.tenant = :tenant AND p.id = c.id AND p.revision = c.revision AND p.created_at = c.created';
const OF_PROFILE = `${OF_ROW} AND p.deleted = 0`;
const OF_STATE = `${OF_ROW} AND p.deleted = c.was_deleted`;

export function batchWrites({ profiles, keys, history, pending, changes, counters }: Tables) {
  const redactLines = (lines: string): BatchWrite => ({
    columns: FORMER_COLUMNS,
    text: (gate) => `
        UPDATE ${lines} l SET actor = NULL, reason = NULL, counterpart = NULL, origin = NULL, changed = NULL
        FROM ${batch(FORMER_COLUMNS)}
        WHERE l.tenant = :tenant AND l.id = c.id AND l.revision <= c.revision AND EXISTS (SELECT 1 FROM ${gate})`,
  });
  return {
    insertProfiles: {
      columns: INSERT_COLUMNS,
      text: (gate) => `
        INSERT INTO ${profiles} (tenant, id, revision, segment, attributes, extensions, residual, created_at, updated_at,
          operation, actor, reason, counterpart, attributes_version, extensions_version)
        SELECT :tenant, c.id, 1, c.segment, c.attributes, c.extensions, c.residual, c.at, c.at,
          c.operation, c.actor, c.reason, c.counterpart, c.canonical, c.canonical
        FROM ${gate}, ${batch(INSERT_COLUMNS)}
        ON CONFLICT DO NOTHING RETURNING 1`,
    },
    // The lock makes it copy the newest row, which is the one that the update replaces.
    keepStates: {
      columns: KEEP_COLUMNS,
      text: (gate) => `
        INSERT INTO ${history} (${HISTORY_TABLE_COLUMNS})
        SELECT ${presentState('p')}, c.at FROM ${profiles} p, ${batch(KEEP_COLUMNS)}
        WHERE ${OF_STATE} AND EXISTS (SELECT 1 FROM ${gate}) FOR UPDATE OF p RETURNING 1`,
    },
    updateProfiles: {
      columns: UPDATE_COLUMNS,
      text: (gate) => `
        UPDATE ${profiles} p SET revision = p.revision + 1, segment = c.segment, attributes = c.attributes,
          extensions = COALESCE(c.extensions, p.extensions), residual = c.residual, created_at = c.next_created,
          updated_at = c.at, operation = c.operation, actor = c.actor, reason = c.reason, counterpart = c.counterpart,
          deleted = c.deleted, erasure = NULL, attributes_version = c.canonical,
          extensions_version = CASE WHEN c.extensions IS NULL THEN p.extensions_version ELSE c.canonical END
        FROM ${batch(UPDATE_COLUMNS)} WHERE ${OF_STATE} AND EXISTS (SELECT 1 FROM ${gate}) RETURNING 1`,
    },
    deleteProfiles: {
      columns: REVISION_COLUMNS,
      text: (gate) => `
        DELETE FROM ${profiles} p USING ${batch(REVISION_COLUMNS)}
        WHERE ${OF_PROFILE} AND NOT EXISTS (SELECT 1 FROM ${history} h WHERE h.tenant = :tenant AND h.id = p.id)
          AND NOT EXISTS (SELECT 1 FROM ${pending} l WHERE l.tenant = :tenant AND l.id = p.id)
          AND NOT EXISTS (SELECT 1 FROM ${changes} l WHERE l.tenant = :tenant AND l.id = p.id)
          AND EXISTS (SELECT 1 FROM ${gate}) RETURNING 1`,
    },
    lockProfiles: {
      columns: REVISION_COLUMNS,
      text: (gate) => `
        SELECT 1 FROM ${profiles} p, ${batch(REVISION_COLUMNS)}
        WHERE ${OF_PROFILE} AND EXISTS (SELECT 1 FROM ${gate}) FOR UPDATE OF p`,
    },
    removeEntries: {
      columns: ENTRY_COLUMNS,
      text: (gate) => `
        DELETE FROM ${keys} k USING ${batch(ENTRY_COLUMNS)}
        WHERE ${OF_ENTRY} AND EXISTS (SELECT 1 FROM ${gate}) RETURNING 1`,
    },
    addEntries: {
      columns: ENTRY_COLUMNS,
      text: (gate) => `
        INSERT INTO ${keys} (tenant, key_name, digest, plain_id, id)
        SELECT :tenant, c.key, decode(c.digest, 'hex'), c.plain, c.id FROM ${gate}, ${batch(ENTRY_COLUMNS)}
        ON CONFLICT DO NOTHING RETURNING 1`,
    },
    dropStates: {
      columns: FORMER_COLUMNS,
      text: (gate) => `
        DELETE FROM ${history} h USING ${batch(FORMER_COLUMNS)}
        WHERE h.tenant = :tenant AND h.id = c.id AND h.revision = c.revision AND EXISTS (SELECT 1 FROM ${gate})`,
    },
    addLines: {
      columns: LINE_COLUMNS,
      text: (gate) => `
        INSERT INTO ${pending} (tenant, ${LINE_COLUMNS.join(', ')})
        SELECT :tenant, c.* FROM ${gate}, ${batch(LINE_COLUMNS)} RETURNING 1`,
    },
    numberLines: {
      columns: NUMBER_COLUMNS,
      text: (gate) => `
        INSERT INTO ${changes} (tenant, ${LINE_COLUMNS.join(', ')}, position, overall)
        SELECT l.tenant, ${LINE_COLUMNS.map((column) => `l.${column}`).join(', ')}, c.position, c.overall
        FROM ${pending} l, ${batch(NUMBER_COLUMNS)}
        WHERE l.tenant = c.tenant AND l.id = c.id AND l.revision = c.revision AND EXISTS (SELECT 1 FROM ${gate})
        FOR UPDATE OF l`,
    },
    dropPendingLines: {
      columns: PENDING_COLUMNS,
      text: (gate) => `
        DELETE FROM ${pending} l USING ${batch(PENDING_COLUMNS)}
        WHERE l.tenant = c.tenant AND l.id = c.id AND l.revision = c.revision AND EXISTS (SELECT 1 FROM ${gate})`,
    },
    dropLines: {
      columns: FORMER_COLUMNS,
      text: (gate) => `
        DELETE FROM ${changes} l USING ${batch(FORMER_COLUMNS)}
        WHERE l.tenant = :tenant AND l.id = c.id AND l.revision = c.revision AND EXISTS (SELECT 1 FROM ${gate})`,
    },
    redactPendingLines: redactLines(pending),
    redactLines: redactLines(changes),
    setCounters: {
      columns: COUNTER_COLUMNS,
      text: (gate) => `
        INSERT INTO ${counters} AS t (tenant, newest, overall, removed)
        SELECT c.tenant, c.newest, c.overall, COALESCE(c.removed, o.removed, 0)
        FROM ${gate}, ${batch(COUNTER_COLUMNS)} LEFT JOIN ${counters} o ON o.tenant = c.tenant
        ON CONFLICT (tenant) DO UPDATE SET newest = excluded.newest, overall = excluded.overall, removed = excluded.removed`,
    },
  } satisfies Partial<Record<keyof WriteStatements, BatchWrite>>;
}
