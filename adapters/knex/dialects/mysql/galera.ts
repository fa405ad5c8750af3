import { type Statement, statement } from '../../sql/statement.js';
import { REVISION_COLUMNS, type SchemaFence } from '../../sql/statements.js';

/**
 * What Galera needs beyond one server. Locks hold on one node; when two commits meet, nodes compare the rows that each
 * has *written*, and refuse the later one. A row that a commit has only read, such as that of the schema, does not count.
 *
 * The text is a comment to MySQL, which knows no such variable.
 */
const IS_GALERA = '0 /*M!100600 + @@wsrep_on */';

/** A node answers from what it has carried out so far, unless the session has it wait for what others have committed. */
export const STALENESS: Statement = statement(
  'SELECT 0 /*M!100600 + (@@wsrep_on = 1 AND @@wsrep_sync_wait & 1 = 0) */',
);

/**
 * Writes the profiles of a batch, twice, so that they are what they were. On one server alone nothing is written: the
 * locks do.
 */
export function claimProfiles(profiles: string, batch: string): readonly Statement[] {
  return ['+ 1', '- 1'].map((step) =>
    statement(
      `UPDATE ${batch} STRAIGHT_JOIN ${profiles} p ON p.tenant = :tenant AND p.id = c.id
       SET p.revision = p.revision ${step} WHERE ${IS_GALERA} = 1`,
      REVISION_COLUMNS,
    ),
  );
}

/**
 * What a transaction has written is otherwise sent to the other nodes when it is committed. Here it is sent at once, for
 * them to lock the row until then.
 *
 * Statements on whole tables run on all nodes at the same place among all commits; what came about without knowing of
 * one, and would be committed after it, is refused. This one needs no rights beyond those of writing, and looks at a few
 * pages of the table, whatever its size.
 */
export function schemaFence(profiles: string, updateSchema: string): SchemaFence {
  return {
    isNeeded: statement(`SELECT ${IS_GALERA}`),
    announce: statement(`
      SET STATEMENT wsrep_trx_fragment_unit = 'rows', wsrep_trx_fragment_size = 1 FOR ${updateSchema}`),
    raise: statement(`ANALYZE TABLE ${profiles}`),
  };
}
