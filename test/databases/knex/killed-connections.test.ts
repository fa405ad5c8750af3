import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { isDossierError, type StorageUnavailableError, type UpdateChange } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { creation, email, firstSchema, update } from '../../adapters/knex/sample-changes.js';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';

const WRITERS = 8;
/** How many commits must have been cut off before the test ends. */
const CUT_OFF = 300;

describeOnEachServer('connections killed in the middle of load', (server) => {
  let database: TestDatabase;
  let knex: Knex;
  before(async () => {
    database = await createDatabase(server);
    knex = database.open({ log: { warn() {} } });
    await migrate(knex);
    await new KnexProfileRepository(knex).commitSchema(firstSchema);
  });
  after(() => database?.dispose());

  it('R12: nothing acknowledged is missing, nothing is half there, and no outcome is told wrongly', async () => {
    const repository = new KnexProfileRepository(knex);
    const writers = Array.from({ length: WRITERS }, (_, index) => new Writer(repository, index));
    await repository.commit(writers.flatMap((writer) => writer.creations()));

    let cutOff = 0;
    const killing = new AbortController();
    const work = writers.map((writer) => writer.writeUntil(killing.signal, () => cutOff++));
    const administrator = database.open({ pool: { min: 0, max: 1 } });
    while (cutOff < CUT_OFF) {
      for (const id of await otherConnections(server.client, administrator)) {
        // It may have ended by itself.
        await administrator.raw(server.kill(id)).catch(() => undefined);
      }
      await setTimeout(20);
    }
    killing.abort();
    await Promise.all(work);

    const afterwards = new KnexProfileRepository(database.open());
    for (const writer of writers) await writer.expectStored(afterwards);
    expect(Math.min(...writers.map((writer) => writer.revision))).to.be.above(1);
  }).timeout(60_000);
});

/**
 * Writes two profiles that nobody else writes, always both in one commit, and moves a unique entry of the first along.
 * The writers with an odd number write their first profile only, in one statement.
 */
class Writer {
  /** What is known to be stored. */
  revision = 1;
  /** Whether the next revision may be stored as well, or be on its way. */
  #unsettled = false;
  readonly #repository: KnexProfileRepository;
  readonly #index: number;

  constructor(repository: KnexProfileRepository, index: number) {
    this.#repository = repository;
    this.#index = index;
  }

  creations() {
    return [creation(this.#id('a'), [this.#entry(1)]), creation(this.#id('b'))];
  }

  async writeUntil(signal: AbortSignal, onCutOff: () => void): Promise<void> {
    while (!signal.aborted) await this.#write(onCutOff);
    // What the server had not finished by then it has now.
    while (!(await this.#write(() => undefined)));
  }

  /** Whether a commit was acknowledged. */
  async #write(onCutOff: () => void): Promise<boolean> {
    try {
      const result = await this.#repository.commit(this.#changes());
      if (this.#unsettled && result.outcome === 'revision_moved') {
        expect(result.revision).to.equal(this.revision + 1);
      } else {
        expect(result).to.deep.equal({ outcome: 'committed' });
      }
      this.revision++;
      this.#unsettled = false;
      return result.outcome === 'committed';
    } catch (error) {
      if (!isDossierError(error) || error.code !== 'storage_unavailable') throw error;
      onCutOff();
      this.#unsettled ||= (error as StorageUnavailableError).outcomeUnknown;
      const stored = await this.#storedRevision();
      expect(stored).to.be.oneOf(this.#unsettled ? [this.revision, this.revision + 1] : [this.revision]);
      if (stored > this.revision) this.#unsettled = false;
      this.revision = stored;
      return false;
    }
  }

  async expectStored(repository: KnexProfileRepository): Promise<void> {
    const revisionOf = async (name: string) =>
      (await repository.load('1', this.#id(name), { extensions: false })).profile?.revision;
    expect(await revisionOf('a')).to.equal(this.revision);
    if (this.#alone) return;
    expect(await revisionOf('b')).to.equal(this.revision);
    const holders = async (revision: number) =>
      (await repository.find('1', this.#entry(revision), { limit: 10, extensions: false })).profiles.length;
    expect(await holders(this.revision)).to.equal(1);
    expect(await holders(this.revision - 1)).to.equal(0);
  }

  get #alone(): boolean {
    return this.#index % 2 === 1;
  }

  #changes(): UpdateChange[] {
    const { revision } = this;
    if (this.#alone) return [update(this.#id('a'), revision)];
    const entries = { removeEntries: [this.#entry(revision)], addEntries: [this.#entry(revision + 1)] };
    return [update(this.#id('a'), revision, entries), update(this.#id('b'), revision)];
  }

  async #storedRevision(): Promise<number> {
    for (;;) {
      try {
        const { profile } = await this.#repository.load('1', this.#id('a'), { extensions: false });
        return profile?.revision ?? 0;
      } catch {
        // This connection was killed as well.
      }
    }
  }

  #id(name: string): string {
    return `${name}${this.#index}`;
  }

  #entry(revision: number) {
    return { ...email('0'), digest: `${this.#index}${String(revision).padStart(63, '0')}` };
  }
}

async function otherConnections(client: 'pg' | 'mysql2', knex: Knex): Promise<number[]> {
  const answer = await knex.raw(
    client === 'pg'
      ? 'SELECT pid AS id FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()'
      : 'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> connection_id()',
  );
  return (answer.rows ?? answer[0]).map((row: { id: number }) => row.id);
}
