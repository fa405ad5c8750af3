import { isTrue } from '../../connections/requirements.js';
import type { Session } from '../../connections/session.js';
import { type Plan, type Step, statement, type Values } from '../../sql/statement.js';
import { REVISION_COLUMNS } from '../../sql/statements.js';
import type { Cluster } from '../capabilities.js';

/** Whether the server is a Galera node. The text is a comment to MySQL, which has no such variable. */
const IS_GALERA = '0 /*M!100600 + @@wsrep_on */';

export const SECOND_CONNECTION_MESSAGE =
  'On Galera, a schema change takes two connections. Give the pool of Knex at least two.';

/**
 * What Galera needs beyond a single server. Locks hold on one node; certification compares only the rows that concurrent
 * commits have *written*, and refuses the later one. Rows that a commit has only read, such as the schema's, do not count.
 *
 * @param profiles the table
 * @param batch a batch with {@link REVISION_COLUMNS}, as `c`
 * @param updateSchema the text of the statement for a single server
 */
export function galera(profiles: string, batch: string, updateSchema: string): Cluster {
  const isNode = statement(`SELECT ${IS_GALERA}`);
  // A transaction's writes normally reach the other nodes when it commits. Streaming replication sends this one at once, so
  // that they lock the row until then.
  const announce = statement(`
    SET STATEMENT wsrep_trx_fragment_unit = 'rows', wsrep_trx_fragment_size = 1 FOR ${updateSchema}`);
  // Total order isolation: a statement on a whole table runs on all nodes at the same place in the order of commits. A
  // commit that began before it, and would be ordered after it, is refused. This one needs no more privileges than writing
  // does, and reads a few pages of the table, whatever its size.
  const drain: Step = { statement: statement(`ANALYZE TABLE ${profiles}`), values: {} };

  return {
    freshReads: {
      unmet: statement('SELECT 0 /*M!100600 + (@@wsrep_on = 1 AND @@wsrep_sync_wait & 1 = 0) */'),
      message: 'Galera nodes may return stale rows. Set wsrep_sync_wait = 1 on every connection.',
    },
    // Two writes leave a profile unchanged. On a single server nothing is written: the locks suffice.
    touchProfiles: ['+ 1', '- 1'].map((step) =>
      statement(
        `UPDATE ${batch} STRAIGHT_JOIN ${profiles} p ON p.tenant = :tenant AND p.id = c.id
         SET p.revision = p.revision ${step} WHERE ${IS_GALERA} = 1`,
        REVISION_COLUMNS,
      ),
    ),
    async updateSchema(session: Session, values: Values) {
      if (!(await isTrue(session, isNode))) return undefined;
      const plan = () => announceAndDrain({ statement: announce, values }, drain);
      return session.atomically({ plan, onSecondConnection: drain });
    },
  };
}

/** Announces the schema change to all nodes, then drains the commits in flight, before the change takes effect. */
function* announceAndDrain(announce: Step, drain: Step): Plan<boolean> {
  if ((yield announce).affected !== 1) return false;
  yield drain;
  return true;
}
