import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ProfilePage, StateMetadata, StoredProfile, StoredSchema, StoredState } from 'dossier/storage';
import type { Row } from './statement.js';

/** The profile in a row of {@link RowReads.load}; `undefined` if it does not exist. */
export function profileOf(row: Row): StoredProfile | undefined {
  const [, id, revision, segment, attributes, created, updated, residual, extensions] = row;
  if (id === null || id === undefined) return undefined;
  return {
    customerId: String(id),
    // Some drivers return 64-bit integers as strings.
    revision: Number(revision),
    segment: textOf(segment),
    // Not read where they are not needed.
    attributes: attributes === null ? {} : parseDocument(attributes),
    extensions: extensions === undefined ? undefined : parseDocument(extensions),
    residual: residual === null ? undefined : parseDocument(residual),
    createdAt: String(created),
    updatedAt: String(updated),
  };
}

/** A document of more characters than this takes milliseconds to parse. */
const LARGE_DOCUMENT = 65_536;

/** The page in the rows of {@link RowReads.page} or {@link ReadStatements.find}. */
export async function pageOf(rows: readonly Row[]): Promise<ProfilePage> {
  const profiles = await inTurns(rows, profileOf);
  return { profiles, more: isMore(rows, profiles) };
}

/** The page in the rows of {@link HistoryReads.history}, the newest state first. */
export async function statesOf(
  rows: readonly Row[],
): Promise<{ readonly states: readonly StoredState[]; readonly more: boolean }> {
  const states = await inTurns(rows, stateOf);
  states.sort((one, other) => other.revision - one.revision);
  return { states, more: isMore(rows, states) };
}

/** What is in the rows of a page, which have the number of those that are available as their second column. */
async function inTurns<Item>(rows: readonly Row[], itemOf: (row: Row) => Item | undefined): Promise<Item[]> {
  const items: Item[] = [];
  for (const [version, , ...columns] of rows) {
    const isLarge = hasLargeDocument(columns);
    // Before the first one, too: reading its text from the driver takes a good part of a turn.
    if (isLarge && items.length === 0) await nextTurn();
    const item = itemOf([version, ...columns]);
    if (item !== undefined) items.push(item);
    if (isLarge) await nextTurn();
  }
  return items;
}

/** Yields to the event loop before a large document is parsed. Costs no promise for any other row. */
export function turnBefore(row: Row): Promise<void> | undefined {
  return hasLargeDocument(row) ? nextTurn() : undefined;
}

function hasLargeDocument(row: Row): boolean {
  return row.some((column) => typeof column === 'string' && column.length > LARGE_DOCUMENT);
}

function isMore([row]: readonly Row[], items: readonly unknown[]): boolean {
  return items.length > 0 && Number(row?.[1]) > items.length;
}

function stateOf(row: Row): StoredState | undefined {
  const profile = profileOf(row);
  if (profile === undefined) return undefined;
  const [operation, actor, reason, counterpart, deleted] = row.slice(9);
  const { customerId, revision, updatedAt: at } = profile;
  return {
    customerId,
    revision,
    at,
    // Version 0.1 stored none.
    metadata:
      operation === null
        ? undefined
        : {
            operation: String(operation) as StateMetadata['operation'],
            actor: textOf(actor),
            reason: textOf(reason),
            counterpart: textOf(counterpart),
          },
    profile: Number(deleted) === 1 ? undefined : profile,
  };
}

/** What a replacement found, before it replaced anything. */
export interface FoundState {
  /** What becomes of the profile. `again`: the statement saw other rows than it locked, and did nothing. */
  readonly outcome: 'replaced' | 'unchanged' | 'again';
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly segment: string | undefined;
}

const OUTCOMES = ['unchanged', 'replaced', 'again'] as const;

/** @param row of a replacement: the outcome, and what the profile had */
export function foundOf([outcome, revision, created, updated, segment]: Row): FoundState {
  return {
    outcome: OUTCOMES[Number(outcome)] ?? 'again',
    revision: Number(revision),
    createdAt: String(created),
    updatedAt: String(updated),
    segment: textOf(segment),
  };
}

/** The schema version, the first value of the row; `undefined` if the tenant has no schema. */
export function schemaVersionOf(row: Row | undefined): number | undefined {
  const version = row?.[0] ?? undefined;
  return version === undefined ? undefined : Number(version);
}

/** The schema in a row of {@link RowReads.loadSchema}. */
export function schemaOf([version, document]: Row): { readonly version: number; readonly schema: StoredSchema } {
  return { version: Number(version), schema: parseDocument(document) };
}

function textOf(value: unknown): string | undefined {
  return value === null ? undefined : String(value);
}

/** @throws Error without the parser's own message, which would quote the text: personal data */
export function parseDocument<Document>(text: unknown): Document {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new Error('A stored document is not valid JSON.');
  }
}
