import assert from 'node:assert';
import { inspect } from 'node:util';
import type { ProfileRepository, StateMetadata } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { firstDifference } from '../difference.js';
import { erase, lineageOf } from '../erasures.js';
import { commit, commitAll } from '../expectations.js';
import { ANNA, BERT, CREATED_AT, city, creation, DELETED_AT, sampleSchema, TENANT, update } from '../sample-changes.js';
import { historyPage, pruneOnce } from '../states.js';
import { stateOf } from '../tenant-state.js';
import { serverModeOf, setServerMode } from './server-mode.js';

const NEEDS = '(needs `break`)';
/** Stands for personal data: no error may contain it. */
const SECRET = 'Secret-Value-7391';

type Call = (repository: ProfileRepository) => Promise<unknown>;

const READS: Readonly<Record<string, Call>> = {
  load: (repository) => repository.load(TENANT, ANNA, { extensions: true }),
  'load without extensions': (repository) => repository.load(TENANT, ANNA, { extensions: false }),
  find: (repository) => repository.find(TENANT, city('Ulm'), { limit: 10, extensions: true }),
  page: (repository) => repository.page(TENANT, { limit: 10 }),
  loadSchema: (repository) => repository.loadSchema(TENANT),
};

const secret = {
  attributes: { Name: SECRET },
  extensions: { Log: [{ Text: SECRET }] },
  residual: { attributes: { Name: SECRET } },
  metadata: { operation: 'import', actor: SECRET, reason: SECRET } satisfies StateMetadata,
};

const WRITES: Readonly<Record<string, Call>> = {
  commit: (repository) => commit(repository, [update(ANNA, 1, secret)]),
  'commit of two changes': (repository) => commit(repository, [creation(BERT, secret), update(ANNA, 1, secret)]),
  commitSchema: (repository) => repository.commitSchema(TENANT, { expectedVersion: 1, schema: sampleSchema(SECRET) }),
  dropEntries: (repository) => repository.dropEntries(TENANT, 'idCity', 10),
};

const HISTORY_READS: Readonly<Record<string, Call>> = {
  history: (repository) => historyPage(repository, ANNA, { limit: 10 }),
};

const HISTORY_WRITES: Readonly<Record<string, Call>> = {
  'commit with history': (repository) => commit(repository, [update(ANNA, 1, secret)], { history: true }),
  prune: (repository) => pruneOnce(repository, { keep: 0, limit: 10 }),
};

const ERASURE_READS: Readonly<Record<string, Call>> = {
  lineage: (repository) => lineageOf(repository, ANNA),
};

const ERASURE_WRITES: Readonly<Record<string, Call>> = {
  erase: (repository) => {
    const target = { customerId: ANNA, expectedRevision: 1, exists: true, createdAt: CREATED_AT, at: DELETED_AT };
    const receipt = { erasure: 'erasure-1', customerId: ANNA, time: DELETED_AT, actor: SECRET, customerIds: [ANNA] };
    return erase(repository, { receipt, targets: [target], formerStates: [], dryRun: false });
  },
};

const MODE_READS: Readonly<Record<string, Call>> = { loadServerMode: serverModeOf };

const MODE_WRITES: Readonly<Record<string, Call>> = {
  storeServerMode: (repository) => setServerMode(repository, 'maintenance'),
};

/** What a store that cannot be reached throws, if the harness can break it. */
export const faultClauses: ClauseGroup = (clause, options) => {
  const { history, erasure, serverMode } = options.capabilities ?? {};
  const reads = {
    ...READS,
    ...(history && HISTORY_READS),
    ...(erasure && ERASURE_READS),
    ...(serverMode && MODE_READS),
  };
  const writes = {
    ...WRITES,
    ...(history && HISTORY_WRITES),
    ...(erasure && ERASURE_WRITES),
    ...(serverMode && MODE_WRITES),
  };

  clause('faults/ping', `ping rejects while the store cannot be reached ${NEEDS}`, async (context) => {
    if (context.break === undefined) return;
    await context.break();
    await expectFault('ping', context.repository.ping());
  });

  clause('faults/reads', `reads reject as unavailable ${NEEDS}`, async (context) => {
    if (context.break === undefined) return;
    await commitAll(context.repository, creation(ANNA, { ...secret, addEntries: [city('Ulm')] }));
    await context.break();
    for (const [name, call] of Object.entries(reads)) {
      const { outcomeUnknown } = await expectFault(name, call(context.repository));
      assert.ok(!outcomeUnknown, `${name} rejected with \`outcomeUnknown\`, which belongs to writes`);
    }
  });

  clause(
    'faults/writes',
    `writes reject as unavailable, and keep values out of the error ${NEEDS}`,
    async (context) => {
      if (context.break === undefined) return;
      await commitAll(context.repository, creation(ANNA, { addEntries: [city('Ulm')] }));
      await context.break();
      for (const [name, call] of Object.entries(writes)) {
        const error = await expectFault(name, call(context.repository));
        assert.ok(
          typeof error.outcomeUnknown === 'boolean',
          `${name} rejected without a boolean \`outcomeUnknown\`: ${inspect(error)}`,
        );
      }
    },
  );

  clause(
    'faults/recovered',
    'a write is done only if its outcome was unknown (needs `break`, `reopen`)',
    async (context) => {
      if (context.break === undefined || context.reopen === undefined) return;
      await commitAll(context.repository, creation(ANNA));
      const before = await stateOf(context.repository, TENANT);
      await context.break();
      const changes = [update(ANNA, 1, secret), creation(BERT, secret)];
      const { outcomeUnknown } = await expectFault('commit', commit(context.repository, changes));
      const reopened = await context.reopen();
      const after = await stateOf(reopened, TENANT);
      const difference = firstDifference(after, before);
      const isWhole = after.profiles.length === 2 && after.profiles[0]?.revision === 2;
      if (difference !== undefined && !(outcomeUnknown && isWhole)) {
        assert.fail(`the state after the rejected commit: ${difference}`);
      }
      await commitAll(reopened, creation('carl'));
    },
  );
};

interface Fault {
  readonly code?: unknown;
  readonly outcomeUnknown?: unknown;
}

/** Fails unless a call rejects with a `StorageUnavailableError`, known by its code, that holds no value. */
async function expectFault(name: string, call: Promise<unknown>): Promise<Fault> {
  const error = await call.then(
    (answer: unknown) =>
      assert.fail(`${name} must reject while the store is broken, and resolved to ${inspect(answer)}`),
    (thrown: unknown) => thrown as Fault,
  );
  assert.strictEqual(
    error.code,
    'storage_unavailable',
    `${name} must reject with a StorageUnavailableError, not with ${inspect(error)}`,
  );
  // With its causes and hidden members.
  const shown = inspect(error, { depth: 20, showHidden: true });
  assert.ok(!shown.includes(SECRET), `the error of ${name}, or its cause, contains a value of the profile`);
  return error;
}
