import {
  ENTRY_COLUMNS,
  INSERT_COLUMNS,
  REVISION_COLUMNS,
  UPDATE_COLUMNS,
  type WriteStatements,
} from '../../sql/statements.js';
import type { Tables } from '../../sql/tables.js';

const TYPES: Readonly<Record<string, string>> = { revision: 'bigint' };

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

const OF_PROFILE = 'p.tenant = :tenant AND p.id = c.id AND p.revision = c.revision AND p.created_at = c.created';

export function batchWrites({ profiles, keys }: Tables) {
  return {
    insertProfiles: {
      columns: INSERT_COLUMNS,
      text: (gate) => `
        INSERT INTO ${profiles} (tenant, id, revision, segment, attributes, extensions, created_at, updated_at)
        SELECT :tenant, c.id, 1, c.segment, c.attributes, c.extensions, c.at, c.at FROM ${gate}, ${batch(INSERT_COLUMNS)}
        ON CONFLICT DO NOTHING RETURNING 1`,
    },
    updateProfiles: {
      columns: UPDATE_COLUMNS,
      text: (gate) => `
        UPDATE ${profiles} p SET revision = p.revision + 1, segment = COALESCE(c.segment, p.segment),
          attributes = c.attributes, extensions = COALESCE(c.extensions, p.extensions), updated_at = c.at
        FROM ${batch(UPDATE_COLUMNS)} WHERE ${OF_PROFILE} AND EXISTS (SELECT 1 FROM ${gate}) RETURNING 1`,
    },
    deleteProfiles: {
      columns: REVISION_COLUMNS,
      text: (gate) => `
        DELETE FROM ${profiles} p USING ${batch(REVISION_COLUMNS)}
        WHERE ${OF_PROFILE} AND EXISTS (SELECT 1 FROM ${gate}) RETURNING 1`,
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
  } satisfies Partial<Record<keyof WriteStatements, BatchWrite>>;
}
