import { hash } from 'node:crypto';
import type { CompiledAttribute, CompiledExtension, CompiledSchema } from '../rules/compiled-schema.js';
import type { Seen } from '../rules/partial-replacement.js';
import type { StateToken, StoredProfile } from '../storage/profile-repository.js';
import { timestampView, VIEW_LENGTH } from './timestamps.js';

/** What an answer showed of a profile, by the numbers of the definitions (R22). */
export interface Shown {
  readonly attributes: NumberSet;
  readonly extensions: NumberSet;
}

/** All numbers up to one, and some beyond. */
interface NumberSet {
  readonly upTo: number;
  readonly others: ReadonlySet<number>;
}

/** A reading: which state of which profile was answered, by which schema, and what of it was shown. */
export interface Reading {
  readonly revision: number;
  /** Distinguishes the state from any other with this revision: of another profile, creation or transaction. */
  readonly state: string;
  readonly schemaVersion: number;
  readonly shown: Shown;
}

/** What a view of a profile contains. */
export interface ViewContent {
  readonly attributes: 'all' | ReadonlySet<CompiledAttribute>;
  readonly extensions: 'all' | 'none' | ReadonlySet<CompiledExtension>;
}

const FORM = /^([1-9][0-9]{0,15})-([0-9a-z-]{10,60})\.([0-9a-z]{1,11})\.(\*?[0-9a-z_]*)\.(\*?[0-9a-z_]*)$/;
const RADIX = 36;
/** A profile, and the timestamps that its state has: milliseconds, and the digits after them. */
const STATE = /^[0-9a-f]{8}-([0-9a-z]{1,9})-([0-9]{0,6})-([0-9a-z]{1,9})-([0-9]{0,6})$/;

/** The text of a reading: the revision, a hyphen, and then what only this file reads (W3). */
export function readingText(
  tenantId: string,
  schema: CompiledSchema,
  stored: StoredProfile,
  { attributes, extensions }: ViewContent,
): string {
  const { version, lastNumber } = schema;
  const shownAttributes = numbersText(attributes, schema.attributes.inOrder, lastNumber);
  const shownExtensions = numbersText(extensions, schema.extensions, lastNumber);
  const state = `${stored.revision}-${stateOf(tenantId, stored)}`;
  return `${state}.${version.toString(RADIX)}.${shownAttributes}.${shownExtensions}`;
}

/** The same text for the same content, whether it was requested by name or not. */
function numbersText(
  content: 'all' | 'none' | ReadonlySet<{ readonly number: number }>,
  declared: readonly unknown[],
  last: number,
): string {
  if (content === 'none') return '';
  if (content === 'all' || content.size === declared.length) return `*${last.toString(RADIX)}`;
  const numbers = Array.from(content, ({ number }) => number).sort((one, other) => one - other);
  return numbers.map((number) => number.toString(RADIX)).join('_');
}

/** Returns `undefined` for a text that is no reading. */
export function parseReading(text: string): Reading | undefined {
  const [, revision, state, version, attributes, extensions] = FORM.exec(text) ?? [];
  if (revision === undefined || state === undefined || version === undefined) return undefined;
  return {
    revision: Number(revision),
    state,
    schemaVersion: Number.parseInt(version, RADIX),
    shown: { attributes: parseNumbers(attributes), extensions: parseNumbers(extensions) },
  };
}

/** Whether a reading is of this state of the profile. The schema may have changed since. */
export function isReadingOf(reading: Reading, tenantId: string, stored: StoredProfile): boolean {
  return reading.revision === stored.revision && reading.state === stateOf(tenantId, stored);
}

/** What several readings showed together. */
export function joinShown(readings: readonly Reading[]): Shown {
  const join = (sets: readonly NumberSet[]): NumberSet => ({
    upTo: Math.max(0, ...sets.map(({ upTo }) => upTo)),
    others: new Set(sets.flatMap(({ others }) => [...others])),
  });
  return {
    attributes: join(readings.map(({ shown }) => shown.attributes)),
    extensions: join(readings.map(({ shown }) => shown.extensions)),
  };
}

/**
 * What a change answers that was based on readings (R22): what they showed and what was given.
 *
 * @param givenAttributes computed only if the readings did not show all attributes
 */
export function shownAndGiven(
  schema: CompiledSchema,
  shown: Shown,
  givenExtensions: ReadonlySet<CompiledExtension> | undefined,
  givenAttributes: () => ReadonlySet<CompiledAttribute>,
): ViewContent {
  const seen = seenBy(shown);
  const listed = schema.extensions.filter((one) => seen.extension(one) || givenExtensions?.has(one));
  const extensions = listed.length > 0 ? new Set(listed) : 'none';
  if (schema.attributes.inOrder.every((one) => seen.attribute(one))) return { attributes: 'all', extensions };
  const given = givenAttributes();
  const attributes = schema.attributes.inOrder.filter((one) => seen.attribute(one) || given.has(one));
  return { attributes: new Set(attributes), extensions };
}

/** What a caller has seen who was shown this. A definition that is new, or has changed its type, since was not shown. */
export function seenBy({ attributes, extensions }: Shown): Seen {
  return {
    attribute: ({ number }) => includes(attributes, number),
    extension: ({ number }) => includes(extensions, number),
  };
}

function includes({ upTo, others }: NumberSet, number: number): boolean {
  return number <= upTo || others.has(number);
}

/**
 * The state that a reading is of, as the storage tells states apart; `undefined` if it is of another profile, or has
 * timestamps of another form.
 */
export function tokenIn(
  { revision, state }: Reading,
  tenantId: string,
  customerId: string,
): Required<StateToken> | undefined {
  const [, created, createdDigits, updated, updatedDigits] = STATE.exec(state) ?? [];
  const createdAt = timestampOf(created, createdDigits);
  const updatedAt = timestampOf(updated, updatedDigits);
  if (createdAt === undefined || updatedAt === undefined || !state.startsWith(profileHash(tenantId, customerId))) {
    return undefined;
  }
  return { revision, createdAt, updatedAt };
}

/** Unique for each state: two states of one profile differ in their timestamps, even if one of them was rolled back. */
function stateOf(tenantId: string, { customerId, createdAt, updatedAt }: StoredProfile): string {
  return `${profileHash(tenantId, customerId)}-${timestampText(createdAt)}-${timestampText(updatedAt)}`;
}

function profileHash(tenantId: string, customerId: string): string {
  return hash('sha256', `${tenantId}\0${customerId}`, 'hex').slice(0, 8);
}

/** The milliseconds of a stored timestamp, and the digits after them. */
function timestampText(stored: string): string {
  return `${Date.parse(timestampView(stored)).toString(RADIX)}-${stored.slice(VIEW_LENGTH, -1)}`;
}

function timestampOf(milliseconds = '', digits = ''): string | undefined {
  const time = new Date(Number.parseInt(milliseconds, RADIX));
  return Number.isNaN(time.getTime()) ? undefined : `${time.toISOString().slice(0, VIEW_LENGTH)}${digits}Z`;
}

function parseNumbers(text = ''): NumberSet {
  if (text.startsWith('*')) return { upTo: Number.parseInt(text.slice(1), RADIX) || 0, others: new Set() };
  const numbers = text.split('_').map((number) => Number.parseInt(number, RADIX));
  return { upTo: 0, others: new Set(numbers.filter((number) => number > 0)) };
}
