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
  const steps = mapCells(text, (cell, isFirst) => (needsMark(cell, isFirst) ? `'${cell}` : cell));
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Restores the text that {@link forSpreadsheet} was given, in steps: a cell of a file may be longer than any value. */
export function fromSpreadsheet(text: string): Generator<void, string, void> {
  return mapCells(text, (cell, isFirst) => {
    const unmarked = cell.slice(1);
    return cell.startsWith("'") && needsMark(unmarked, isFirst) ? unmarked : cell;
  });
}

/** Whether a text is no formula although it begins like one. As a text, a spreadsheet could not sum it up. */
export function isNegativeNumber(text: string): boolean {
  return /^-\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text);
}

function* mapCells(text: string, map: (cell: string, isFirst: boolean) => string): Generator<void, string, void> {
  const blocks: string[] = [];
  let parts: string[] = [];
  let written = 0;
  let yielded = 0;
  for (let start = 0; start < text.length; ) {
    const end = endOfCell(text, start);
    if (mayBeMarked(text.charAt(start))) {
      const cell = text.slice(start, end);
      const mapped = map(cell, start === 0);
      if (mapped !== cell) {
        parts.push(text.slice(written, start), mapped);
        written = end;
      }
    }
    start = end;
    if (start - yielded < CHARACTERS_AT_ONCE) continue;
    // Millions of parts would take many times the memory of the text.
    blocks.push(parts.join(''));
    parts = [];
    yielded = start;
    yield;
  }
  return written === 0 ? text : [...blocks, ...parts, text.slice(written)].join('');
}

function endOfCell(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) if (DELIMITERS.has(text.charAt(at))) return at + 1;
  return text.length;
}

/** By the first character of a cell: decides most, without a copy of the cell. */
function mayBeMarked(first: string): boolean {
  return first === "'" || FORMULA.has(first) || !PLAIN.test(first);
}

/** Whether a cell begins a formula, or would but for apostrophes. */
function needsMark(cell: string, isFirst: boolean): boolean {
  let at = 0;
  while (cell.charAt(at) === "'") at += 1;
  const first = cell.charAt(at);
  // Some spreadsheets run what follows a tab or a line break at the start.
  if (FORMULA.has(first) || (isFirst && /[\t\r\n]/.test(first))) return true;
  if (PLAIN.test(first)) return false;
  const content = cell.slice(at);
  return FORMULA.has(content.charAt(content.search(NOT_DROPPED)));
}
