import type { CommitResult } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type TableChange, TableRepository } from '../table-repository.js';

/** A repository that answers other revisions of a commit. */
function answering(other: (revisions: readonly number[], changes: readonly TableChange[]) => readonly number[]) {
  return class extends TableRepository {
    protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
      const result = await super.commitChanges(changes);
      return result.outcome === 'committed' ? { ...result, revisions: other(result.revisions, changes) } : result;
    }
  };
}

export const commitResultFaults: readonly Fault[] = [
  {
    fault: 'a commit answers no revisions',
    breaks: 'commit/revisions',
    Repository: answering(() => []),
  },
  {
    fault: 'a commit answers the revisions before it',
    breaks: 'commit/revisions',
    Repository: answering((_, changes) =>
      changes.map((change) => (change.kind === 'create' ? 1 : change.expectedRevision)),
    ),
  },
  {
    fault: 'a deletion has no revision in the result of a commit',
    breaks: 'commit/revisions',
    Repository: answering((revisions, changes) => revisions.filter((_, index) => changes[index]?.kind !== 'delete')),
  },
  {
    fault: 'a commit answers the revision of an index change plus one',
    breaks: 'commit/revisions',
    Repository: answering((revisions, changes) =>
      revisions.map((revision, index) => (changes[index]?.kind === 'index' ? revision + 1 : revision)),
    ),
  },
  {
    fault: 'the revisions of a commit are in the order of the customer ids',
    breaks: 'commit/revisions',
    Repository: answering((revisions, changes) =>
      changes
        .map(({ customerId }, index) => ({ customerId, revision: revisions[index] ?? 0 }))
        .sort((a, b) => (a.customerId < b.customerId ? -1 : 1))
        .map(({ revision }) => revision),
    ),
  },
];
