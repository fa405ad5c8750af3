import type { ReplaceResult } from 'dossier/storage';
import type { Session } from '../connections/session.js';
import type { Replacing, ReplacingSteps } from '../dialects/capabilities.js';
import type { Statements } from '../dialects/dialect.js';
import { type Replaced, replacedOf } from '../sql/rows.js';
import type { Plan, Values } from '../sql/statement.js';
import { type EntryRow, nameOf } from './captured-change.js';
import type { CapturedReplacement } from './captured-replacement.js';
import { changedMembers } from './changed-members.js';
import { byIndex } from './commit-steps.js';

const LOOK: ReplaceResult = { outcome: 'look' };

/** How often a statement is sent that saw other rows than it locked. */
const MAX_SENT = 3;

/** Replaces a profile whatever its revision is: in one statement where the database can, otherwise in one transaction. */
export async function replaceUnseen(
  session: Session,
  statements: Statements,
  { combine, steps }: Replacing,
  change: CapturedReplacement,
): Promise<ReplaceResult> {
  const combined = combine?.(change);
  for (let sent = 1; sent <= MAX_SENT; sent++) {
    const met: { replaced?: Replaced | undefined } = {};
    const tookEffect = await session.atomically({
      *plan() {
        met.replaced = steps && (yield* replaceInSteps(statements, steps, change));
        return met.replaced?.outcome === 'replaced';
      },
      combined,
      receive: ([row]) => {
        met.replaced = row && replacedOf(row);
      },
    });
    const { replaced } = met;
    if (replaced === undefined || (replaced.outcome === 'replaced' && !tookEffect)) return LOOK;
    const { outcome } = replaced;
    if (outcome !== 'again') return { ...replaced, outcome };
  }
  return LOOK;
}

/** Those of {@link foundRow} without documents. */
const FOUND_COLUMNS = 5;

/** The most characters of documents that are compared member by member in one turn of the event loop. */
const MAX_COMPARED = 256 * 1024;

/** Locks and compares the row, reads the profile's entries, and writes what differs: at most seven statements. */
function* replaceInSteps(
  { removeEntries, addEntries, addLines }: Statements,
  { found, foundWithDocuments, held, keep, update }: ReplacingSteps,
  { customerId, keys, entries, history, line, values: given }: CapturedReplacement,
): Plan<Replaced | undefined> {
  const [row] = (yield { statement: line ? foundWithDocuments : found, values: given }).rows;
  const stored = row && replacedOf(row);
  if (row === undefined || stored?.outcome !== 'replaced') return stored;
  const former = row.slice(FOUND_COLUMNS).map(String);
  if (line && lengthOf([...former, given.attributes, given.extensions]) > MAX_COMPARED) return undefined;
  const isLater = given.at > stored.updatedAt;
  const replaced: Replaced = {
    ...stored,
    revision: stored.revision + 1,
    updatedAt: isLater ? given.at : stored.updatedAt,
    segment: given.keeps === 1 ? stored.segment : given.segment,
  };
  const missing = new Map(entries.map((entry) => [nameOf(entry), entry]));
  const stale: EntryRow[] = [];
  const own = keys.length === 0 ? [] : (yield { statement: held, values: given }).rows;
  for (const row of own) {
    const [key = '', digest = '', plain = ''] = row.map(String);
    const isGiven = missing.delete(nameOf({ key, digest }));
    if (!isGiven && keys.includes(key)) stale.push({ id: customerId, key, digest, plain });
  }
  const { revision, updatedAt: updated } = replaced;
  const values = { ...given, revision, updated, segment: replaced.segment };
  if (history) yield { statement: keep, values };
  yield { statement: update, values };
  if (line) yield { statement: addLines, values, rows: [lineOf(values, former, stored)] };
  if (stale.length > 0) yield { statement: removeEntries, values, rows: stale.sort(byIndex) };
  const added = [...missing.values()].sort(byIndex);
  if (added.length === 0) return replaced;
  const { affected } = yield { statement: addEntries, values, rows: added };
  return affected === added.length ? replaced : undefined;
}

function lengthOf(texts: readonly (string | undefined)[]): number {
  return texts.reduce((sum, text = '') => sum + text.length, 0);
}

/** @param documents the attributes and the extensions that are replaced */
function lineOf(
  values: CapturedReplacement['values'] & { readonly revision: number; readonly updated: string },
  [attributes = '{}', extensions = '{}']: readonly string[],
  { segment }: Replaced,
): Values {
  const before = { attributes, extensions, segment };
  const after = { ...values, extensions: values.extensions ?? extensions };
  const changed = changedMembers(values.members ?? [], before, after);
  return { ...values, id: values.profile, at: values.updated, deleted: 0, changed };
}
