import type { MemberNames, ReplaceChange } from 'dossier/storage';

/**
 * A text whose presence in a stored document shows whether a member has changed. Only canonical documents are compared: JSON
 * without blanks, with the members in one order. So a member is unchanged if its name and value are in the document as one
 * text. No other place can match: quotation marks inside strings are escaped, and an array of objects follows the name of an
 * extension only, never that of an attribute of its records.
 */
export interface Probe {
  readonly name: string;
  readonly text: string;
  /** Whether the text is searched for in the extensions, or in the attributes. */
  readonly inExtensions: boolean;
  /** Whether the document of an unchanged member has the text. */
  readonly expected: boolean;
}

/** The longest text, in characters, that is searched for as a whole: a search may take the product of both lengths. */
export const MAX_SEARCHED = 256;

/** Of a longer text, only its beginning is searched for: it contains the whole name, so the text can only begin there. */
export const BEGINNING = 80;

/** The probes for what a replacement gives, in the order of the names. */
function probesOf({ attributes, extensions }: ReplaceChange, names: MemberNames): readonly Probe[] {
  const probeFor = (name: string, value: unknown, inExtensions: boolean): Probe =>
    value === undefined
      ? { name, text: `"${name}":${inExtensions ? '[{' : ''}`, inExtensions, expected: false }
      : { name, text: `"${name}":${JSON.stringify(value)},`, inExtensions, expected: true };
  const probesFor = (names: readonly string[], document: Readonly<Record<string, unknown>>, inExtensions: boolean) =>
    names.map((name) => probeFor(name, Object.hasOwn(document, name) ? document[name] : undefined, inExtensions));
  return [
    ...probesFor(names.attributes, attributes, false),
    ...(extensions === undefined ? [] : probesFor(names.extensions, extensions, true)),
  ];
}

/** The most characters of documents, given and stored, that a replacement compares: larger ones need a look. */
const MAX_COMPARED = 256 * 1024;

/** The most characters that all searches together may read: each of them reads the stored documents. */
const MAX_SEARCHED_IN_ALL = 16 * 1024 * 1024;

/** How to find the members that a replacement changes. */
export interface Search {
  readonly probes: readonly Probe[];
  /** The most bytes that the stored documents may have together, to be searched. */
  readonly searchable: number;
}

/**
 * @param given the length of the documents that the replacement gives
 * @returns `undefined` if they are too large to be compared
 */
export function searchFor(change: ReplaceChange, names: MemberNames, given: number): Search | undefined {
  if (given > MAX_COMPARED) return undefined;
  const probes = probesOf(change, names);
  const searchable = Math.min(MAX_COMPARED - given, Math.floor(MAX_SEARCHED_IN_ALL / Math.max(probes.length, 1)));
  return { probes, searchable };
}

/**
 * The JSON pointers to the members that differ, in the order of the probes.
 *
 * @param attributes as they are stored, as are the extensions
 */
export function differing(probes: readonly Probe[], attributes: string, extensions: string): string[] {
  // Each member is followed by a comma.
  const [inAttributes, inExtensions] = [`${attributes.slice(0, -1)},`, `${extensions.slice(0, -1)},`];
  return probes
    .filter((probe) => has(probe.inExtensions ? inExtensions : inAttributes, probe.text) !== probe.expected)
    .map(({ name }) => `/${name}`);
}

function has(document: string, text: string): boolean {
  if (text.length <= MAX_SEARCHED) return document.includes(text);
  return document.startsWith(text, document.indexOf(text.slice(0, BEGINNING)));
}

/** How many probes of each document a statement has room for: a power of two, so that few statements are prepared. */
export interface ProbeCounts {
  readonly attributes: number;
  readonly extensions: number;
}

/** Probes as parameters of a statement. Where it has room for more, an empty text is searched for, which is always found. */
export interface PaddedProbes {
  readonly counts: ProbeCounts;
  /** Those of attributes first. */
  readonly probes: readonly (Probe | undefined)[];
  /** For each a digit: 1 if its text is expected, otherwise 0. */
  readonly expected: string;
}

/** @param fewest the room for the probes of a document, if it has any */
export function padded(probes: readonly Probe[], fewest = 1): PaddedProbes {
  const all: (Probe | undefined)[] = probes.filter(({ inExtensions }) => !inExtensions);
  const attributes = roomFor(all.length, fewest);
  const extensions = roomFor(probes.length - all.length, fewest);
  while (all.length < attributes) all.push(undefined);
  for (const probe of probes) if (probe.inExtensions) all.push(probe);
  while (all.length < attributes + extensions) all.push(undefined);
  let expected = '';
  for (const probe of all) expected += (probe?.expected ?? true) ? '1' : '0';
  return { counts: { attributes, extensions }, probes: all, expected };
}

function roomFor(count: number, fewest: number): number {
  return count === 0 ? 0 : Math.max(2 ** Math.ceil(Math.log2(count)), fewest);
}

/** The most members of each document that tell whether entries may have changed, and characters of them all. */
const MAX_INDEXED = { members: 4, characters: 16 * 1024 };

/** The probes that tell whether the entries of a profile stay as they are; `undefined` if those have to be compared. */
export function entryProbes(change: ReplaceChange): PaddedProbes | undefined {
  const { indexed, keys, line } = change;
  if (indexed === undefined || keys.length === 0) return undefined;
  if (Math.max(indexed.attributes.length, indexed.extensions.length) > MAX_INDEXED.members) return undefined;
  const probes = probesOf(change, indexed);
  const characters = probes.reduce((sum, { text }) => sum + text.length, 0);
  if (probes.length === 0 || characters > MAX_INDEXED.characters) return undefined;
  // With a line there are many statements already: one size of these probes keeps their number low.
  return padded(probes, line === undefined ? 1 : MAX_INDEXED.members);
}
