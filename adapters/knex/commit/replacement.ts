import type { ReplaceResult } from 'dossier/storage';
import type { Session } from '../connections/session.js';
import type { Replacing, ReplacingSteps } from '../dialects/capabilities.js';
import type { Statements } from '../dialects/dialect.js';
import { type FoundState, foundOf } from '../sql/rows.js';
import type { Plan, Row } from '../sql/statement.js';
import { type EntryRow, nameOf } from './captured-change.js';
import type { CapturedReplacement } from './captured-replacement.js';
import { byIndex } from './commit-steps.js';
import { differing } from './probes.js';

const LOOK = { outcome: 'look' } as const;

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
    const met: { found?: FoundState | undefined } = {};
    const tookEffect = await session.atomically({
      *plan() {
        met.found = steps && (yield* replaceInSteps(statements, steps, change));
        return met.found?.outcome === 'replaced';
      },
      combined,
      mayCollide: true,
      receive: ([row]) => {
        met.found = row && foundOf(row);
      },
    });
    const { found } = met;
    if (found === undefined || (found.outcome === 'replaced' && !tookEffect)) return LOOK;
    if (found.outcome !== 'again') return resultOf(found.outcome, found, change);
  }
  return LOOK;
}

/** What the profile has afterwards. */
export function resultOf(
  outcome: 'replaced' | 'unchanged',
  { revision, createdAt, updatedAt, segment }: Omit<FoundState, 'outcome'>,
  { values: { at, keeps, segment: next } }: CapturedReplacement,
): Exclude<ReplaceResult, typeof LOOK> {
  if (outcome === 'unchanged') return { outcome, revision, segment, createdAt, updatedAt };
  return {
    outcome,
    revision: revision + 1,
    segment: keeps === 1 ? segment : next,
    createdAt,
    updatedAt: at > updatedAt ? at : updatedAt,
  };
}

/** Those of {@link foundRow} without documents; the last one tells whether the entries stay. */
const FOUND_COLUMNS = 6;

/**
 * Locks and compares the row, reads the profile's entries if they may change, and writes what differs: at most seven
 * statements.
 */
function* replaceInSteps(
  { removeEntries, addEntries, addLines }: Statements,
  steps: ReplacingSteps,
  change: CapturedReplacement,
): Plan<FoundState | undefined> {
  const { customerId, keys, indexed, history, probes, values } = change;
  const { rows } = yield { statement: steps.found(probes !== undefined, indexed), values };
  const [row] = rows;
  const found = row && foundOf(row);
  if (row === undefined || found?.outcome !== 'replaced') return found;
  const stays = keys.length === 0 || Number(row[FOUND_COLUMNS - 1]) === 1;
  const { removed, added } = stays ? NO_ENTRIES : entryChanges(change, (yield { statement: steps.held, values }).rows);
  if (history) yield { statement: steps.keep, values };
  yield { statement: steps.update, values };
  if (probes) {
    const { revision, updatedAt: at } = resultOf('replaced', found, change);
    const [attributes = '{}', extensions = '{}'] = row.slice(FOUND_COLUMNS).map(String);
    const changed = changedMembers(change, found.segment, { attributes, extensions });
    yield { statement: addLines, values, rows: [{ ...values, id: customerId, revision, at, deleted: 0, changed }] };
  }
  if (removed.length > 0) yield { statement: removeEntries, values, rows: removed.sort(byIndex) };
  if (added.length === 0) return found;
  const { affected } = yield { statement: addEntries, values, rows: added.sort(byIndex) };
  return affected === added.length ? found : undefined;
}

interface EntryChanges {
  readonly removed: EntryRow[];
  readonly added: EntryRow[];
}

const NO_ENTRIES: EntryChanges = { removed: [], added: [] };

/** @param held `key`, `digest`, `plain` of all entries of the profile */
export function entryChanges({ customerId, keys, entries }: CapturedReplacement, held: readonly Row[]): EntryChanges {
  const missing = new Map(entries.map((entry) => [nameOf(entry), entry]));
  const removed: EntryRow[] = [];
  for (const row of held) {
    const [key = '', digest = '', plain = ''] = row.map(String);
    const isGiven = missing.delete(nameOf({ key, digest }));
    if (!isGiven && keys.includes(key)) removed.push({ id: customerId, key, digest, plain });
  }
  return { removed, added: [...missing.values()] };
}

/** The pointers of the line that it leaves, as JSON. */
export function changedMembers(
  { probes = [], values: { keeps, segment: next } }: CapturedReplacement,
  segment: string | undefined,
  { attributes, extensions }: Documents,
): string {
  const members = differing(probes, attributes, extensions);
  return JSON.stringify(keeps === 1 || segment === next ? members : [...members, '/segment']);
}

/** The documents of a profile as they are stored. */
export interface Documents {
  readonly attributes: string;
  readonly extensions: string;
}
