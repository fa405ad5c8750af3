import { setImmediate } from 'node:timers/promises';
import type { ChangesPage, ChangesRequest, CommitResult, LineContent, PruneChangesRequest } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type LineRow, type TableChange, TableRepository } from '../table-repository.js';

/** A repository that leaves lines of other changes than those of a commit; `undefined` for none. */
function leaving(other: (change: TableChange) => TableChange | undefined): new () => TableRepository {
  return class extends TableRepository {
    protected override leaveLine(change: TableChange): void {
      const left = other(change);
      if (left !== undefined) super.leaveLine(left);
    }
  };
}

/** A repository whose lines say something else. */
function saying(other: (line: LineRow['line']) => LineRow['line']): new () => TableRepository {
  return class extends TableRepository {
    protected override leaveLine(change: TableChange): void {
      const before = this.lines.length;
      super.leaveLine(change);
      this.lines = this.lines.map((row, index) => (index < before ? row : { ...row, line: other(row.line) }));
    }
  };
}

/** A repository that answers other pages of the feed. */
function answering(other: (page: ChangesPage, request: ChangesRequest) => ChangesPage): new () => TableRepository {
  return class extends TableRepository {
    override async changes(tenantId: string | undefined, request: ChangesRequest): Promise<ChangesPage> {
      return other(await super.changes(tenantId, request), request);
    }
  };
}

export const changesFaults: readonly Fault[] = [
  {
    fault: 'a line gets its position when it is written, and is visible later',
    breaks: 'changes/racing',
    Repository: class extends TableRepository {
      #commits = 0;

      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const before = this.lines;
        const result = await super.commitChanges(changes);
        this.numberLines();
        const written = this.lines.filter((row) => !before.some(({ line }) => line === row.line));
        this.lines = this.lines.filter((row) => !written.includes(row));
        // Every third commit takes longer.
        const delay = this.#commits++ % 3 === 0 ? 6 : 1;
        for (let turn = 0; turn < delay; turn++) await setImmediate();
        this.lines = [...this.lines, ...written];
        return result;
      }

      #newest = 0;

      protected override numberLines(): void {
        for (const row of this.lines) {
          if (row.position !== undefined) continue;
          this.#newest += 1;
          const numbered = { ...row, position: this.#newest, overall: this.#newest };
          this.lines = this.lines.map((one) => (one === row ? numbered : one));
        }
      }
    },
  },
  {
    fault: 'a page begins with the line that was read last',
    breaks: 'changes/positions',
    Repository: class extends TableRepository {
      protected override isAfter(position: number, after: number): boolean {
        return position >= after && position > 0;
      }
    },
  },
  {
    fault: 'lines that are numbered together come in the order of their ids and the newest first',
    breaks: 'changes/positions',
    Repository: class extends TableRepository {
      protected override inPositionOrder(rows: readonly LineRow[]): readonly LineRow[] {
        return rows.toSorted((a, b) => b.line.revision - a.line.revision);
      }
    },
  },
  {
    fault: 'positions are given anew at each read',
    breaks: 'changes/positions',
    Repository: class extends TableRepository {
      protected override numberLines(): void {
        const unnumbered = this.lines.map(({ line }) => ({ line }));
        this.lines = unnumbered.toSorted((a, b) => (a.line.customerId < b.line.customerId ? -1 : 1));
        super.numberLines();
      }
    },
  },
  {
    fault: 'a refused commit leaves lines',
    breaks: 'changes/refused',
    Repository: class extends TableRepository {
      protected override restore(before: ReturnType<TableRepository['snapshot']>): void {
        super.restore({ ...before, lines: this.lines });
      }
    },
  },
  {
    fault: 'only the first change of a commit leaves a line',
    breaks: 'changes/profiles',
    Repository: class extends TableRepository {
      protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        return super.commitChanges(
          changes.map((change, index) => ({ ...change, changes: change.changes && index === 0 })),
        );
      }
    },
  },
  {
    fault: 'of a large commit, the first five hundred changes leave lines',
    breaks: 'changes/largest',
    Repository: class extends TableRepository {
      protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        return super.commitChanges(
          changes.map((change, index) => ({ ...change, changes: change.changes && index < 500 })),
        );
      }
    },
  },
  {
    fault: 'a deletion leaves no line',
    breaks: 'changes/lines',
    Repository: leaving((change) => (change.kind === 'delete' ? undefined : change)),
  },
  {
    fault: 'a commit that keeps former states leaves no line',
    breaks: 'changes/lines',
    Repository: leaving((change) => (change.history ? undefined : change)),
  },
  {
    fault: 'a commit leaves lines without being asked',
    breaks: 'changes/off',
    Repository: leaving((change) => ({ ...change, changes: true })),
  },
  {
    fault: 'an index change leaves a line',
    breaks: 'changes/index',
    Repository: leaving((change) => {
      const line: LineContent = { changed: [] };
      if (change.kind !== 'index') return change;
      const update = { ...change, kind: 'update', at: change.createdAt, attributes: {}, removeEntries: [] } as const;
      return { ...update, metadata: { operation: 'schema_change' }, line };
    }),
  },
  ...(['origin', 'changed'] as const).map((member) => ({
    fault: `a line has no ${member}`,
    breaks: 'changes/lines',
    Repository: saying(({ [member]: _, ...line }) => line),
  })),
  {
    fault: 'a line does not say that the profile was deleted',
    breaks: 'changes/lines',
    Repository: saying((line) => ({ ...line, deleted: false })),
  },
  {
    fault: 'a line has the revision before the change',
    breaks: 'changes/lines',
    Repository: saying((line) => ({ ...line, revision: line.revision - 1 })),
  },
  ...(['actor', 'reason', 'counterpart'] as const).map((member) => ({
    fault: `a line has no ${member}`,
    breaks: 'changes/lines',
    Repository: saying((line) => ({ ...line, metadata: { ...line.metadata, [member]: undefined } })),
  })),
  {
    fault: 'the deletion of a profile with lines is forgotten',
    breaks: 'changes/deletions',
    Repository: class extends TableRepository {
      protected override keepsDeletion(change: TableChange): boolean {
        return change.history;
      }
    },
  },
  {
    fault: 'the positions of a tenant are those of all tenants',
    breaks: 'changes/tenants',
    Repository: class extends TableRepository {
      protected override numberLines(): void {
        super.numberLines();
        this.lines = this.lines.map((row) => ({ ...row, position: row.overall ?? 0 }));
      }
    },
  },
  {
    fault: 'lines are visible a turn after their commit',
    breaks: 'changes/read-your-writes',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const before = this.lines;
        const result = await super.commitChanges(changes);
        const written = this.lines.slice(before.length);
        this.lines = this.lines.slice(0, before.length);
        setTimeout(() => {
          this.lines = [...this.lines, ...written];
        }, 50);
        return result;
      }
    },
  },
  {
    fault: 'who can read lines with a position gets no others',
    breaks: 'changes/read-your-writes',
    Repository: class extends TableRepository {
      #isNumbering = true;

      override async changes(tenantId: string | undefined, request: ChangesRequest): Promise<ChangesPage> {
        this.#isNumbering = false;
        const page = await super.changes(tenantId, request);
        this.#isNumbering = true;
        const numbered = page.lines.filter(({ position }) => position > 0);
        return numbered.length > 0 ? { ...page, lines: numbered, more: true } : super.changes(tenantId, request);
      }

      protected override numberLines(): void {
        if (this.#isNumbering) super.numberLines();
      }
    },
  },
  {
    fault: 'a page says that there is no more while there is',
    breaks: 'changes/positions',
    Repository: answering((page) => ({ ...page, more: false })),
  },
  {
    fault: 'a page does not tell the newest position',
    breaks: 'changes/positions',
    Repository: answering((page) => ({ ...page, newest: page.lines.at(-1)?.position ?? 0 })),
  },
  {
    fault: 'a page does not tell what was removed',
    breaks: 'changes/prune',
    Repository: answering((page) => ({ ...page, removed: 0 })),
  },
  {
    fault: 'lines at the timestamp are removed as well',
    breaks: 'changes/prune',
    Repository: class extends TableRepository {
      protected override linesToPrune(rows: readonly LineRow[], request: PruneChangesRequest): readonly LineRow[] {
        return rows.filter(({ line }) => line.at <= request.before).slice(0, request.limit);
      }
    },
  },
  {
    fault: 'more lines are removed than the limit',
    breaks: 'changes/prune',
    Repository: class extends TableRepository {
      protected override linesToPrune(rows: readonly LineRow[], request: PruneChangesRequest): readonly LineRow[] {
        return super.linesToPrune(rows, { ...request, limit: rows.length });
      }
    },
  },
  {
    fault: 'what a line says is not copied in',
    breaks: 'changes/aliasing',
    Repository: class extends TableRepository {
      #passed: readonly TableChange[] = [];

      protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        this.#passed = changes;
        return super.commitChanges(changes);
      }

      protected override leaveLine(change: TableChange): void {
        const passed = this.#passed.find(({ customerId }) => customerId === change.customerId);
        const line = passed === undefined || passed.kind === 'index' ? undefined : passed.line;
        super.leaveLine(change.kind === 'index' ? change : { ...change, line });
      }
    },
  },
];
