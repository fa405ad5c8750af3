import type { ReplaceResult } from 'dossier/storage';
import type { Session } from '../connections/session.js';
import type { Replacing, ReplacingSteps } from '../dialects/capabilities.js';
import type { Statements } from '../dialects/dialect.js';
import { type Replaced, replacedOf } from '../sql/rows.js';
import type { Plan } from '../sql/statement.js';
import { type EntryRow, nameOf } from './captured-change.js';
import type { CapturedReplacement } from './captured-replacement.js';
import { byIndex } from './commit-steps.js';
import { differing } from './probes.js';

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

/** Locks and compares the row, reads the profile's entries, and writes what differs: at most seven statements. */
function* replaceInSteps(
  { removeEntries, addEntries, addLines }: Statements,
  { found, foundWithDocuments, held, keep, update }: ReplacingSteps,
  { customerId, keys, entries, history, probes, values: given }: CapturedReplacement,
): Plan<Replaced | undefined> {
  const [row] = (yield { statement: probes ? foundWithDocuments : found, values: given }).rows;
  const stored = row && replacedOf(row);
  if (row === undefined || stored?.outcome !== 'replaced') return stored;
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
  if (probes) {
    const [attributes = '{}', extensions = '{}'] = row.slice(FOUND_COLUMNS).map(String);
    const members = differing(probes, attributes, extensions);
    const changed = JSON.stringify(stored.segment === replaced.segment ? members : [...members, '/segment']);
    yield { statement: addLines, values, rows: [{ ...values, id: customerId, at: updated, deleted: 0, changed }] };
  }
  if (stale.length > 0) yield { statement: removeEntries, values, rows: stale.sort(byIndex) };
  const added = [...missing.values()].sort(byIndex);
  if (added.length === 0) return replaced;
  const { affected } = yield { statement: addEntries, values, rows: added };
  return affected === added.length ? replaced : undefined;
}
