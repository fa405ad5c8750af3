import { readStatements } from '../read-statements.js';
import { statement } from '../statement.js';
import {
  ENTRY_COLUMNS,
  INSERT_COLUMNS,
  NEW_ENTRY_COLUMNS,
  REVISION_COLUMNS,
  type Statements,
  UPDATE_COLUMNS,
} from '../statements.js';
import type { Tables } from '../tables.js';

const TYPES: Readonly<Record<string, string>> = { revision: 'bigint', unique: 'smallint' };

/** Batches are bound as one array per column. */
export function statements(tables: Tables): Statements {
  const { profiles, keys, schemas } = tables;
  // The lock keeps the schema as it is until the commit has taken place (R16). Where a schema change is under way, it
  // waits for it, and then sees the new version.
  const bySchema = `WITH s AS (SELECT 1 FROM ${schemas} WHERE tenant = :tenant AND version = :version FOR SHARE)`;
  const atRevision = 'p.tenant = :tenant AND p.id = c.id AND p.revision = c.revision AND EXISTS (SELECT 1 FROM s)';
  const ofEntry = "k.tenant = :tenant AND k.key_name = c.key AND k.digest = decode(c.digest, 'hex') AND k.id = c.id";

  return {
    ...readStatements(tables, (digest) => `decode(${digest}, 'hex')`),
    updateProfile: statement(`
      ${bySchema} UPDATE ${profiles} SET revision = revision + 1, segment = COALESCE(:segment, segment),
        attributes = :attributes, extensions = COALESCE(:extensions, extensions), updated_at = :at
      WHERE tenant = :tenant AND id = :id AND revision = :revision AND EXISTS (SELECT 1 FROM s)`),
    insertProfiles: statement(
      `${bySchema} INSERT INTO ${profiles} (tenant, id, revision, segment, attributes, extensions, created_at, updated_at)
       SELECT :tenant, c.id, 1, c.segment, c.attributes, c.extensions, c.at, c.at FROM s, ${batch(INSERT_COLUMNS)}
       ON CONFLICT DO NOTHING`,
      INSERT_COLUMNS,
    ),
    updateProfiles: statement(
      `${bySchema} UPDATE ${profiles} p SET revision = p.revision + 1, segment = COALESCE(c.segment, p.segment),
         attributes = c.attributes, extensions = COALESCE(c.extensions, p.extensions), updated_at = c.at
       FROM ${batch(UPDATE_COLUMNS)} WHERE ${atRevision}`,
      UPDATE_COLUMNS,
    ),
    deleteProfiles: statement(
      `${bySchema} DELETE FROM ${profiles} p USING ${batch(REVISION_COLUMNS)} WHERE ${atRevision}`,
      REVISION_COLUMNS,
    ),
    lockProfiles: statement(
      `${bySchema} SELECT p.id FROM ${profiles} p, ${batch(REVISION_COLUMNS)} WHERE ${atRevision} FOR UPDATE OF p`,
      REVISION_COLUMNS,
    ),
    removeEntries: statement(`DELETE FROM ${keys} k USING ${batch(ENTRY_COLUMNS)} WHERE ${ofEntry}`, ENTRY_COLUMNS),
    addEntries: statement(
      `INSERT INTO ${keys} (tenant, key_name, digest, id, is_unique)
       SELECT :tenant, c.key, decode(c.digest, 'hex'), c.id, c."unique" FROM ${batch(NEW_ENTRY_COLUMNS)}
       ON CONFLICT DO NOTHING`,
      NEW_ENTRY_COLUMNS,
    ),
    obstacles: statement(`
      SELECT s.version, NULL AS id, NULL::bigint AS revision, NULL AS name, NULL AS digest
      FROM ${schemas} s WHERE s.tenant = :tenant
      UNION ALL SELECT NULL, p.id, p.revision, NULL, NULL
      FROM ${profiles} p WHERE p.tenant = :tenant AND p.id = ANY (:ids::text[])
      UNION ALL SELECT NULL, k.id, NULL, k.key_name, encode(k.digest, 'hex')
      FROM ${keys} k WHERE k.tenant = :tenant AND k.is_unique = 1 AND k.key_name = ANY (:keys::text[])
        AND k.digest IN (SELECT decode(d, 'hex') FROM unnest(:digests::text[]) d)`),
    insertSchema: statement(`
      INSERT INTO ${schemas} (tenant, version, document) VALUES (:tenant, 1, :document) ON CONFLICT DO NOTHING`),
    updateSchema: statement(`
      UPDATE ${schemas} SET version = version + 1, document = :document WHERE tenant = :tenant AND version = :version`),
    // The lock skips entries that another call has just removed, so that a full batch is found while there is one.
    dropEntries: statement(`
      DELETE FROM ${keys} WHERE (tenant, key_name, digest, id) IN (
        SELECT tenant, key_name, digest, id FROM ${keys} WHERE tenant = :tenant AND key_name = :key
        LIMIT :limit FOR UPDATE)`),
  };
}

function batch(columns: readonly string[]): string {
  const arrays = columns.map((column) => `:${column}::${TYPES[column] ?? 'text'}[]`);
  return `unnest(${arrays.join(', ')}) AS c(${columns.map((column) => `"${column}"`).join(', ')})`;
}
