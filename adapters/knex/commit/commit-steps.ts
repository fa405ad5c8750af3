import type { CommitOptions } from 'dossier/storage';
import type { Statements } from '../dialects/dialect.js';
import type { Statement, Step, Values } from '../sql/statement.js';
import type { CapturedChange, EntryRow } from './captured-change.js';
import type { RowChange } from './row-change.js';

/**
 * The steps of a commit, in order: one statement for all changes of a kind, and for all entries.
 *
 * @param rowChanges those of the changes, in their order
 */
export function commitSteps(
  statements: Statements,
  tenant: string,
  changes: readonly CapturedChange[],
  rowChanges: readonly RowChange[],
  { history, changes: feed = false }: CommitOptions,
): Step[] {
  const values = { tenant, version: changes[0]?.schemaVersion };
  const added = changes.flatMap((change) => change.added).sort(byIndex);
  const removed = changes.flatMap((change) => change.removed).sort(byIndex);
  const [only, ...others] = rowChanges;
  const lines = feed ? linesOf(changes, rowChanges).sort(byId) : [];
  // By far the most frequent commit without history, an update of one profile without entries, needs no batch.
  if (
    changes[0]?.kind === 'update' &&
    !history &&
    lines.length === 0 &&
    others.length + added.length + removed.length === 0
  ) {
    return [{ statement: statements.updateProfile, values: { ...values, ...only?.row }, expected: 1 }];
  }

  const step = (statement: Statement, rows: readonly Values[], expected?: number): Step[] =>
    rows.length === 0 ? [] : [{ statement, values, rows, expected }];
  const whole = (statement: Statement, rows: readonly Values[]) => step(statement, rows, rows.length);
  // A fixed order of profiles makes deadlocks rare.
  const rowsOf = (write: RowChange['write']) =>
    rowChanges
      .filter((change) => change.write === write)
      .map(({ row }) => row)
      .sort(byId);
  const updated = rowsOf('updateProfiles');
  const locked = rowsOf('lockProfiles');
  return [
    ...whole(statements.insertProfiles, rowsOf('insertProfiles')),
    ...(history ? whole(statements.keepStates, updated.map(keptRow)) : []),
    ...whole(statements.updateProfiles, updated),
    ...whole(statements.deleteProfiles, rowsOf('deleteProfiles')),
    ...whole(statements.lockProfiles, locked),
    ...(statements.cluster?.touchProfiles ?? []).flatMap((statement) => step(statement, locked)),
    // Removals come first, so that one change may take what another of the same commit releases.
    ...step(statements.removeEntries, removed),
    ...step(statements.addEntries, added, added.length),
    ...whole(statements.addLines, lines),
  ];
}

function keptRow({ id, revision, created, was_deleted, at }: Values): Values {
  return { id, revision, created, was_deleted, at };
}

/** The lines that changes leave, with the revisions and timestamps that their rows take. */
function linesOf(changes: readonly CapturedChange[], rowChanges: readonly RowChange[]): Values[] {
  return rowChanges.flatMap(({ row, revision }, index) => {
    const { customerId: id, content, line } = changes[index] ?? {};
    return line ? [{ ...content, ...line, id, revision, at: row.at }] : [];
  });
}

function byId({ id: one }: Values, { id: other }: Values): number {
  return String(one) < String(other) ? -1 : 1;
}

/** In index order, which is the fastest to write. */
export function byIndex(one: EntryRow, other: EntryRow): number {
  const [name] = (['key', 'digest', 'id'] as const).filter((column) => one[column] !== other[column]);
  return name === undefined ? 0 : one[name] < other[name] ? -1 : 1;
}
