import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { type ChangeLine, createDossier, isDossierError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';

const WRITERS = 6;
const TURNS = 15;
const ENDS = ['commit', 'roll back', 'be killed'] as const;

/** A reader that goes on from its cursor. */
interface Follower {
  readonly lines: ChangeLine[];
  poll(): Promise<number>;
}

describeOnEachServer('the feed under transactions that are held open', (server) => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase(server);
  });
  after(() => database?.dispose());

  it('C2: each reader sees what was acknowledged, once and in order, whatever writers hold open, roll back, or die', async () => {
    const knex = database.open({ pool: { min: 0, max: WRITERS }, log: { warn() {} } });
    const administrator = database.open();
    await migrate(knex);
    const dossier = createDossier({ repository: new KnexProfileRepository(knex), changes: true });
    await dossier.schemas.define('1', { attributes: [{ name: 'Visits', type: 'integer' }] });
    /** Lines that must be there, and lines that may be: nobody knows whether a commit took place whose connection died. */
    const acknowledged = new Set<string>();
    const unknown = new Set<string>();

    const write = async (writer: number, turn: number) => {
      const end = ENDS[(writer + turn) % ENDS.length];
      const customerId = `writer${writer}`;
      const trx = await knex.transaction();
      const lines: string[] = [];
      try {
        const { profiles } = dossier.within(trx);
        const change = { attributes: { Visits: turn } };
        const exists = acknowledged.has(`${customerId} 1`) || unknown.has(`${customerId} 1`);
        const current = exists ? await profiles.get('1', customerId).catch(() => undefined) : undefined;
        const own = current
          ? await profiles.patch('1', customerId, change)
          : await profiles.create('1', { customerId, ...change });
        lines.push(`${customerId} ${own.revision}`);
        await setTimeout(Math.random() * 20);
        const other = await profiles.create('1', change);
        lines.push(`${other.customerId} 1`);
        if (end === 'roll back') return void (await trx.rollback());
        if (end === 'be killed') {
          const [[row]] = [await trx.raw(server.ownConnection)].map((result) => result.rows ?? result[0]);
          await administrator.raw(server.kill(Number(row.id)));
          await setTimeout(5);
        }
        await trx.commit();
        // Knex resolves, too, when the connection is gone.
        if (end === 'be killed') throw new Error('The connection was killed.');
        for (const line of lines) acknowledged.add(line);
      } catch (error) {
        for (const line of lines) unknown.add(line);
        await trx.rollback().catch(() => undefined);
        if (isDossierError(error) && error.code !== 'storage_unavailable') throw error;
      }
    };

    const followers = [undefined, undefined, 'all'].map((scope): Follower => {
      // With connections of its own, as another process.
      const own = createDossier({ repository: new KnexProfileRepository(database.open()), changes: true });
      const lines: ChangeLine[] = [];
      let after: string | undefined;
      return {
        lines,
        async poll() {
          const request = { after, limit: 7 };
          const { items, next } = await (scope ? own.changes(request) : own.profiles.changes('1', request));
          lines.push(...items);
          after = next;
          return items.length;
        },
      };
    });
    let isOver = false;
    const following = followers.map(async ({ poll }) => {
      while (!isOver) if ((await poll()) === 0) await setTimeout(2);
      while ((await poll()) > 0);
    });
    await Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        for (let turn = 0; turn < TURNS; turn++) await write(writer, turn);
      }),
    );
    isOver = true;
    await Promise.all(following);

    for (const { lines } of followers) {
      const names = lines.map(({ customerId, revision }) => `${customerId} ${revision}`);
      expect(new Set(names).size, 'no line twice').to.equal(names.length);
      expect(
        [...acknowledged].filter((line) => !names.includes(line)),
        'missed',
      ).to.deep.equal([]);
      expect(
        names.filter((line) => !acknowledged.has(line) && !unknown.has(line)),
        'of no commit',
      ).to.deep.equal([]);
      const last = new Map<string, number>();
      for (const { customerId, revision } of lines) {
        expect(revision, customerId).to.equal((last.get(customerId) ?? 0) + 1);
        last.set(customerId, revision);
      }
    }
    const [one, other] = followers;
    expect(one?.lines).to.deep.equal(other?.lines);
    expect(acknowledged.size).to.be.above(10);
  });
});
