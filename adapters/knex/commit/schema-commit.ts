import type { SchemaChange, SchemaCommitResult } from 'dossier/storage';
import type { Session } from '../connections/session.js';
import type { Statements } from '../dialects/dialect.js';
import type { Attempt } from './attempt.js';
import { Conflicts } from './conflicts.js';

/** A change of a tenant's schema, copied: the caller may mutate it while we await. */
export function schemaCommit(
  session: Session,
  statements: Statements,
  tenant: string,
  { expectedVersion, schema }: SchemaChange,
): Attempt<SchemaCommitResult> {
  const { insertSchema, updateSchema, conflicts, cluster } = statements;
  const values = { tenant, version: expectedVersion, document: JSON.stringify(schema) };
  const isFirst = expectedVersion === 0;

  async function tookEffect(): Promise<boolean> {
    // A first schema needs no cluster-wide change: there are no profiles yet. Nor is one possible in the host's
    // transaction, which commits later.
    if (cluster !== undefined && !isFirst && !session.inHostTransaction) {
      const changed = await cluster.updateSchema(session, values);
      if (changed !== undefined) return changed;
    }
    const statement = isFirst ? insertSchema : updateSchema;
    return (await session.execute({ statement, values })).affected === 1;
  }

  return {
    run: async () => ((await tookEffect()) ? { outcome: 'committed' } : undefined),
    async findConflict() {
      const ofSchema = { tenant, ids: [], keys: [], digests: [] };
      const { rows } = await session.query({ statement: conflicts, values: ofSchema });
      const { schemaVersion } = new Conflicts(rows);
      return (schemaVersion ?? 0) === expectedVersion ? undefined : { outcome: 'schema_changed', schemaVersion };
    },
  };
}
