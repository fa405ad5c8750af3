import { expect } from 'chai';
import { checkMigrations, KnexProfileRepository, migrate } from 'dossier/knex';
import type { CommitResult } from 'dossier/storage';
import { creation, firstSchema, HISTORY } from '../../adapters/knex/sample-changes.js';
import { fileStore } from '../../adapters/knex/sqlite-store.js';
import { runInProcesses } from '../child-processes.js';

describe('several processes on one SQLite file', function () {
  this.timeout(60_000);

  it('R14: of 50 replacements by each of two that expect one revision, exactly one succeeds', async () => {
    const store = await fileStore();
    const knex = store.open();
    await migrate(knex);
    const repository = new KnexProfileRepository(knex);
    await repository.commitSchema('1', firstSchema);
    await repository.commit('1', [creation('anna')], HISTORY);

    const module = new URL('./replace-process.ts', import.meta.url);
    const reports = await runInProcesses(module, [
      [store.filename, '50'],
      [store.filename, '50'],
    ]);
    const answers = reports.flat() as CommitResult[];
    expect(answers).to.have.length(100);
    expect(answers.filter((answer) => answer.outcome === 'committed')).to.have.length(1);
    for (const answer of answers) {
      if (answer.outcome === 'committed') continue;
      expect(answer).to.deep.equal({ outcome: 'revision_changed', index: 0, revision: 2 });
    }
    const { profile } = await repository.load('1', 'anna', { extensions: false });
    expect(profile?.revision).to.equal(2);
    await store.dispose();
  });

  it('five that migrate an empty database at once run each migration once', async () => {
    const store = await fileStore();
    const module = new URL('./migrate-process.ts', import.meta.url);
    const reports = await runInProcesses(module, Array(5).fill(['better-sqlite3', store.filename]));
    const { applied, ready } = await checkMigrations(store.open());
    expect(ready).to.equal(true);
    expect(reports.flat()).to.deep.equal(applied);
    await store.dispose();
  });
});
