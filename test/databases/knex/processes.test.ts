import { expect } from 'chai';
import { createDossier } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { runRoundsInProcesses } from '../../process/child-processes.js';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';

const ROUNDS = 100;

describeOnEachServer('two processes', (server) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase(server);
  });
  afterEach(() => database.dispose());

  it('R12 R14 R19 H1: of two that claim one unique value, or one revision, exactly one succeeds; both may override a profile', async () => {
    const knex = database.open();
    await migrate(knex);
    const { profiles, schemas } = createDossier({ repository: new KnexProfileRepository(knex) });
    await schemas.define('1', {
      attributes: [
        { name: 'Email', type: 'string' },
        { name: 'Name', type: 'string' },
      ],
      identificationKeys: [{ name: 'byEmail', attributes: ['Email'], unique: true }],
    });
    const names = ['one', 'other'];
    for (const customerId of ['contended', 'overridden', ...names.map((name) => `claiming-${name}`)]) {
      await profiles.create('1', { customerId, attributes: {} });
    }

    const module = new URL('./race-process.ts', import.meta.url);
    const lists = names.map((name) => [server.client, database.url, name]);
    const reports = (await runRoundsInProcesses(module, lists, ROUNDS)) as Record<
      'taking' | 'replacing' | 'claiming' | 'overriding',
      string
    >[][];

    expect(reports).to.have.length(ROUNDS);
    for (const [round, answers] of reports.entries()) {
      expect(answers.map(({ taking }) => taking)).to.have.members(['ok', 'identity_taken']);
      expect(answers.map(({ replacing }) => replacing)).to.have.members(['ok', 'revision_conflict']);
      expect(answers.map(({ claiming }) => claiming)).to.have.members(['ok', 'identity_taken']);
      expect(answers.map(({ overriding }) => overriding)).to.deep.equal(['ok', 'ok']);
      const winner = names[answers.findIndex(({ taking }) => taking === 'ok')];
      const { items } = await profiles.identify('1', { values: { Email: `${round}` } });
      expect(items.map(({ customerId }) => customerId)).to.deep.equal([`${winner}-${round}`]);
    }
    const last = names[(reports.at(-1) ?? []).findIndex(({ replacing }) => replacing === 'ok')];
    const { revision, attributes } = await profiles.get('1', 'contended');
    expect({ revision, attributes }).to.deep.equal({
      revision: ROUNDS + 1,
      attributes: { Name: `${last} ${ROUNDS - 1}` },
    });

    const overridden = await profiles.get('1', 'overridden');
    expect(overridden.revision).to.equal(2 * ROUNDS + 1);
    const { items: states } = await profiles.history('1', 'overridden', { limit: 100 });
    expect(states.map(({ revision }) => revision)).to.deep.equal(
      Array.from({ length: 100 }, (_, index) => overridden.revision - index),
    );
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of names) {
        const { items } = await profiles.identify('1', { values: { Email: `${name} ${round}` } });
        const isLast = overridden.attributes.Email === `${name} ${round}`;
        expect(items.map(({ customerId }) => customerId)).to.deep.equal(isLast ? ['overridden'] : []);
      }
    }
  }).timeout(60_000);
});
