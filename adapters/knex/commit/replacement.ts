import type { ReplaceResult } from 'dossier/storage';
import type { Session } from '../connections/session.js';
import type { Replacing, ReplacingReads } from '../dialects/capabilities.js';
import type { Statements } from '../dialects/dialect.js';
import { type Replaced, replacedOf } from '../sql/rows.js';
import type { Plan } from '../sql/statement.js';
import { type EntryRow, nameOf } from './captured-change.js';
import type { CapturedReplacement } from './captured-replacement.js';
import { commitSteps } from './commit-steps.js';
import { rowChange } from './row-change.js';

const LOOK: ReplaceResult = { outcome: 'look' };

/** How often a statement is sent that saw other rows than it locked. */
const MAX_SENT = 3;

/** Replaces a profile whatever its revision is: in one statement where the database can, otherwise in one transaction. */
export async function replaceUnseen(
  session: Session,
  statements: Statements,
  { combine, reads }: Replacing,
  change: CapturedReplacement,
): Promise<ReplaceResult> {
  const combined = combine?.(change);
  for (let sent = 1; sent <= MAX_SENT; sent++) {
    const met: { replaced?: Replaced | undefined } = {};
    const tookEffect = await session.atomically({
      *plan() {
        met.replaced = reads && (yield* replaceInSteps(statements, reads, change));
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

/**
 * Locks and compares the row, reads the profile's entries, and then takes the steps of a commit that updates what it has
 * found: at most six statements.
 *
 * @returns `undefined` if it needs a look
 */
function* replaceInSteps(
  statements: Statements,
  { found, held }: ReplacingReads,
  change: CapturedReplacement,
): Plan<Replaced | undefined> {
  const { customerId, schemaVersion, history, content, keys, entries, values } = change;
  const [row] = (yield { statement: found, values }).rows;
  const replaced = row && afterwards(replacedOf(row), change);
  if (replaced?.outcome !== 'replaced') return replaced;
  const { revision, createdAt, updatedAt: at, segment } = replaced;
  const missing = new Map(entries.map((entry) => [nameOf(entry), entry]));
  const removed: EntryRow[] = [];
  const own = keys.length === 0 ? [] : (yield { statement: held, values }).rows;
  for (const row of own) {
    const [key = '', digest = '', plain = ''] = row.map(String);
    const isKept = missing.delete(nameOf({ key, digest }));
    if (!isKept && keys.includes(key)) removed.push({ id: customerId, key, digest, plain });
  }
  const update = {
    kind: 'update',
    customerId,
    schemaVersion,
    expected: { revision: revision - 1, created: createdAt },
    content: { ...content, at, segment },
    added: [...missing.values()],
    removed,
  } as const;
  const { tenant } = values;
  for (const step of commitSteps(statements, tenant, [update], [rowChange(update, undefined, history)], { history })) {
    const { affected } = yield step;
    if (step.expected !== undefined && affected !== step.expected) return undefined;
  }
  return replaced;
}

/** What becomes of the profile that was found. */
function afterwards(
  found: Replaced,
  { content: { at = '' }, values: { keeps, segment } }: CapturedReplacement,
): Replaced {
  if (found.outcome !== 'replaced') return found;
  return {
    ...found,
    revision: found.revision + 1,
    updatedAt: at > found.updatedAt ? at : found.updatedAt,
    segment: keeps === 1 ? found.segment : segment,
  };
}
