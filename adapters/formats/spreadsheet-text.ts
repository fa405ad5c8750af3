/** What begins a formula, also as a wide character, which some spreadsheets take for the narrow one. */
const FORMULA = new Set('=+-@\uff1d\uff0b\uff0d\uff20');

/** A spreadsheet that splits rows at another delimiter finds the next cell behind it. */
const DELIMITERS = new Set(',;|\t\r\n');

/** A spreadsheet may drop blanks, quotes and characters without a width before it looks for a formula. */
const NOT_DROPPED = /[^"\s\p{Cc}\p{Cf}]/u;

/** Decides most cells, and much faster. */
const PLAIN = /[!#-~]/;

/** A turn of the event loop goes through about so many characters. */
const CHARACTERS_AT_ONCE = 2 ** 17;

/**
 * Makes a text for a cell in which no spreadsheet finds a formula: it has an apostrophe before what would begin one. A text
 * that has apostrophes there already gets one more, so {@link fromSpreadsheet} restores every text exactly.
 */
export function forSpreadsheet(text: string): string {
  const needs = (start: number, end: number) => needsMark(text, start, end, start);
  const steps = editCells(text, needs, { dropped: 0, inserted: "'" });
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Restores the text that {@link forSpreadsheet} was given, in steps: a cell of a file may be longer than any value. */
export function fromSpreadsheet(text: string): Generator<void, string, void> {
  const isMarked = (start: number, end: number) => text.charAt(start) === "'" && needsMark(text, start + 1, end, start);
  return editCells(text, isMarked, { dropped: 1, inserted: '' });
}

/** Whether a text is no formula although it begins like one. As a text, a spreadsheet could not sum it up. */
export function isNegativeNumber(text: string): boolean {
  return /^-\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text);
}

/** Drops characters at the beginning of each cell that `applies` accepts, and inserts others there. */
function* editCells(
  text: string,
  applies: (start: number, end: number) => boolean,
  { dropped, inserted }: { readonly dropped: number; readonly inserted: string },
): Generator<void, string, void> {
  const blocks: string[] = [];
  let parts: string[] = [];
  let isEdited = false;
  let written = 0;
  let yielded = 0;
  for (let start = 0; start < text.length; ) {
    const end = endOfCell(text, start);
    if (mayBeMarked(text.charAt(start)) && applies(start, end)) {
      parts.push(text.slice(written, start) + inserted);
      written = start + dropped;
      isEdited = true;
    }
    start = end;
    if (start - yielded < CHARACTERS_AT_ONCE) continue;
    // Millions of parts would take many times the memory of the text.
    blocks.push(parts.join(''));
    parts = [];
    yielded = start;
    yield;
  }
  return isEdited ? [...blocks, ...parts, text.slice(written)].join('') : text;
}

function endOfCell(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) if (DELIMITERS.has(text.charAt(at))) return at + 1;
  return text.length;
}

/** By the first character of a cell: decides most, without a copy of the cell. */
function mayBeMarked(first: string): boolean {
  return first === "'" || FORMULA.has(first) || !PLAIN.test(first);
}

/**
 * Whether a cell begins a formula, or would but for apostrophes. Takes no copy of it where its first character decides.
 *
 * @param from where to look for the formula: at the start of the cell, or behind an apostrophe
 */
function needsMark(text: string, from: number, end: number, start: number): boolean {
  let at = from;
  while (at < end && text.charAt(at) === "'") at += 1;
  const first = at < end ? text.charAt(at) : '';
  // Some spreadsheets run what follows a tab or a line break at the start.
  if (FORMULA.has(first) || (start === 0 && /[\t\r\n]/.test(first))) return true;
  if (PLAIN.test(first)) return false;
  const content = text.slice(at, end);
  return FORMULA.has(content.charAt(content.search(NOT_DROPPED)));
}
