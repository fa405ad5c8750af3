import type { ClauseContext, ClauseGroup, DeclareClause } from '../clause.js';
import {
  commitAll,
  commitSchemaVersion,
  expectCommitted,
  expectConflict,
  expectEqual,
  keepAll,
} from '../expectations.js';
import { allLines, feedAll, nameOf } from '../feed.js';
import { ANNA, BERT, CARL, city, creation, deletion, email, TENANT, update } from '../sample-changes.js';
import { allStates, pruneAll } from '../states.js';
import { stateOf } from '../tenant-state.js';
import { serverModeOf, setServerMode } from './server-mode.js';

const ENTRIES = [email(ANNA), email(BERT), email(CARL), city('Ulm'), city('Bonn')];

/** What was acknowledged is there after the store was closed and opened again, if the harness can do that. */
export const durabilityClauses: ClauseGroup = (clause, options) => {
  clause('durability/reopened', 'a reopened store has what was acknowledged (needs `reopen`)', async (context) => {
    const { repository } = context;
    if (context.reopen === undefined) return;
    await seed(context);
    const before = await stateOf(repository, TENANT, ENTRIES);
    const reopened = await context.reopen();
    expectEqual(await stateOf(reopened, TENANT, ENTRIES), before, 'the state of the reopened store');
    await reopened.ping();
    await expectConflict(reopened, [creation(ANNA, { schemaVersion: 2 })], { outcome: 'id_taken', index: 0 });
    await commitAll(reopened, update(ANNA, 2, { schemaVersion: 2 }), creation(BERT, { schemaVersion: 2 }));
    await commitSchemaVersion(reopened, 3);
  });
  if (options.capabilities?.changes) declareFeedClause(clause);
  if (options.capabilities?.serverMode) {
    clause(
      'durability/server-mode',
      'a reopened store has the mode of the server (needs `reopen`)',
      async (context) => {
        if (context.reopen === undefined) return;
        await setServerMode(context.repository, 'maintenance');
        expectEqual(await serverModeOf(await context.reopen()), 'maintenance', 'the mode in the reopened store');
      },
    );
  }
  if (!options.capabilities?.history) return;

  clause('durability/history', 'a reopened store has all states that were kept (needs `reopen`)', async (context) => {
    const { repository } = context;
    if (context.reopen === undefined) return;
    await keepAll(repository, creation(ANNA), creation(BERT));
    await keepAll(repository, update(ANNA, 1), deletion(BERT, 1));
    await keepAll(repository, update(ANNA, 2));
    expectEqual(await pruneAll(repository, { keep: 1 }), 1, 'the number of removed states');
    const before = [await allStates(repository, ANNA), await allStates(repository, BERT)];
    const reopened = await context.reopen();
    const after = [await allStates(reopened, ANNA), await allStates(reopened, BERT)];
    expectEqual(after, before, 'the states in the reopened store');
    await expectCommitted(reopened, [update(ANNA, 3), creation(BERT)], { history: true, revisions: [4, 3] });
  });
};

function declareFeedClause(clause: DeclareClause): void {
  clause(
    'durability/changes',
    'a reopened store has all lines, at their positions (needs `reopen`)',
    async (context) => {
      const { repository } = context;
      if (context.reopen === undefined) return;
      const line = { changed: ['/Name'] };
      await feedAll(repository, creation(ANNA, { line }), creation(BERT, { line }));
      const before = await allLines(repository);
      // Nobody has read it yet.
      await feedAll(repository, update(ANNA, 1, { line }));
      const reopened = await context.reopen();
      const after = await allLines(reopened);
      expectEqual(after.slice(0, 2), before, 'the lines that were read before');
      expectEqual(after.map(nameOf).at(-1), 'anna 2', 'the line that was not');
    },
  );
}

/** Leaves Anna at revision 2, Carl at 1, schema version 2, and traces of what was deleted, dropped and refused. */
async function seed({ repository }: ClauseContext): Promise<void> {
  await commitAll(
    repository,
    creation(ANNA, { segment: 'gold', addEntries: [email(ANNA), city('Ulm')] }),
    creation(BERT, { addEntries: [email(BERT), city('Ulm')] }),
  );
  await commitAll(repository, update(ANNA, 1, { extensions: {}, addEntries: [city('Bonn')] }));
  await commitAll(repository, deletion(BERT, 1, { removeEntries: [email(BERT), city('Ulm')] }));
  const town = { ...city('Ulm'), key: 'idTown' };
  await commitAll(repository, creation(CARL, { addEntries: [email(CARL), town] }));
  await repository.dropEntries(TENANT, town.key, 10);
  const refused = [update(CARL, 1, { removeEntries: [email(CARL)] }), update(BERT, 1)];
  await expectConflict(repository, refused, { outcome: 'revision_changed', index: 1 });
  await commitSchemaVersion(repository, 2);
}
