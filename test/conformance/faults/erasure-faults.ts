import { setImmediate } from 'node:timers/promises';
import type { CommitResult, ErasureRequest, ErasureResult, Lineage } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type LineRow, type StateRow, type TableChange, TableRepository } from '../table-repository.js';

type Target = ErasureRequest['targets'][number];
type Creation = Extract<TableChange, { kind: 'create' }>;

/** A repository that erases by another request. */
function erasingBy(change: (request: ErasureRequest) => ErasureRequest): new () => TableRepository {
  return class extends TableRepository {
    override async erase(tenantId: string, request: ErasureRequest): Promise<ErasureResult> {
      return this.eraseTargets(tenantId, change(this.copyIn(request)));
    }
  };
}

/** A repository that leaves other rows of erased ids. */
function leaving(left: (row: StateRow, before: StateRow | undefined) => StateRow): new () => TableRepository {
  return class extends TableRepository {
    protected override eraseProfile(tenantId: string, target: Target, receipt: ErasureRequest['receipt']): number {
      const isRow = (row: StateRow) => this.isState(row, tenantId, target.customerId, 'lineage');
      const profile = this.profiles.find((row) => this.isProfile(row, tenantId, target.customerId, 'lineage'));
      const before = profile ? { tenantId, state: this.stateOf(profile) } : this.deletions.find(isRow);
      const count = super.eraseProfile(tenantId, target, receipt);
      this.deletions = this.deletions.map((row) => (isRow(row) ? left(row, before) : row));
      return count;
    }
  };
}

/** A repository that compares other members of a target. */
function comparing(compared: (target: Target, kept: Lineage) => Target): new () => TableRepository {
  return class extends TableRepository {
    override async erase(tenantId: string, request: ErasureRequest): Promise<ErasureResult> {
      const targets: Target[] = [];
      for (const target of request.targets) {
        const kept = await this.lineage(tenantId, target.customerId);
        targets.push(kept ? compared(target, kept) : target);
      }
      return super.erase(tenantId, { ...request, targets });
    }
  };
}

/** A repository that takes other deletions for merges into a profile. */
function merging(isMerge: (repository: MergeRules, row: StateRow, into: string) => boolean): new () => TableRepository {
  return class extends MergeRules {
    protected override isMergeInto(row: StateRow, customerId: string): boolean {
      return isMerge(this, row, customerId);
    }
  };
}

class MergeRules extends TableRepository {
  isMerge(row: StateRow, customerId: string): boolean {
    return super.isMergeInto(row, customerId);
  }

  isPresent(row: StateRow): boolean {
    return this.deletions.includes(row);
  }
}

export const erasureFaults: readonly Fault[] = [
  {
    fault: 'an erasure leaves the index entries',
    breaks: 'erasure/nothing-left',
    Repository: class extends TableRepository {
      protected override eraseEntries(): number {
        return 0;
      }
    },
  },
  {
    fault: 'an erasure leaves the entries of a key that its request does not name',
    breaks: 'erasure/recreated',
    Repository: class extends TableRepository {
      protected override eraseEntries(tenantId: string, customerId: string): number {
        const others = this.entries.filter((row) => row.customerId === customerId && row.key === 'idForgotten');
        const count = super.eraseEntries(tenantId, customerId);
        this.entries = [...this.entries, ...others];
        return count;
      }
    },
  },
  {
    fault: 'an erasure leaves the former states',
    breaks: 'erasure/nothing-left',
    Repository: class extends TableRepository {
      protected override eraseStates(tenantId: string, customerId: string, through: number): number {
        return through === Number.POSITIVE_INFINITY ? 0 : super.eraseStates(tenantId, customerId, through);
      }
    },
  },
  {
    fault: 'an erasure leaves the content in the row',
    breaks: 'erasure/nothing-left',
    Repository: leaving((row, before) => ({ ...row, state: { ...row.state, profile: before?.state.profile } })),
  },
  {
    fault: 'an erasure takes no revision',
    breaks: 'erasure/nothing-left',
    Repository: leaving((row) => ({ ...row, state: { ...row.state, revision: row.state.revision - 1 } })),
  },
  {
    fault: 'an erasure leaves the metadata of the state that it ends',
    breaks: 'erasure/nothing-left',
    Repository: leaving((row, before) => ({ ...row, state: { ...row.state, metadata: before?.state.metadata } })),
  },
  {
    fault: 'an erased id still tells where it was merged to',
    breaks: 'erasure/lineage',
    Repository: leaving((row, before) => ({ ...row, state: { ...row.state, metadata: before?.state.metadata } })),
  },
  {
    fault: 'an erasure of several ids takes the first one alone',
    breaks: 'erasure/receipt',
    Repository: erasingBy((request) => ({ ...request, targets: request.targets.slice(0, 1) })),
  },
  ...(['profiles', 'states', 'entries'] as const).map((counted) => ({
    fault: `the number of ${counted} is what the caller might expect, not what was removed`,
    breaks: 'erasure/counts',
    Repository: class extends TableRepository {
      protected override counted(removed: Record<'profiles' | 'states' | 'entries', number>, request: ErasureRequest) {
        return { ...removed, [counted]: request.targets.length };
      }
    },
  })),
  {
    fault: 'the receipt that is kept has other counts than the result',
    breaks: 'erasure/receipt',
    Repository: class extends TableRepository {
      protected override keepReceipt(...[tenantId, receipt]: Parameters<TableRepository['keepReceipt']>): void {
        super.keepReceipt(tenantId, { ...receipt, removed: { profiles: 0, states: 0, entries: 0 } });
      }
    },
  },
  {
    fault: 'the receipt is kept for the id alone that the erasure was asked for',
    breaks: 'erasure/receipt',
    Repository: class extends TableRepository {
      protected override receiptOf(tenantId: string, row: StateRow) {
        const receipt = super.receiptOf(tenantId, row);
        return receipt?.customerId === row.state.customerId ? receipt : undefined;
      }
    },
  },
  {
    fault: 'a dry run removes',
    breaks: 'erasure/dry-run',
    Repository: erasingBy((request) => ({ ...request, dryRun: false })),
  },
  {
    fault: 'a refused erasure has removed the targets before the one that refuses it',
    breaks: 'erasure/all-or-nothing',
    Repository: class extends TableRepository {
      override async erase(tenantId: string, request: ErasureRequest): Promise<ErasureResult> {
        for (const target of request.targets) {
          if (!this.isTarget(tenantId, target)) return { outcome: 'changed' };
          if (!request.dryRun) this.eraseStates(tenantId, target.customerId, Number.POSITIVE_INFINITY);
          if (!request.dryRun) this.eraseEntries(tenantId, target.customerId);
        }
        return super.erase(tenantId, request);
      }
    },
  },
  {
    fault: 'an erasure does not compare the revision',
    breaks: 'erasure/all-or-nothing',
    Repository: comparing((target, { revision }) => ({ ...target, expectedRevision: revision })),
  },
  {
    fault: 'an erasure does not compare the creation timestamp',
    breaks: 'erasure/all-or-nothing',
    Repository: comparing((target, { createdAt }) => ({ ...target, createdAt })),
  },
  {
    fault: 'an erasure does not compare whether there is a profile',
    breaks: 'erasure/all-or-nothing',
    Repository: comparing((target, { exists }) => ({ ...target, exists })),
  },
  {
    fault: 'an erasure removes nothing of a target that is gone',
    breaks: 'erasure/all-or-nothing',
    Repository: class extends TableRepository {
      override async erase(tenantId: string, request: ErasureRequest): Promise<ErasureResult> {
        const targets = request.targets.filter((target) => this.isTarget(tenantId, target));
        return super.erase(tenantId, { ...request, targets });
      }
    },
  },
  {
    fault: 'a creation passes an erased id',
    breaks: 'erasure/refuses',
    Repository: class extends TableRepository {
      protected override erasureConflict(): CommitResult | undefined {
        return undefined;
      }
    },
  },
  {
    fault: 'a creation passes an erased id if it names any erasure',
    breaks: 'erasure/refuses',
    Repository: class extends TableRepository {
      protected override erasureConflict(change: Creation, index: number): CommitResult | undefined {
        return change.afterErasure === undefined ? super.erasureConflict(change, index) : undefined;
      }
    },
  },
  {
    fault: 'a creation under an erased id is refused as taken',
    breaks: 'erasure/refuses',
    Repository: class extends TableRepository {
      protected override erasureConflict(change: Creation, index: number): CommitResult | undefined {
        return super.erasureConflict(change, index) && { outcome: 'id_taken', index };
      }
    },
  },
  {
    fault: 'a creation under an erased id is refused for its entries first',
    breaks: 'erasure/refuses',
    Repository: class extends TableRepository {
      protected override conflict(change: TableChange, index: number): CommitResult | undefined {
        return this.entryConflict(change, index) ?? super.conflict(change, index);
      }
    },
  },
  {
    fault: 'a creation under an erased id is refused whatever it names',
    breaks: 'erasure/recreated',
    Repository: class extends TableRepository {
      protected override erasureConflict(change: Creation, index: number): CommitResult | undefined {
        return super.erasureConflict({ ...change, afterErasure: undefined }, index);
      }
    },
  },
  {
    fault: 'a creation after an erasure begins with revision 1',
    breaks: 'erasure/recreated',
    Repository: class extends TableRepository {
      protected override firstRevision(change: TableChange): number {
        return this.deletionOf(change)?.erasure === undefined ? super.firstRevision(change) : 1;
      }
    },
  },
  {
    fault: 'a creation that names the erasure removes its receipt for the other ids as well',
    breaks: 'erasure/recreated',
    Repository: class extends TableRepository {
      protected override forgetDeletion(change: TableChange): void {
        const erasure = this.deletionOf(change)?.erasure;
        this.receipts = this.receipts.filter(({ receipt }) => receipt.erasure !== erasure);
        super.forgetDeletion(change);
      }
    },
  },
  {
    fault: 'an erasure reads its request a turn later',
    breaks: 'erasure/aliasing',
    Repository: class extends TableRepository {
      override async erase(tenantId: string, request: ErasureRequest): Promise<ErasureResult> {
        await setImmediate();
        return super.erase(tenantId, request);
      }
    },
  },
  {
    fault: 'lineage answers the receipt that is kept itself',
    breaks: 'erasure/aliasing',
    Repository: class extends TableRepository {
      override async lineage(tenantId: string, customerId: string): Promise<Lineage | undefined> {
        const lineage = await super.lineage(tenantId, customerId);
        const row = this.deletions.find((one) => this.isState(one, tenantId, customerId, 'lineage'));
        return lineage && { ...lineage, receipt: row && this.receiptOf(tenantId, row) };
      }
    },
  },
  {
    fault: 'any deletion that names the profile counts as merged into it',
    breaks: 'erasure/lineage',
    Repository: merging((_, { state }, into) => !state.profile && state.metadata?.counterpart === into),
  },
  {
    fault: 'what was merged into it is not found where another profile has its id',
    breaks: 'erasure/lineage',
    Repository: merging((repository, row, into) => repository.isMerge(row, into) && repository.isPresent(row)),
  },
  {
    fault: 'what was merged into it is found in former states alone',
    breaks: 'erasure/lineage',
    Repository: merging((repository, row, into) => repository.isMerge(row, into) && !repository.isPresent(row)),
  },
  {
    fault: 'what was merged into it counts, although it came back since',
    breaks: 'erasure/lineage',
    Repository: merging((_, { state }, into) => {
      return !state.profile && state.metadata?.operation === 'merge' && state.metadata.counterpart === into;
    }),
  },
  {
    fault: 'all former states go of an id that stays',
    breaks: 'erasure/former-states',
    Repository: erasingBy((request) => {
      const formerStates = request.formerStates.map((one) => ({ ...one, through: Number.POSITIVE_INFINITY }));
      return { ...request, formerStates };
    }),
  },
  {
    fault: 'the entries go as well of an id that stays',
    breaks: 'erasure/former-states',
    Repository: class extends TableRepository {
      protected override eraseStates(tenantId: string, customerId: string, through: number): number {
        if (through !== Number.POSITIVE_INFINITY) this.eraseEntries(tenantId, customerId);
        return super.eraseStates(tenantId, customerId, through);
      }
    },
  },
  ...(['one-erasure', 'racing-changes', 'racing-creations'] as const).map((clause) => ({
    fault: 'an erasure compares its targets a turn before it removes them',
    breaks: `erasure/${clause}`,
    Repository: class extends TableRepository {
      private isCompared = false;

      protected override isTarget(tenantId: string, target: Target): boolean {
        return this.isCompared || super.isTarget(tenantId, target);
      }

      override async erase(tenantId: string, request: ErasureRequest): Promise<ErasureResult> {
        const copy = this.copyIn(request);
        if (!copy.targets.every((target) => this.isTarget(tenantId, target))) return { outcome: 'changed' };
        await setImmediate();
        this.isCompared = true;
        const erasing = super.eraseTargets(tenantId, copy);
        this.isCompared = false;
        return erasing;
      }
    },
  })),
  {
    fault: 'a creation looks for an erasure a turn before it is written',
    breaks: 'erasure/racing-creations',
    Repository: class extends TableRepository {
      private isLookedFor = false;

      protected override erasureConflict(change: Creation, index: number): CommitResult | undefined {
        return this.isLookedFor ? undefined : super.erasureConflict(change, index);
      }

      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const [change] = changes;
        if (changes.length !== 1 || change?.kind !== 'create') return super.commitChanges(changes);
        const conflict = this.erasureConflict(change, 0);
        if (conflict) return conflict;
        await setImmediate();
        this.isLookedFor = true;
        const committing = super.commitChanges(changes);
        this.isLookedFor = false;
        return committing;
      }
    },
  },
  {
    fault: 'lines of an erased id tell who made them',
    breaks: 'erasure/lines',
    Repository: class extends TableRepository {
      protected override redacted({ origin: _, changed: __, ...line }: LineRow['line']): LineRow['line'] {
        return line;
      }
    },
  },
  {
    fault: 'lines of an erased id tell what changed, and who else was merged',
    breaks: 'erasure/lines',
    Repository: class extends TableRepository {
      protected override redacted(line: LineRow['line']): LineRow['line'] {
        const { operation, counterpart } = line.metadata;
        return { ...line, origin: undefined, metadata: { operation, counterpart } };
      }
    },
  },
  {
    fault: 'lines of an erased id are removed',
    breaks: 'erasure/lines',
    Repository: class extends TableRepository {
      protected override redactLines(tenantId: string, customerId: string): void {
        this.lines = this.lines.filter(({ line }) => line.tenantId !== tenantId || line.customerId !== customerId);
      }
    },
  },
  {
    fault: 'lines get new positions as they are redacted',
    breaks: 'erasure/lines',
    Repository: class extends TableRepository {
      protected override redactLines(...args: Parameters<TableRepository['redactLines']>): void {
        const before = this.lines;
        super.redactLines(...args);
        this.lines = this.lines.map((row, index) => (row === before[index] ? row : { line: row.line }));
      }
    },
  },
  {
    fault: 'lines of another profile under the id are redacted as well',
    breaks: 'erasure/lines',
    Repository: class extends TableRepository {
      protected override redactLines(tenantId: string, customerId: string): void {
        super.redactLines(tenantId, customerId, Number.POSITIVE_INFINITY);
      }
    },
  },
  {
    fault: 'a dry run redacts lines',
    breaks: 'erasure/lines',
    Repository: class extends TableRepository {
      protected override restore(before: ReturnType<TableRepository['snapshot']>): void {
        super.restore({ ...before, lines: this.lines });
      }
    },
  },
  {
    fault: 'an erasure leaves no line',
    breaks: 'erasure/leaves-lines',
    Repository: class extends TableRepository {
      protected override leaveErasureLine(): void {}
    },
  },
  {
    fault: 'the line of an erasure has the revision before',
    breaks: 'erasure/leaves-lines',
    Repository: class extends TableRepository {
      protected override leaveErasureLine(
        ...[tenantId, target, ...others]: Parameters<TableRepository['leaveErasureLine']>
      ): void {
        super.leaveErasureLine(tenantId, { ...target, expectedRevision: target.expectedRevision - 1 }, ...others);
      }
    },
  },
];
