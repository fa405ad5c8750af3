import { hash } from 'node:crypto';
import type { CompiledAttribute, CompiledExtension, CompiledSchema } from '../rules/compiled-schema.js';
import type { Seen } from '../rules/partial-replacement.js';
import type { StoredProfile } from '../storage/profile-repository.js';

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

const FORM = /^([1-9][0-9]{0,15})-([\w-]{12})\.([0-9a-z]{1,11})\.(\*?[0-9a-z_]*)\.(\*?[0-9a-z_]*)$/;
const RADIX = 36;

/** The text of a reading: the revision, a hyphen, and then what only this file reads (W3). */
export function readingText(
  tenantId: string,
  schema: CompiledSchema,
  stored: StoredProfile,
  { attributes, extensions }: ViewContent,
): string {
  const all = schema.lastNumber;
  const shown = [
    numbersText(attributes, schema.attributes.inOrder, all),
    numbersText(extensions, schema.extensions, all),
  ];
  return [`${stored.revision}-${stateOf(tenantId, stored)}`, schema.version.toString(RADIX), ...shown].join('.');
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

/** Unique for each state: two states of one profile differ in their timestamps, even if one of them was rolled back. */
function stateOf(tenantId: string, { customerId, createdAt, updatedAt }: StoredProfile): string {
  return hash('sha256', [tenantId, customerId, createdAt, updatedAt].join('\0'), 'base64url').slice(0, 12);
}

function parseNumbers(text = ''): NumberSet {
  if (text.startsWith('*')) return { upTo: Number.parseInt(text.slice(1), RADIX) || 0, others: new Set() };
  const numbers = text.split('_').map((number) => Number.parseInt(number, RADIX));
  return { upTo: 0, others: new Set(numbers.filter((number) => number > 0)) };
}
