import type { ReplaceChange, ReplaceLine } from 'dossier/storage';

/**
 * A text to search for in a stored document, which tells whether a member is what it was. A document that is compared is
 * canonical: its members are in one order, as JSON without blanks. So a member is unchanged if the document has the text of
 * its name and its value. It has that nowhere else: quotation marks inside strings are escaped, and of the names of
 * extensions and of attributes in their records, only those of extensions are followed by an array of objects.
 */
export interface Probe {
  readonly name: string;
  readonly text: string;
  /** Whether the text is searched for in the extensions, or in the attributes. */
  readonly inExtensions: boolean;
  /** Whether it is there if the member is unchanged. */
  readonly expected: boolean;
}

/** The longest text that is searched for as a whole, in characters: a search takes time by the product of both lengths. */
export const MAX_SEARCHED = 256;

/** Of a longer one, so many characters are: they have the name, and what follows it, and tell where to compare. */
export const BEGINNING = 80;

/** The probes for what a replacement gives, in the order in which its line names members. */
export function probesOf({ attributes, extensions }: ReplaceChange, line: ReplaceLine): readonly Probe[] {
  const probeFor = (name: string, value: unknown, inExtensions: boolean): Probe =>
    value === undefined
      ? { name, text: `"${name}":${inExtensions ? '[{' : ''}`, inExtensions, expected: false }
      : { name, text: `"${name}":${JSON.stringify(value)},`, inExtensions, expected: true };
  const probesFor = (names: readonly string[], document: Readonly<Record<string, unknown>>, inExtensions: boolean) =>
    names.map((name) => probeFor(name, Object.hasOwn(document, name) ? document[name] : undefined, inExtensions));
  return [
    ...probesFor(line.attributes, attributes, false),
    ...(extensions === undefined ? [] : probesFor(line.extensions, extensions, true)),
  ];
}

/** The most characters of documents, given and stored, that a replacement is decided by: larger ones need a look. */
const MAX_COMPARED = 256 * 1024;

/** The most characters that are searched, which is the length of the stored documents for each text. */
const MAX_SEARCHED_IN_ALL = 16 * 1024 * 1024;

/**
 * The most bytes that the stored documents may have together, to be searched.
 *
 * @param given the length of the documents that the replacement gives
 */
export function searchable({ length }: readonly Probe[], given: number): number {
  return Math.min(MAX_COMPARED - given, Math.floor(MAX_SEARCHED_IN_ALL / Math.max(length, 1)));
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
