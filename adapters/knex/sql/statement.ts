/** A value bound to a parameter: lists only where a statement says so. */
export type Value = string | number | null | undefined | readonly (string | number | null)[];

/** A value as a driver takes it. */
export type Bound = string | number | null | (string | number | null)[];

/** Values by the name of their parameter. */
export type Values = Readonly<Record<string, Value>>;

/** An SQL text, made once per repository, whose parameters are bound by name. */
export interface Statement {
  /** With `?` in the place of each parameter. */
  readonly sql: string;
  /** The names of the parameters, in the order of the question marks. */
  readonly parameters: readonly string[];
  /** The columns of the rows that it takes as a batch; none for a statement that takes no rows. */
  readonly columns: readonly string[];
}

/** A statement with its values: one thing to do in a commit. */
export interface Step {
  readonly statement: Statement;
  /** What holds for all rows. */
  readonly values: Values;
  /** One for each profile or entry, with the members that the statement's columns name. */
  readonly rows?: readonly Values[] | undefined;
  /** The values in the order of the statement's parameters, where that was made of several steps. */
  readonly bound?: readonly Bound[] | undefined;
  /** How many rows must be affected for the step to have taken effect; absent when any number will do. */
  readonly expected?: number | undefined;
}

/** The values of a row, in the order of the statement's columns: objects would take a part of a short query's time. */
export type Row = readonly unknown[];

export interface Result {
  readonly rows: readonly Row[];
  /** How many rows were written; for a query, how many were answered. */
  readonly affected: number;
}

/**
 * Statements that belong together, one after the other, each decided by the results so far. A generator leaves it to the
 * dialect whether to wait between two of them: SQLite runs them all in one turn of the event loop.
 */
export type Plan<T> = Generator<Step, T, Result>;

const PARAMETER = /(?<!:):([a-z]\w*)/gi;

/**
 * Makes a statement of a text with parameters such as `:tenant`; a cast such as `::text` is none.
 *
 * @param columns for a statement that takes rows
 */
export function statement(text: string, columns: readonly string[] = []): Statement {
  const parameters = Array.from(text.matchAll(PARAMETER), ([, name = '']) => name);
  const sql = text.replace(PARAMETER, '?').replace(/\s+/g, ' ').trim();
  return { sql, parameters, columns };
}

/** The text with its parameters renamed. */
export function renameParameters(text: string, rename: (name: string) => string): string {
  return text.replace(PARAMETER, (_, name: string) => `:${rename(name)}`);
}
