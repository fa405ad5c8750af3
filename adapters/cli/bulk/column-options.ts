import { InvalidArgumentError } from 'commander';
import { readJsonFile } from '../json-file.js';
import type { Format } from '../shared-options.js';
import { UserError } from '../user-error.js';

/** The options that say which columns of a table are imported as what. */
export interface ColumnOptions {
  readonly map?: Columns['map'];
  readonly ignore?: Columns['ignore'];
  /** The name of a file with `map` and `ignore`. */
  readonly mapping?: string;
}

/** What becomes of columns: the attribute of each, and those to leave out. */
export interface Columns {
  readonly map: Readonly<Record<string, string>>;
  readonly ignore: readonly string[];
}

/** Adds a value of `--map`. No attribute has `=` in its name. */
export function addMapped(text: string, map: Columns['map'] = {}): Columns['map'] {
  const end = text.lastIndexOf('=');
  const [column, name] = [text.slice(0, Math.max(end, 0)), text.slice(end + 1)];
  if (column === '' || name === '')
    throw new InvalidArgumentError('Expected COLUMN=NAME, such as "E-mail=EmailAddress".');
  if (Object.hasOwn(map, column))
    throw new InvalidArgumentError('The column is mapped more than once. Choose one name.');
  return { ...map, [column]: name };
}

/** Adds a value of `--ignore`. */
export function addIgnored(text: string, ignore: Columns['ignore'] = []): Columns['ignore'] {
  return [...ignore, text];
}

/**
 * Joins the columns of the mapping file with those of the options, which go before them.
 *
 * @throws UserError if the file cannot be read, has other content, or the format has no columns
 */
export async function columnsOf({ map = {}, ignore = [], mapping }: ColumnOptions, format: Format): Promise<Columns> {
  const file = mapping === undefined ? { map: {}, ignore: [] } : await readMapping(mapping);
  const given = new Set([...Object.keys(map), ...ignore]);
  const mapped = Object.entries(file.map).filter(([column]) => !given.has(column));
  const columns = {
    map: { ...Object.fromEntries(mapped), ...map },
    ignore: [...file.ignore.filter((column) => !given.has(column)), ...ignore],
  };
  if (format !== 'csv' && columnsText(columns) !== undefined)
    throw new UserError('--map, --ignore and --mapping are for CSV. Leave them out, or add --format csv.');
  return columns;
}

/** The columns as options of the command, in one order whatever that of the options; `undefined` if there are none. */
export function columnsText({ map, ignore }: Columns): string | undefined {
  const mapped = Object.entries(map).map(([column, name]) => `--map ${JSON.stringify(`${column}=${name}`)}`);
  const ignored = [...new Set(ignore)].map((column) => `--ignore ${JSON.stringify(column)}`);
  return mapped.length + ignored.length === 0 ? undefined : [...mapped.sort(), ...ignored.sort()].join(' ');
}

async function readMapping(file: string): Promise<Columns> {
  const content = await readJsonFile(file);
  if (isObject(content)) {
    const { map = {}, ignore = [], ...others } = content;
    if (Object.keys(others).length === 0 && isMap(map) && isNames(ignore)) return { map, ignore };
  }
  throw new UserError(
    `${file} is not a mapping of columns. Write JSON such as {"map": {"E-mail": "EmailAddress"}, "ignore": ["Notes"]}.`,
  );
}

function isMap(value: unknown): value is Columns['map'] {
  return isObject(value) && Object.values(value).every((name) => typeof name === 'string');
}

function isNames(value: unknown): value is Columns['ignore'] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
