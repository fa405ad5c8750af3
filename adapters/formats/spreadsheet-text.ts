/** What begins a formula, also as a wide character, which some spreadsheets take for the narrow one. */
const FORMULA = new Set('=+-@\uff1d\uff0b\uff0d\uff20');

/** A spreadsheet that splits rows at another delimiter finds the next cell behind it. */
const DELIMITERS = new Set(',;|\t\r\n');

/** A spreadsheet may drop blanks, quotes and characters without a width before it looks for a formula. */
const NOT_DROPPED = /[^"\s\p{Cc}\p{Cf}]/u;

/** Decides most cells, and much faster. */
const PLAIN = /[!#-~]/;

/**
 * Makes a text for a cell in which no spreadsheet finds a formula: it has an apostrophe before what would begin one. A text
 * that has apostrophes there already gets one more, so {@link fromSpreadsheet} restores every text exactly.
 */
export function forSpreadsheet(text: string): string {
  return mapCells(text, (cell, isFirst) => (needsMark(cell, isFirst) ? `'${cell}` : cell));
}

/** Restores the text that {@link forSpreadsheet} was given. */
export function fromSpreadsheet(text: string): string {
  return mapCells(text, (cell, isFirst) => {
    const unmarked = cell.slice(1);
    return cell.startsWith("'") && needsMark(unmarked, isFirst) ? unmarked : cell;
  });
}

/** Whether a text is no formula although it begins like one. As a text, a spreadsheet could not sum it up. */
export function isNegativeNumber(text: string): boolean {
  return /^-\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text);
}

function mapCells(text: string, map: (cell: string, isFirst: boolean) => string): string {
  let mapped = '';
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (!DELIMITERS.has(text.charAt(at))) continue;
    mapped += map(text.slice(start, at + 1), start === 0);
    start = at + 1;
  }
  return mapped + map(text.slice(start), start === 0);
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
