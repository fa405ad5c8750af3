/** A value bound to a parameter; a list only where the statement says so. */
export type Value = string | number | null | undefined | readonly (string | number | null)[];

/** A value as a driver accepts it. */
export type Bound = string | number | null;

/** Values by parameter name. */
export type Values = Readonly<Record<string, Value>>;

/** SQL with named parameters, built once per repository. */
export interface Statement {
  /** With `?` in the place of each parameter. */
  readonly sql: string;
  /** The parameter names, in the order of the question marks. */
  readonly parameters: readonly string[];
  /** The columns of its batch of rows; empty for a statement that takes no rows. */
  readonly columns: readonly string[];
}

/** A statement with its values: one step of a commit. */
export interface Step {
  readonly statement: Statement;
  /** The values that all rows share. */
  readonly values: Values;
  /** The batch: one row per profile or entry, with the members that the statement's columns name. */
  readonly rows?: readonly Values[] | undefined;
  /** For a statement combined from several steps: the values in parameter order. */
  readonly bound?: readonly Bound[] | undefined;
  /** How many rows the step must affect to count as done; absent when any number will do. */
  readonly expected?: number | undefined;
}

/** Values in the order of the statement's columns: building objects costs a noticeable part of a short query. */
export type Row = readonly unknown[];

export interface Result {
  readonly rows: readonly Row[];
  /** The number of rows written; for a query, the number returned. */
  readonly affected: number;
}

/**
 * A sequence of steps, each chosen by the results so far. A generator lets the dialect decide whether to await between
 * steps: SQLite runs them all in one turn of the event loop.
 */
export type Plan<T> = Generator<Step, T, Result>;

const PARAMETER = /(?<!:):([a-z]\w*)/gi;

/**
 * SQL with parameters such as `:tenant`; a cast such as `::text` is none. It is parsed where it is first used: a process uses
 * few of the statements of a repository.
 *
 * @param columns the columns of the batch, for a statement that takes rows
 */
export function statement(text: string, columns: readonly string[] = []): Statement {
  let parsed: Pick<Statement, 'sql' | 'parameters'> | undefined;
  return {
    get sql() {
      parsed ??= parse(text);
      return parsed.sql;
    },
    get parameters() {
      parsed ??= parse(text);
      return parsed.parameters;
    },
    columns,
  };
}

function parse(text: string): Pick<Statement, 'sql' | 'parameters'> {
  return {
    sql: text.replace(PARAMETER, '?').replace(/\s+/g, ' ').trim(),
    parameters: Array.from(text.matchAll(PARAMETER), ([, name = '']) => name),
  };
}

/** The text with its parameters renamed. */
export function renameParameters(text: string, rename: (name: string) => string): string {
  return text.replace(PARAMETER, (_, name: string) => `:${rename(name)}`);
}
