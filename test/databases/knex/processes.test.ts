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

  it('R14 R19: of two that claim one unique value, or one revision, exactly one succeeds, in each round', async () => {
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
    await profiles.create('1', { customerId: 'contended', attributes: {} });

    const names = ['one', 'other'];
    const module = new URL('./race-process.ts', import.meta.url);
    const lists = names.map((name) => [server.client, database.url, name]);
    const reports = (await runRoundsInProcesses(module, lists, ROUNDS)) as { taking: string; replacing: string }[][];

    expect(reports).to.have.length(ROUNDS);
    for (const [round, answers] of reports.entries()) {
      expect(answers.map(({ taking }) => taking)).to.have.members(['ok', 'identity_taken']);
      expect(answers.map(({ replacing }) => replacing)).to.have.members(['ok', 'revision_conflict']);
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
  }).timeout(60_000);
});
