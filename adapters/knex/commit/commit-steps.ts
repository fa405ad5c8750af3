import type { Change, CreateChange, IndexEntry, UpdateChange } from 'dossier/storage';
import type { Statements } from '../dialects/dialect.js';
import type { Statement, Step, Values } from '../sql/statement.js';

/** The steps of a commit, in order: one statement for all changes of a kind, and for all entries. */
export function commitSteps(statements: Statements, changes: readonly Change[]): Step[] {
  const [only, ...others] = changes;
  if (only?.kind === 'update' && others.length + only.addEntries.length + only.removeEntries.length === 0) {
    return [updateStep(statements, only)];
  }
  // A fixed order of profiles makes deadlocks rare.
  const sorted = changes.toSorted((one, other) => (one.customerId < other.customerId ? -1 : 1));
  const values = { tenant: sorted[0]?.tenantId, version: sorted[0]?.schemaVersion };
  const step = (statement: Statement, rows: readonly Values[], expected?: number): Step[] =>
    rows.length === 0 ? [] : [{ statement, values, rows, expected }];
  const profiles = (statement: Statement, rows: readonly Values[]) => step(statement, rows, rows.length);

  const added = entryRows(sorted, (change) => (change.kind === 'delete' ? [] : change.addEntries));
  const indexed = sorted.filter((change) => change.kind === 'index').map(revisionRow);
  const removed = entryRows(sorted, (change) => ('removeEntries' in change ? change.removeEntries : []));
  return [
    ...profiles(statements.insertProfiles, sorted.filter((change) => change.kind === 'create').map(creationRow)),
    ...profiles(statements.updateProfiles, sorted.filter((change) => change.kind === 'update').map(updateRow)),
    ...profiles(statements.deleteProfiles, sorted.filter((change) => change.kind === 'delete').map(revisionRow)),
    ...profiles(statements.lockProfiles, indexed),
    ...(statements.cluster?.touchProfiles ?? []).flatMap((statement) => step(statement, indexed)),
    // Removals come first, so that one change may take what another of the same commit releases.
    ...step(statements.removeEntries, removed),
    ...step(statements.addEntries, added, added.length),
  ];
}

/** By far the most frequent commit, an update of one profile without entries, needs no batch. */
function updateStep(statements: Statements, change: UpdateChange): Step {
  const { tenantId: tenant, schemaVersion: version } = change;
  return { statement: statements.updateProfile, values: { tenant, version, ...updateRow(change) }, expected: 1 };
}

function creationRow({ customerId, segment, attributes, extensions, at }: CreateChange): Values {
  return {
    id: customerId,
    segment,
    attributes: JSON.stringify(attributes),
    extensions: JSON.stringify(extensions),
    at,
  };
}

function updateRow({
  customerId,
  expectedRevision,
  createdAt,
  segment,
  attributes,
  extensions,
  at,
}: UpdateChange): Values {
  return {
    id: customerId,
    revision: expectedRevision,
    created: createdAt,
    segment,
    attributes: JSON.stringify(attributes),
    extensions: extensions && JSON.stringify(extensions),
    at,
  };
}

function revisionRow(change: Exclude<Change, CreateChange>): Values {
  return { id: change.customerId, revision: change.expectedRevision, created: change.createdAt };
}

/** In index order, which is the fastest to write. */
function entryRows(changes: readonly Change[], entriesOf: (change: Change) => readonly IndexEntry[]): Values[] {
  const rows: EntryRow[] = [];
  for (const change of changes) {
    const id = change.customerId;
    for (const { key, digest, unique } of entriesOf(change)) rows.push({ id, key, digest, plain: unique ? '' : id });
  }
  return rows.sort(byIndex);
}

type EntryRow = Readonly<Record<'id' | 'key' | 'digest' | 'plain', string>>;

function byIndex(one: EntryRow, other: EntryRow): number {
  if (one.key !== other.key) return one.key < other.key ? -1 : 1;
  return one.digest === other.digest ? 0 : one.digest < other.digest ? -1 : 1;
}
