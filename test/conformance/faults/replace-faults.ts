import { setImmediate } from 'node:timers/promises';
import type {
  CommitOptions,
  ReplaceChange,
  ReplaceResult,
  StateToken,
  StoredProfile,
  StoredState,
} from 'dossier/storage';
import type { Fault } from '../fault.js';
import { ReplacingTableRepository, type TableReplacement } from '../replacing-table-repository.js';
import type { TableChange } from '../table-repository.js';

/** A repository that takes another replacement for the one of a call. */
function replacing(
  other: (change: TableReplacement, current: StoredProfile | undefined) => TableReplacement,
): new () => ReplacingTableRepository {
  return class extends ReplacingTableRepository {
    protected override replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
      return super.replaceUnseen(other(change, this.rowOf(change)?.profile));
    }
  };
}

/** A repository that makes another update of a replacement. */
function updating(other: (change: TableChange & { readonly kind: 'update' }) => TableChange) {
  return class extends ReplacingTableRepository {
    protected override updateOf(...args: Parameters<ReplacingTableRepository['updateOf']>): TableChange {
      return other(super.updateOf(...args) as TableChange & { readonly kind: 'update' });
    }
  };
}

/** A repository that does without the look that a fault is about. */
function withoutLook(ignored: (change: TableReplacement, profile: StoredProfile) => [TableReplacement, StoredProfile]) {
  return class extends ReplacingTableRepository {
    protected override needsLook(change: TableReplacement, profile: StoredProfile): boolean {
      return super.needsLook(...ignored(change, profile));
    }
  };
}

/** A repository that takes another state for the expected one. */
function expecting(other: (expected: StateToken) => StateToken | undefined) {
  return replacing((change) => ({ ...change, expected: change.expected && other(change.expected) }));
}

/** A repository whose lines name other members. */
function naming(other: (members: readonly string[], changed: readonly string[]) => readonly string[]) {
  return class extends ReplacingTableRepository {
    protected override changedMembers(members: readonly string[], before: StoredProfile, after: StoredProfile) {
      const changed = super.changedMembers(members, before, after).map((pointer) => pointer.slice(1));
      return other(members, changed).map((name) => `/${name}`);
    }
  };
}

const MOMENT = 3;

/** A repository that looks at the profile before another change, and replaces it after. */
abstract class LookingEarly extends ReplacingTableRepository {
  /** The change, without what was looked at. */
  protected abstract looked(change: TableReplacement): TableReplacement;

  protected override async replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
    const row = this.rowOf(change);
    if (!row || this.needsLook(change, row.profile)) return { outcome: 'look' };
    for (let turn = 0; turn < MOMENT; turn++) await setImmediate();
    return super.replaceUnseen(this.looked(change));
  }
}

export const replaceFaults: readonly Fault[] = [
  {
    fault: 'entries stay where one of the members from which they are made stays',
    breaks: 'replace/indexed',
    Repository: class extends ReplacingTableRepository {
      protected override areKept(members: readonly boolean[]): boolean {
        return members.some((isKept) => isKept);
      }
    },
  },
  {
    fault: 'entries stay whatever becomes of the extensions from which they are made',
    breaks: 'replace/indexed',
    Repository: replacing((change) => {
      return { ...change, indexed: change.indexed && { ...change.indexed, extensions: [] } };
    }),
  },
  {
    fault: 'entries stay where a member from which they are made is cleared',
    breaks: 'replace/indexed',
    Repository: replacing((change) => {
      const { indexed, attributes } = change;
      const given = indexed?.attributes.filter((name) => Object.hasOwn(attributes, name));
      return { ...change, indexed: indexed && given && { ...indexed, attributes: given } };
    }),
  },
  {
    fault: 'the capability is declared, and nothing is ever replaced',
    breaks: 'replace/documents',
    Repository: class extends ReplacingTableRepository {
      protected override needsLook(): boolean {
        return true;
      }
    },
  },
  {
    fault: 'the expected state is ignored',
    breaks: 'replace/expected',
    Repository: expecting(() => undefined),
  },
  {
    fault: 'of the expected state the revision alone is compared',
    breaks: 'replace/expected',
    Repository: expecting(({ revision }) => ({ revision })),
  },
  {
    fault: 'of the expected state the timestamp of the creation is not compared',
    breaks: 'replace/expected',
    Repository: expecting(({ createdAt: _, ...expected }) => expected),
  },
  {
    fault: 'the expected state is compared before another change',
    breaks: 'replace/expecting',
    Repository: class extends LookingEarly {
      protected override looked(change: TableReplacement): TableReplacement {
        return { ...change, expected: undefined };
      }
    },
  },
  {
    fault: 'extensions that are not given are removed',
    breaks: 'replace/extensions-kept',
    Repository: replacing((change) => ({ ...change, extensions: change.extensions ?? {} })),
  },
  {
    fault: 'a segment that is not given is removed',
    breaks: 'replace/segment',
    Repository: replacing((change) => ({ ...change, segment: change.segment ?? null })),
  },
  {
    fault: 'segments are compared without blanks at the end',
    breaks: 'replace/segment',
    Repository: class extends ReplacingTableRepository {
      protected override isUnchanged(current: StoredProfile, next: StoredProfile): boolean {
        const trimmed = (profile: StoredProfile) => ({ ...profile, segment: profile.segment?.trimEnd() });
        return super.isUnchanged(trimmed(current), trimmed(next));
      }
    },
  },
  {
    fault: 'a replacement that changes nothing adds one to the revision',
    breaks: 'replace/unchanged',
    Repository: class extends ReplacingTableRepository {
      protected override isUnchanged(): boolean {
        return false;
      }
    },
  },
  {
    fault: 'a replacement that changes nothing leaves its metadata',
    breaks: 'replace/no-trace',
    Repository: class extends ReplacingTableRepository {
      protected override async replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
        const result = await super.replaceUnseen(change);
        if (result.outcome !== 'unchanged') return result;
        const { metadata } = change;
        this.profiles = this.profiles.map((row) => (row === this.rowOf(change) ? { ...row, metadata } : row));
        return result;
      }
    },
  },
  {
    fault: 'a replacement that changes nothing keeps a state',
    breaks: 'replace/no-trace',
    Repository: class extends ReplacingTableRepository {
      protected override async replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
        const result = await super.replaceUnseen(change);
        if (result.outcome === 'unchanged') this.keepReplaced({ ...change, kind: 'delete' } as unknown as TableChange);
        return result;
      }
    },
  },
  {
    fault: 'entries that are no more stay',
    breaks: 'replace/entries',
    Repository: updating((change) => ({ ...change, removeEntries: [] })),
  },
  {
    fault: 'entries of keys that the change does not decide are removed',
    breaks: 'replace/entries',
    Repository: replacing((change) => ({ ...change, keys: ['idEmail', 'idCity'] })),
  },
  {
    fault: 'a list of the entries is stored with the profile, and taken for what there is',
    breaks: 'replace/dropped-entries',
    Repository: class extends ReplacingTableRepository {
      readonly #dropped = new Set<string>();

      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        for (const entry of this.entriesToDrop(tenantId, key, limit)) this.#dropped.add(entry.digest);
        return super.dropEntries(tenantId, key, limit);
      }

      protected override updateOf(...args: Parameters<ReplacingTableRepository['updateOf']>): TableChange {
        const update = super.updateOf(...args);
        if (update.kind !== 'update') return update;
        return { ...update, addEntries: update.addEntries.filter(({ digest }) => !this.#dropped.has(digest)) };
      }
    },
  },
  {
    fault: 'a unique entry of another profile is added all the same',
    breaks: 'replace/look',
    Repository: class extends ReplacingTableRepository {
      protected override entryConflict() {
        return undefined;
      }
    },
  },
  {
    fault: 'the schema version is not compared',
    breaks: 'replace/look',
    Repository: class extends ReplacingTableRepository {
      protected override async replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
        const schemaVersion = this.schemaOf(change.tenantId, 'check schema')?.version ?? 0;
        return super.replaceUnseen({ ...change, schemaVersion });
      }
    },
  },
  {
    fault: 'residual values are not looked at',
    breaks: 'replace/look',
    Repository: withoutLook((change, profile) => [change, { ...profile, residual: undefined }]),
  },
  {
    fault: 'documents are taken to be canonical',
    breaks: 'replace/look',
    Repository: withoutLook((change, profile) => [{ ...change, canonicalSince: 0 }, profile]),
  },
  {
    fault: 'the version of the attributes is taken for that of the extensions',
    breaks: 'replace/each-document',
    Repository: withoutLook(({ extensions: _, ...change }, profile) => [change, profile]),
  },
  {
    fault: 'the timestamp of an earlier clock is stored',
    breaks: 'replace/timestamps',
    Repository: class extends ReplacingTableRepository {
      protected override replaced(current: StoredProfile, change: TableReplacement): StoredProfile {
        return { ...super.replaced(current, change), updatedAt: change.at };
      }
    },
  },
  {
    fault: 'the change is read after it was captured',
    breaks: 'replace/input',
    Repository: class extends ReplacingTableRepository {
      override async replace(tenantId: string, change: ReplaceChange, options: CommitOptions): Promise<ReplaceResult> {
        await setImmediate();
        return super.replace(tenantId, change, options);
      }
    },
  },
  {
    fault: 'no state is kept',
    breaks: 'replace/history',
    Repository: replacing((change) => ({ ...change, history: false })),
  },
  {
    fault: 'a former state has the metadata of the replacement',
    breaks: 'replace/history',
    Repository: class extends ReplacingTableRepository {
      protected override keep(state: StoredState, change: TableChange & { readonly kind: 'update' }): void {
        super.keep({ ...state, metadata: change.metadata }, change);
      }
    },
  },
  {
    fault: 'a state is kept by a replacement that is not done',
    breaks: 'replace/no-trace',
    Repository: class extends ReplacingTableRepository {
      protected override restore(before: Parameters<ReplacingTableRepository['restore']>[0]): void {
        super.restore({ ...before, formerStates: this.formerStates });
      }

      protected override conflict(...args: Parameters<ReplacingTableRepository['conflict']>) {
        this.keepReplaced(args[0]);
        return super.conflict(...args);
      }
    },
  },
  {
    fault: 'entries are read before another change, and removed after it',
    breaks: 'replace/racing',
    Repository: class extends ReplacingTableRepository {
      protected override async replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
        const held = this.entries;
        for (let turn = 0; turn < MOMENT; turn++) await setImmediate();
        const current = this.rowOf(change)?.profile;
        const newest = this.entries;
        this.entries = held;
        const next = current && this.replaced(current, change);
        const update = current && next ? this.updateOf(change, current, next) : undefined;
        this.entries = newest;
        if (!current || !next || !update || this.needsLook(change, current)) return { outcome: 'look' };
        const result = await this.commitChanges([update]);
        const { revision, createdAt, updatedAt } = next;
        return result.outcome === 'committed'
          ? { outcome: 'replaced', revision, createdAt, updatedAt }
          : { outcome: 'look' };
      }
    },
  },
  {
    fault: 'the state that is kept is read before another change',
    breaks: 'replace/racing',
    Repository: class extends ReplacingTableRepository {
      protected override async replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
        const row = this.rowOf(change);
        for (let turn = 0; turn < MOMENT; turn++) await setImmediate();
        const result = await super.replaceUnseen({ ...change, history: false });
        if (row && result.outcome === 'replaced' && change.history)
          this.formerStates = [
            ...this.formerStates,
            { tenantId: change.tenantId, state: this.stateOf(row), replacedAt: change.at },
          ];
        return result;
      }
    },
  },
  {
    fault: 'no line is left',
    breaks: 'replace/line',
    Repository: replacing(({ line: _, ...change }) => change),
  },
  {
    fault: 'a replacement that changes nothing leaves a line',
    breaks: 'replace/line',
    Repository: class extends ReplacingTableRepository {
      protected override async replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
        const result = await super.replaceUnseen(change);
        const [last] = this.lines.slice(-1);
        if (result.outcome === 'unchanged' && last) this.lines = [...this.lines, { line: { ...last.line } }];
        return result;
      }
    },
  },
  {
    fault: 'a line names all members',
    breaks: 'replace/line',
    Repository: naming((members) => members),
  },
  {
    fault: 'a line names members in the order of the documents',
    breaks: 'replace/line',
    Repository: naming((_, changed) => changed.toSorted()),
  },
  {
    fault: 'a line does not name the segment',
    breaks: 'replace/line',
    Repository: naming((_, changed) => changed.filter((name) => name !== 'segment')),
  },
  {
    fault: 'members that every object inherits count as unchanged',
    breaks: 'replace/line',
    Repository: naming((_, changed) => changed.filter((name) => !(name in {}))),
  },
  {
    fault: 'extensions that are not given count as removed',
    breaks: 'replace/line',
    Repository: class extends ReplacingTableRepository {
      #given: unknown;

      protected override updateOf(change: TableReplacement, ...states: [StoredProfile, StoredProfile]): TableChange {
        this.#given = change.extensions;
        return super.updateOf(change, ...states);
      }

      protected override changedMembers(members: readonly string[], before: StoredProfile, after: StoredProfile) {
        return super.changedMembers(members, before, this.#given ? after : { ...after, extensions: {} });
      }
    },
  },
  {
    fault: 'a line has the timestamp of the change',
    breaks: 'replace/line-timestamp',
    Repository: class extends ReplacingTableRepository {
      protected override async replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
        const before = this.lines.length;
        const result = await super.replaceUnseen(change);
        this.lines = this.lines.map((row, index) =>
          index < before ? row : { ...row, line: { ...row.line, at: change.at } },
        );
        return result;
      }
    },
  },
  {
    fault: 'what changed is found out before another change',
    breaks: 'replace/line-racing',
    Repository: class extends ReplacingTableRepository {
      protected override async replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
        const row = this.rowOf(change);
        for (let turn = 0; turn < MOMENT; turn++) await setImmediate();
        this.#before = row?.profile;
        return super.replaceUnseen(change);
      }

      #before: StoredProfile | undefined;

      protected override changedMembers(members: readonly string[], before: StoredProfile, after: StoredProfile) {
        return super.changedMembers(members, this.#before ?? before, after);
      }
    },
  },
  {
    fault: 'whether a unique entry is taken is seen before another change',
    breaks: 'replace/unique',
    Repository: class extends ReplacingTableRepository {
      protected override async replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
        const isTaken = change.entries.some(
          (entry) => entry.unique && this.isTaken(entry, { ...change, kind: 'delete' } as unknown as TableChange),
        );
        await setImmediate();
        if (isTaken) return { outcome: 'look' };
        this.#skips = true;
        const result = await super.replaceUnseen(change);
        this.#skips = false;
        return result;
      }

      #skips = false;

      protected override entryConflict(...args: Parameters<ReplacingTableRepository['entryConflict']>) {
        return this.#skips ? undefined : super.entryConflict(...args);
      }
    },
  },
  {
    fault: 'the schema version is compared before another change',
    breaks: 'replace/schema-race',
    Repository: class extends LookingEarly {
      protected override looked(change: TableReplacement): TableReplacement {
        return { ...change, schemaVersion: this.schemaOf(change.tenantId, 'check schema')?.version ?? 0 };
      }
    },
  },
  {
    fault: 'a profile that was created meanwhile is replaced as the one before it',
    breaks: 'replace/recreated',
    Repository: class extends ReplacingTableRepository {
      protected override async replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
        const row = this.rowOf(change);
        if (!row || this.needsLook(change, row.profile)) return { outcome: 'look' };
        for (let turn = 0; turn < MOMENT; turn++) await setImmediate();
        const next = this.replaced(row.profile, change);
        this.profiles = this.profiles.map((one) =>
          one.profile.customerId === change.customerId && one.tenantId === change.tenantId
            ? { ...one, profile: next }
            : one,
        );
        const { revision, createdAt, updatedAt } = next;
        return { outcome: 'replaced', revision, createdAt, updatedAt };
      }
    },
  },
];
