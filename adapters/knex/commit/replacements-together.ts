import type { ReplaceResult } from 'dossier/storage';
import type { Session } from '../connections/session.js';
import type { ReplacingTogether } from '../dialects/capabilities.js';
import type { Statements } from '../dialects/dialect.js';
import { foundOf } from '../sql/rows.js';
import type { Row, Statement, Step, Value } from '../sql/statement.js';
import type { CapturedChange } from './captured-change.js';
import type { CapturedReplacement } from './captured-replacement.js';
import { commitSteps } from './commit-steps.js';
import { differing, type Probe } from './probes.js';
import { changedMembers, type Documents, entryChanges, resultOf } from './replacement.js';
import { rowChange } from './row-change.js';

/** How replacements of one tenant are made together. */
export interface Together {
  /** Those of one shape can be. `undefined` if this one cannot. */
  shapeOf(change: CapturedReplacement): string | undefined;
  /** Makes those that it can, of different profiles. Returns their results by customer id. */
  replace(changes: readonly CapturedReplacement[]): Promise<Results>;
}

export type Results = ReadonlyMap<string, ReplaceResult>;

/** Returns `undefined` where a database gains nothing by it. */
export function togetherOn(session: Session, statements: Statements): Together | undefined {
  const { shapeOf, combine, read } = statements.replacing?.together ?? {};
  if (shapeOf === undefined) return undefined;
  return {
    shapeOf(change) {
      // One by one, each is a single round trip: two for all of them would take longer across a network.
      if (combine === undefined && session.combines) return undefined;
      return isSmall(change) ? shapeOf(change) : undefined;
    },
    async replace(changes) {
      if (combine) return replaceCombined(session, combine(changes), changes);
      return read ? replaceRead(session, statements, read, changes) : new Map();
    },
  };
}

/** The most characters of the documents of one replacement: for larger ones, a round trip matters less. */
const MAX_CHARACTERS = 16 * 1024;

/** The most characters in which the members of one replacement are searched for: all those of a batch are, in one turn. */
const MAX_SEARCHED_IN_EACH = 2 * 1024 * 1024;

function isSmall({ probes, values: { attributes, extensions = '' } }: CapturedReplacement): boolean {
  const characters = attributes.length + extensions.length;
  return characters <= MAX_CHARACTERS && isSearchable(probes, characters);
}

function isSearchable(probes: readonly Probe[] = [], characters: number): boolean {
  return probes.length * characters <= MAX_SEARCHED_IN_EACH;
}

/** Makes replacements by one statement. */
async function replaceCombined(
  session: Session,
  combined: Step,
  changes: readonly CapturedReplacement[],
): Promise<Results> {
  const rows = new Map<string, Row>();
  await session.atomically({
    *plan() {
      yield combined;
      return true;
    },
    combined,
    isOptional: true,
    receive: (received) => {
      for (const row of received) rows.set(String(row[ID_PLACE]), row);
    },
  });
  const results = new Map<string, ReplaceResult>();
  for (const change of changes) {
    const row = rows.get(change.customerId);
    const found = row && foundOf(row);
    if (found && found.outcome !== 'again') results.set(change.customerId, resultOf(found.outcome, found, change));
  }
  return results;
}

/** After what {@link foundOf} reads. */
const ID_PLACE = 5;

/**
 * Makes replacements by reading what is stored, and a transaction that expects it. Leaves out rows that others have locked: one
 * caller's profile must not make others wait.
 */
async function replaceRead(
  session: Session,
  statements: Statements,
  read: Statement,
  changes: readonly CapturedReplacement[],
): Promise<Results> {
  const { tenant = '' } = changes[0]?.values ?? {};
  const ids = changes.map(({ customerId }) => customerId);
  const { rows } = await session.query({ statement: read, values: { tenant, ids } });
  const isState = ([, version]: Row) => version !== null;
  const stored = new Map(rows.filter(isState).map((row) => [String(row[0]), storedOf(row)]));
  const entries = rows.filter((row) => !isState(row));
  const results = new Map<string, ReplaceResult>();
  const changed: Compared[] = [];
  for (const change of changes) {
    const state = stored.get(change.customerId);
    if (state === undefined || !isReplaceable(change, state)) continue;
    if (isUnchanged(change, state)) results.set(change.customerId, resultOf('unchanged', state, change));
    else changed.push({ change, state, keepsEntries: keepsEntries(change, state) });
  }
  const [first] = changed;
  if (first === undefined) return results;

  const captured = changed.map((one) => commitOf(one, entries));
  const { history, probes } = first.change;
  const rowChanges = captured.map((change) => rowChange(change, undefined, true));
  const steps = commitSteps(statements, tenant, captured, rowChanges, { history, changes: probes !== undefined });
  const tookEffect = await session.atomically({
    *plan() {
      for (const step of steps) {
        const { affected } = yield step;
        if (step.expected !== undefined && affected !== step.expected) return false;
      }
      return true;
    },
    isOptional: true,
  });
  if (tookEffect) {
    for (const { change, state } of changed) results.set(change.customerId, resultOf('replaced', state, change));
  }
  return results;
}

/** A replacement, and the row that it would replace. */
interface Compared {
  readonly change: CapturedReplacement;
  readonly state: StoredState;
  readonly keepsEntries: boolean;
}

interface StoredState extends Documents {
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly segment: string | undefined;
  readonly schemaVersion: number;
  readonly attributesVersion: number;
  readonly extensionsVersion: number;
}

/** The state in a row of {@link ReplacingTogether.read}. */
function storedOf([
  ,
  version,
  revision,
  created,
  updated,
  segment,
  attributes,
  extensions,
  ...versions
]: Row): StoredState {
  const [attributesVersion = 0, extensionsVersion = 0] = versions.map(Number);
  return {
    schemaVersion: Number(version),
    revision: Number(revision),
    createdAt: String(created),
    updatedAt: String(updated),
    segment: segment === null ? undefined : String(segment),
    attributes: String(attributes),
    extensions: String(extensions),
    attributesVersion,
    extensionsVersion,
  };
}

/** Meets the conditions that `foundRow` sets for one replacement. */
function isReplaceable({ probes, values }: CapturedReplacement, state: StoredState): boolean {
  const { version, since, if_revision, if_created, if_updated, extensions } = values;
  const isExpected = (expected: Value, actual: string | number) => expected === undefined || expected === actual;
  return (
    version === state.schemaVersion &&
    isExpected(if_revision, state.revision) &&
    isExpected(if_created, state.createdAt) &&
    isExpected(if_updated, state.updatedAt) &&
    state.attributesVersion >= Number(since) &&
    (extensions === undefined || state.extensionsVersion >= Number(since)) &&
    isSearchable(probes, state.attributes.length + state.extensions.length)
  );
}

function isUnchanged({ values }: CapturedReplacement, state: StoredState): boolean {
  const { attributes, extensions, keeps, segment } = values;
  return (
    attributes === state.attributes &&
    (extensions === undefined || extensions === state.extensions) &&
    (keeps === 1 || segment === state.segment)
  );
}

function keepsEntries({ keys, indexed }: CapturedReplacement, { attributes, extensions }: Documents): boolean {
  if (keys.length === 0) return true;
  const probes = indexed?.probes.flatMap((probe) => probe ?? []);
  return probes !== undefined && differing(probes, attributes, extensions).length === 0;
}

/** @param entries the rows of {@link ReplacingTogether.read} that are entries, of all profiles */
function commitOf({ change, state, keepsEntries }: Compared, entries: readonly Row[]): CapturedChange {
  const { customerId, probes, values } = change;
  const { segment, updatedAt: at } = resultOf('replaced', state, change);
  const { version, attributes, extensions, operation, actor, reason, counterpart, origin } = values;
  return {
    kind: 'update',
    customerId,
    schemaVersion: Number(version),
    expected: { revision: state.revision, created: state.createdAt },
    content: { at, segment, attributes, extensions, operation, actor, reason, counterpart, canonical: version },
    line: probes && { origin, deleted: 0, changed: changedMembers(change, state.segment, state) },
    ...(keepsEntries ? { removed: [], added: [] } : entryChanges(change, ownEntries(entries, customerId))),
  };
}

function ownEntries(entries: readonly Row[], customerId: string): readonly Row[] {
  return entries.flatMap(([id, , , ...entry]) => (String(id) === customerId ? [entry] : []));
}
