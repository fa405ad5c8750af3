/** What begins a formula, also as a wide character, which some spreadsheets take for the narrow one. */
const FORMULA = '[=+\\-@\uff1d\uff0b\uff0d\uff20]';

/** What a spreadsheet may drop before it looks for a formula. */
const BLANK = '[\\s\\p{Cc}\\p{Cf}]';
const AT_START = `'*(?:[\\t\\r\\n]|${BLANK}*${FORMULA})`;

/** A spreadsheet that splits rows at another delimiter finds a cell behind it, whose quotes it drops. */
const DELIMITER = '(?<=[,;|\\t\\r\\n])';
const AT_DELIMITER = `'*(?:"|(?![\\t\\r\\n])${BLANK})*${FORMULA}`;

const UNMARKED_START = new RegExp(`^(?=${AT_START})`, 'u');
const MARKED_START = new RegExp(`^'(?=${AT_START})`, 'u');
const UNMARKED_DELIMITER = new RegExp(`${DELIMITER}(?=${AT_DELIMITER})`, 'gu');
const MARKED_DELIMITER = new RegExp(`${DELIMITER}'(?=${AT_DELIMITER})`, 'gu');

/**
 * Makes a text for a cell in which no spreadsheet finds a formula: it has an apostrophe before what would begin one. A text
 * that has apostrophes there already gets one more, so {@link fromSpreadsheet} restores every text exactly.
 */
export function forSpreadsheet(text: string): string {
  return text.replace(UNMARKED_START, "'").replace(UNMARKED_DELIMITER, "'");
}

/** Whether a text is no formula although it begins like one. As a text, a spreadsheet could not sum it up. */
export function isNegativeNumber(text: string): boolean {
  return /^-\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text);
}

/** Restores the text that {@link forSpreadsheet} was given. */
export function fromSpreadsheet(cell: string): string {
  return cell.replace(MARKED_DELIMITER, '').replace(MARKED_START, '');
}
