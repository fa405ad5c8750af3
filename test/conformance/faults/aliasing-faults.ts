import type { CommitResult, PageRequest, ProfilePage, SchemaChange, StoredProfile } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type TableChange, TableRepository } from '../table-repository.js';

export const aliasingFaults: readonly Fault[] = [
  ...(['update', 'delete', 'index'] as const).map((kind) => ({
    fault: `${kind} changes are read after the call returned`,
    breaks: 'aliasing/in-flight',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        if (changes[0]?.kind === kind) await Promise.resolve();
        return super.commitChanges(changes);
      }
    },
  })),
  {
    fault: 'entries are read after the call returned',
    breaks: 'aliasing/in-flight',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        await Promise.resolve();
        return super.commitChanges(
          copies.map((copy, index) => {
            const change = changes[index];
            return change && 'addEntries' in change ? { ...copy, addEntries: change.addEntries } : copy;
          }) as readonly TableChange[],
        );
      }
    },
  },
  {
    fault: 'a schema is read after the call returned',
    breaks: 'aliasing/schema',
    Repository: class extends TableRepository {
      override async commitSchema(tenantId: string, change: SchemaChange) {
        await Promise.resolve();
        return super.commitSchema(tenantId, change);
      }
    },
  },
  {
    fault: 'expectedVersion of a schema change is read after the call returned',
    breaks: 'aliasing/schema',
    Repository: class extends TableRepository {
      override async commitSchema(tenantId: string, change: SchemaChange) {
        const copy = this.copyIn(change);
        await Promise.resolve();
        return super.commitSchema(tenantId, { ...copy, expectedVersion: change.expectedVersion });
      }
    },
  },
  {
    fault: 'the options of page are read after the call returned',
    breaks: 'aliasing/in-flight',
    Repository: class extends TableRepository {
      override async page(tenantId: string, page: PageRequest) {
        await Promise.resolve();
        return super.page(tenantId, page);
      }
    },
  },
  {
    fault: 'page sets `after` in its options',
    breaks: 'aliasing/unmodified',
    Repository: class extends TableRepository {
      override page(tenantId: string, page: PageRequest) {
        return super.page(tenantId, Object.assign(page, { after: page.after ?? '' }));
      }
    },
  },
  {
    fault: 'a deletion empties its list of entries',
    breaks: 'aliasing/unmodified',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const result = await super.commitChanges(changes);
        for (const change of changes) if (change.kind === 'delete') Object.assign(change.removeEntries, { length: 0 });
        return result;
      }
    },
  },
  {
    fault: 'lists of records are copied, the records in them are shared',
    breaks: 'aliasing/output',
    Repository: class extends TableRepository {
      protected override toResult(profile: StoredProfile, withExtensions: boolean): StoredProfile {
        const lists = Object.entries(profile.extensions ?? {}).map(([name, records]) => [name, [...records]]);
        const answer = super.toResult(profile, withExtensions);
        return withExtensions ? { ...answer, extensions: Object.fromEntries(lists) } : answer;
      }
    },
  },
  {
    fault: 'all empty extensions are one shared object',
    breaks: 'aliasing/output',
    Repository: class extends TableRepository {
      readonly #none = {};

      protected override toResult(profile: StoredProfile, withExtensions: boolean): StoredProfile {
        const answer = super.toResult(profile, withExtensions);
        const isEmpty = withExtensions && Object.keys(answer.extensions ?? {}).length === 0;
        return isEmpty ? { ...answer, extensions: this.#none } : answer;
      }
    },
  },
  {
    fault: 'all empty pages are one shared object',
    breaks: 'aliasing/output',
    Repository: class extends TableRepository {
      readonly #none: ProfilePage = { profiles: [], more: false };

      override async page(tenantId: string, page: PageRequest) {
        const answer = await super.page(tenantId, page);
        return answer.profiles.length === 0 ? this.#none : answer;
      }
    },
  },
  {
    fault: 'equal results of commits are one shared object',
    breaks: 'aliasing/output',
    Repository: class extends TableRepository {
      readonly #known = new Map<string, CommitResult>();

      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const result = await super.commitChanges(changes);
        const name = JSON.stringify(result);
        const known = this.#known.get(name) ?? result;
        this.#known.set(name, known);
        return known;
      }
    },
  },
];
