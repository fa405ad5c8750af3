import assert from 'node:assert';
import { setTimeout } from 'node:timers/promises';
import type { StoredLine } from '../../src/storage/change-lines.js';
import type { ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseContext, ClauseGroup, DeclareClause } from '../clause.js';
import { awaitAll, race, readWhileWriting, yieldToEventLoop } from '../concurrency.js';
import { commit, expectEqual } from '../expectations.js';
import { ALL, allLines, changesPage, expectByRevision, FEED, feedAll, linesAfter, nameOf } from '../feed.js';
import { ANNA, BERT, CARL, creation, deletion, EMIL, TENANT, update } from '../sample-changes.js';

const line = { changed: ['/Name'] };
const WRITERS = 8;
const WRITES = 12;

/** The order in which lines are read (C2), if the capability is declared. */
export const changesOrderClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.changes) return;

  clause('changes/positions', 'pages of any size are parts of one order', async (context) => {
    const { repository, secondConnection } = context;
    for (const id of [CARL, ANNA, BERT]) await feedAll(repository, creation(id, { line }));
    const first = await changesPage(repository, TENANT, { limit: 2 });
    expectEqual(
      [first.lines.length, first.more],
      [2, true],
      'the number of lines on a page of 2, and whether there is more',
    );
    await feedAll(repository, update(ANNA, 1, { line }), update(BERT, 1, { line }));
    await feedAll(repository, deletion(ANNA, 2, { line }), update(BERT, 2, { line }));
    const whole = await allLines(secondConnection);
    expectEqual(whole.slice(0, 2), first.lines, 'the lines that were read before the others were written');
    expectByRevision(whole, 'the lines');
    for (const limit of [1, 2, 3, 1_000]) {
      expectEqual(await linesAfter(repository, TENANT, { limit }), whole, `the lines, read by pages of ${limit}`);
    }
    for (const [index, { position }] of whole.entries()) {
      const rest = await linesAfter(repository, TENANT, { after: position });
      expectEqual(rest, whole.slice(index + 1), `the lines after position ${position}`);
    }
    const { newest, removed, more } = await changesPage(repository, TENANT, { limit: 1_000 });
    const expected = { newest: whole.at(-1)?.position, removed: 0, more: false };
    expectEqual({ newest, removed, more }, expected, 'what a page tells of the order');
    const none = await changesPage(repository, TENANT, { after: newest, limit: 10 });
    expectEqual(none, { lines: [], more: false, newest, removed: 0 }, 'the page after the newest line');
  });

  clause('changes/read-your-writes', 'sees every acknowledged commit, on any connection', async (context) => {
    const { repository, secondConnection } = context;
    await feedAll(repository, creation(ANNA, { line }));
    for (let revision = 2; revision <= 6; revision++) {
      const [writer, reader] = revision % 2 === 0 ? [repository, secondConnection] : [secondConnection, repository];
      await allLines(reader);
      await feedAll(writer, update(ANNA, revision - 1, { line }));
      for (const connection of [reader, writer]) {
        const { lines } = await changesPage(connection, TENANT, { limit: 1_000 });
        expectEqual(lines.length, revision, 'the number of lines of a page after the commit');
      }
    }
  });

  clause('changes/racing', 'readers see every line once, however writers race', async (context) => {
    const acknowledged = new Set<string>();
    await whileFollowing(context, acknowledged, async () => {
      await race(context, WRITERS, async (connection, writer) => {
        // Two writers for each profile, so that some commits are refused.
        const id = `id${writer % (WRITERS / 2)}`;
        if (writer < WRITERS / 2) await write(connection, acknowledged, creation(id, { line }), 1);
        for (let revision = 1, turn = 0; turn < WRITES; turn++) {
          const profile = (await connection.load(TENANT, id, { extensions: false })).profile;
          revision = profile?.revision ?? 0;
          if (profile !== undefined)
            await write(connection, acknowledged, update(id, revision, { line }), revision + 1);
          if (turn % 4 === writer % 4) await yieldToEventLoop();
        }
      });
    });
  });

  if (options.capabilities?.hostTransactions) declareTransactionClauses(clause);
};

/** Lines of transactions of a host, which become visible late or never. */
function declareTransactionClauses(clause: DeclareClause): void {
  clause('changes/transaction', 'a line that becomes visible late is not passed over', async (context) => {
    const { repository, secondConnection } = context;
    await feedAll(repository, creation(ANNA, { line }), creation(BERT, { line }));
    const before = await allLines(repository);
    let overtaking: Promise<StoredLine[]> | undefined;
    await context.transaction?.(async (bound) => {
      await feedAll(bound, update(ANNA, 1, { line }), creation(CARL, { line }));
      overtaking = overtake(secondConnection);
      // A store that runs one transaction at a time makes it wait for this one.
      await Promise.race([overtaking, setTimeout(300)]);
      return 'commit';
    });
    const seen = (await overtaking) ?? [];
    expectEqual(seen.slice(0, before.length), before, 'the lines that were read before');
    const whole = await linesAfter(repository, TENANT, { after: before.at(-1)?.position });
    const after = await linesAfter(repository, TENANT, { after: seen.at(-1)?.position });
    expectEqual([...seen.slice(before.length), ...after], whole, 'the lines, read in two parts');
    expectEqual(whole.map(nameOf).toSorted(), ['anna 2', 'bert 2', 'carl 1'], 'the lines since');
  });

  clause('changes/transaction', 'a rolled back transaction leaves no line', async (context) => {
    const { repository } = context;
    await feedAll(repository, creation(ANNA, { line }));
    const before = await allLines(repository);
    await context.transaction?.(async (bound) => {
      await feedAll(bound, update(ANNA, 1, { line }), creation(EMIL, { line }));
      return 'rollback';
    });
    expectEqual(await allLines(repository), before, 'the lines after the rollback');
    await feedAll(repository, update(ANNA, 1, { line }));
    const after = await linesAfter(repository, TENANT, { after: before.at(-1)?.position });
    expectEqual(after.map(nameOf), ['anna 2'], 'the line of the revision that was written again');
  });

  clause('changes/transaction', 'readers see every line once, whatever transactions do', async (context) => {
    const acknowledged = new Set<string>();
    await whileFollowing(context, acknowledged, async () => {
      for (const [turn, outcome] of (['commit', 'rollback', 'commit', 'rollback', 'commit'] as const).entries()) {
        const ids = [`held${turn}-a`, `held${turn}-b`];
        await context.transaction?.(async (bound) => {
          for (const id of ids) {
            await feedAll(bound, creation(id, { line }));
            await setTimeout(10);
          }
          return outcome;
        });
        if (outcome === 'commit') for (const id of ids) acknowledged.add(`${id} 1`);
        await write(context.secondConnection, acknowledged, creation(`other${turn}`, { line }), 1);
      }
    });
  });
}

/** Commits on a connection while another one holds a transaction open, and reads what is visible then. */
async function overtake(connection: ProfileRepository): Promise<StoredLine[]> {
  await feedAll(connection, update(BERT, 1, { line }));
  return allLines(connection);
}

async function write(
  connection: ProfileRepository,
  acknowledged: Set<string>,
  change: Parameters<typeof commit>[1][number],
  revision: number,
): Promise<void> {
  const { outcome } = await commit(connection, [change], FEED);
  if (outcome === 'committed') acknowledged.add(`${change.customerId} ${revision}`);
}

/** Follows the feed by several readers while work runs; fails unless each reads what was acknowledged, once and in order. */
async function whileFollowing(
  context: ClauseContext,
  acknowledged: ReadonlySet<string>,
  work: () => Promise<void>,
): Promise<void> {
  const { repository, secondConnection } = context;
  const followers = [
    new Follower(TENANT, repository, 1_000),
    new Follower(TENANT, secondConnection, 3),
    new Follower(ALL, secondConnection, 1_000),
  ];
  await readWhileWriting(context, 1, work, async () => {
    await awaitAll(followers.map((follower) => follower.poll()));
  });
  for (const follower of followers) {
    await follower.finish();
    const lines = follower.lines.filter(({ tenantId }) => tenantId === TENANT);
    expectByRevision(lines, 'the lines that a reader has read');
    expectEqual(lines.map(nameOf).toSorted(), [...acknowledged].toSorted(), 'the lines that a reader has read');
  }
  const [one, other] = followers;
  expectEqual(one?.lines, other?.lines, 'the lines of two readers of a tenant');
}

/** A reader that goes on from where it is. */
class Follower {
  readonly lines: StoredLine[] = [];
  readonly #tenantId: string | undefined;
  readonly #repository: ProfileRepository;
  readonly #limit: number;

  constructor(tenantId: string | undefined, repository: ProfileRepository, limit: number) {
    this.#tenantId = tenantId;
    this.#repository = repository;
    this.#limit = limit;
  }

  /** @returns whether there is more */
  async poll(): Promise<boolean> {
    const request = { after: this.lines.at(-1)?.position, limit: this.#limit };
    const { lines, more } = await changesPage(this.#repository, this.#tenantId, request);
    const before = this.lines.at(-1)?.position ?? 0;
    const first = lines[0]?.position ?? before + 1;
    assert.ok(first > before, `position ${first} was read after position ${before}`);
    this.lines.push(...lines);
    return more;
  }

  async finish(): Promise<void> {
    for (let polls = 0; await this.poll(); polls++)
      assert.ok(polls < 10_000, 'ten thousand pages still say there is more');
  }
}
