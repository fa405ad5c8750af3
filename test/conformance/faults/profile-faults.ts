import { setImmediate } from 'node:timers/promises';
import type { CommitResult, Loaded, StoredProfile, UpdateChange } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type TableChange, TableRepository } from '../table-repository.js';

export const profileFaults: readonly Fault[] = [
  {
    fault: 'revisions are stored in one byte',
    breaks: 'update/revision',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        const updated = super.updated(current, change);
        return { ...updated, revision: updated.revision % 256 };
      }
    },
  },
  {
    fault: 'an update trims the segment',
    breaks: 'round-trip/segments',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        const updated = super.updated(current, change);
        return { ...updated, segment: updated.segment?.trim() };
      }
    },
  },
  {
    fault: 'the revision is not incremented',
    breaks: 'update/revision',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        return { ...super.updated(current, change), revision: current.revision };
      }
    },
  },
  {
    fault: 'an index change increments the revision',
    breaks: 'index/adds',
    Repository: class extends TableRepository {
      protected override applyToProfile(change: TableChange): void {
        super.applyToProfile(change);
        if (change.kind !== 'index') return;
        this.profiles = this.profiles.map((row) =>
          this.isProfile(row, change.tenantId, change.customerId, 'update')
            ? { ...row, profile: { ...row.profile, revision: row.profile.revision + 1 } }
            : row,
        );
      }
    },
  },
  {
    fault: 'an update overwrites createdAt',
    breaks: 'update/timestamps',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        return { ...super.updated(current, change), createdAt: change.at };
      }
    },
  },
  {
    fault: 'an update does not set updatedAt',
    breaks: 'update/timestamps',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        return { ...super.updated(current, change), updatedAt: current.updatedAt };
      }
    },
  },
  {
    fault: 'an update without a segment keeps the one that there is',
    breaks: 'update/segment',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        return { ...super.updated(current, change), segment: change.segment ?? current.segment };
      }
    },
  },
  {
    fault: 'an update without extensions clears them (R7)',
    breaks: 'update/extensions-kept',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        return { ...super.updated(current, change), extensions: change.extensions ?? {} };
      }
    },
  },
  {
    fault: 'given extensions are merged, not replaced (R8)',
    breaks: 'update/extensions-replaced',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        return { ...super.updated(current, change), extensions: { ...current.extensions, ...change.extensions } };
      }
    },
  },
  {
    fault: 'an extension given as an empty list keeps its records (R8)',
    breaks: 'update/extensions-replaced',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        const given = Object.entries(change.extensions ?? {});
        const records = ([name, list]: (typeof given)[number]) =>
          list.length === 0 ? current.extensions?.[name] : list;
        const extensions = Object.fromEntries(given.map((one) => [one[0], records(one) ?? []]));
        return { ...super.updated(current, change), extensions: change.extensions ? extensions : current.extensions };
      }
    },
  },
  {
    fault: 'attributes are merged, not replaced (R6)',
    breaks: 'update/attributes',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        return { ...super.updated(current, change), attributes: { ...current.attributes, ...change.attributes } };
      }
    },
  },
  {
    fault: 'an update with empty attributes keeps the old ones (R6)',
    breaks: 'update/attributes',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        const isEmpty = Object.keys(change.attributes).length === 0;
        return { ...super.updated(current, change), attributes: isEmpty ? current.attributes : change.attributes };
      }
    },
  },
  {
    fault: 'an update that changes nothing is skipped',
    breaks: 'update/revision',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        const updated = super.updated(current, change);
        const contentOf = ({ segment, attributes, extensions }: StoredProfile) =>
          JSON.stringify([segment, attributes, extensions]);
        return contentOf(updated) === contentOf(current) ? current : updated;
      }
    },
  },
  {
    fault: 'an update of an unknown id creates it (R15)',
    breaks: 'update/unknown',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const result = await super.commitChanges(changes);
        const refused = result.outcome === 'revision_changed' ? changes[result.index] : undefined;
        if (refused?.kind !== 'update' || (result.outcome === 'revision_changed' && result.revision !== undefined))
          return result;
        return super.commitChanges([{ ...refused, kind: 'create', extensions: refused.extensions ?? {} }]);
      }
    },
  },
  {
    fault: 'a creation overwrites an existing profile',
    breaks: 'create/id-taken',
    Repository: class extends TableRepository {
      protected override profileConflict(change: TableChange, index: number): CommitResult | undefined {
        if (change.kind !== 'create') return super.profileConflict(change, index);
        this.profiles = this.profiles.filter(
          (row) => !this.isProfile(row, change.tenantId, change.customerId, 'delete'),
        );
        return undefined;
      }
    },
  },
  {
    fault: 'a recreated profile inherits the segment of its predecessor',
    breaks: 'create/after-deletion',
    Repository: class extends TableRepository {
      readonly #segments = new Map<string, string | undefined>();

      protected override applyToProfile(change: TableChange): void {
        const name = `${change.tenantId}/${change.customerId}`;
        if (change.kind === 'delete') {
          const row = this.profiles.find((one) => this.isProfile(one, change.tenantId, change.customerId, 'delete'));
          this.#segments.set(name, row?.profile.segment);
        }
        if (change.kind === 'create') super.applyToProfile({ segment: this.#segments.get(name), ...change });
        else super.applyToProfile(change);
      }
    },
  },
  {
    fault: 'load reads the schema version a turn before the profile',
    breaks: 'load/snapshot',
    Repository: class extends TableRepository {
      override async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }) {
        const schemaVersion = this.schemaOf(tenantId, 'check schema')?.version;
        await setImmediate();
        return { ...(await super.load(tenantId, customerId, options)), schemaVersion };
      }
    },
  },
  {
    fault: 'load reads attributes a turn before extensions',
    breaks: 'load/snapshot',
    Repository: class extends TableRepository {
      override async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }) {
        const first = await super.load(tenantId, customerId, options);
        if (!options.extensions || first.profile === undefined) return first;
        await setImmediate();
        const { profile } = await super.load(tenantId, customerId, options);
        return { ...first, profile: { ...first.profile, extensions: profile?.extensions } };
      }
    },
  },
  {
    fault: 'extensions are returned although not requested',
    breaks: 'load/extensions',
    Repository: class extends TableRepository {
      protected override toResult(profile: StoredProfile): StoredProfile {
        return super.toResult(profile, true);
      }
    },
  },
  {
    fault: 'concurrent loads are resolved in the order of their ids',
    breaks: 'load/concurrent',
    Repository: class extends TableRepository {
      readonly #asked: string[] = [];

      override async load(tenantId: string, customerId: string, options: { extensions: boolean }): Promise<Loaded> {
        this.#asked.push(customerId);
        await setImmediate();
        return super.load(tenantId, this.#asked.sort().shift() ?? customerId, options);
      }
    },
  },
  {
    fault: 'concurrent loads of one profile resolve to one object',
    breaks: 'aliasing/concurrent-loads',
    Repository: class extends TableRepository {
      readonly #inFlight = new Map<string, Promise<Loaded>>();

      override load(tenantId: string, customerId: string, options: { extensions: boolean }): Promise<Loaded> {
        const name = `${tenantId} ${customerId} ${options.extensions}`;
        const loading =
          this.#inFlight.get(name) ??
          super.load(tenantId, customerId, options).finally(() => this.#inFlight.delete(name));
        this.#inFlight.set(name, loading);
        return loading;
      }
    },
  },
];
