import assert from 'node:assert/strict';
import { describeProfileRepository } from 'dossier/conformance';
import type { CommitResult } from 'dossier/storage';
import { describe, it } from 'mocha';
import { runCollected } from './collecting-runner.js';
import { type EntryRow, type TableChange, TableRepository } from './table-repository.js';

/** The message with which a clause fails. */
async function failureOf(Repository: new () => TableRepository, prefix: string): Promise<string> {
  const outcomes = await runCollected(
    (runner) =>
      describeProfileRepository({
        runner,
        createHarness: () => ({ repository: new Repository(), dispose: async () => {} }),
        capabilities: { anotherConnection: false },
      }),
    prefix,
  );
  return outcomes.find(({ failure }) => failure !== undefined)?.failure?.message ?? assert.fail('no clause failed');
}

describe('conformance kit: messages of failures', () => {
  it('blame a refused commit on commit, where a clause commits only to read', async () => {
    class Refusing extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        return changes.some(({ customerId }) => customerId === 'h')
          ? { outcome: 'id_taken', index: 0 }
          : super.commitChanges(changes);
      }
    }
    const message = await failureOf(Refusing, 'find/after');
    assert.match(message, /^Clause conflicts\/none failed: the result of commit/);
    assert.match(message, /It was found by the clause find\/after\. Fix conflicts\/none first\./);
    assert.match(message, /To run it alone, filter by the title "find\/after"/);
  });

  it('blame a repository with which no test can begin on that', async () => {
    class Empty extends TableRepository {
      override async commit(): Promise<CommitResult> {
        return { outcome: 'schema_changed' };
      }
    }
    assert.match(await failureOf(Empty, 'entries/many'), /^Clause harness\/seed failed: the result of commit/);
  });

  it('blame a change of another tenant on isolation', async () => {
    class Leaking extends TableRepository {
      protected override isToDrop(row: EntryRow, _tenantId: string, key: string): boolean {
        return row.key === key;
      }
    }
    const message = await failureOf(Leaking, 'drop-entries/released');
    assert.match(message, /^Clause tenants\/isolation failed: the state of the bystander tenant/);
    assert.match(message, /found by the clause drop-entries\/released/);
  });

  it('name the method that threw', async () => {
    class Throwing extends TableRepository {
      override async dropEntries(): Promise<number> {
        throw new Error('no such table');
      }
    }
    assert.match(
      await failureOf(Throwing, 'drop-entries/limit'),
      /failed: repository\.dropEntries threw no such table/,
    );
  });

  it('show whole calls, but for the middle of long lists and texts', async () => {
    class Losing extends TableRepository {
      protected override removeEntries(): void {}
    }
    const moved = await failureOf(Losing, 'entries/update');
    const [call = ''] = moved.match(/repository\.commit\("1", \[\{"kind":"update".*/) ?? [];
    assert.match(
      call,
      /"removeEntries":\[.*\].*\}\], \{"history":false,"changes":false\}\) → \{"outcome":"committed","revisions":\[2\]\}$/,
    );
    const many = await failureOf(Losing, 'entries/many');
    assert.match(many, /"… 1992 more …"/);
    assert.ok(many.length < 60_000, `the message has ${many.length} characters`);
  });
});
