import type { Result, Row } from '../../sql/statement.js';

/** The part of pg's connection that sends messages of the extended query protocol. */
export interface ProtocolConnection {
  readonly stream: { cork(): void; uncork(): void };
  /** The texts of the statements prepared on the connection, by name. */
  readonly parsedStatements: Readonly<Record<string, string>>;
  parse(message: { readonly name: string; readonly text: string }): void;
  bind(message: { readonly statement: string; readonly values: readonly (string | null)[] }): void;
  execute(message: object): void;
  sync(): void;
}

/**
 * A named statement with its values, in the form in which pg runs queries of other libraries, such as cursors: it calls
 * `submit` when the connection is free, and then a method per message of the server.
 *
 * Requests no row description, and leaves values as text, whatever type parsers the host has set. pg's own queries take
 * a quarter more CPU time.
 */
export class PreparedQuery {
  readonly name: string;
  readonly text: string;
  /** Called once; pg replaces it if the host has set a timeout. */
  callback: (error: unknown, result?: Result) => void;
  readonly #values: readonly (string | null)[];
  readonly #rows: Row[] = [];
  #affected = 0;

  constructor(
    { name, text }: { readonly name: string; readonly text: string },
    values: readonly (string | null)[],
    callback: (error: unknown, result?: Result) => void,
  ) {
    this.name = name;
    this.text = text;
    this.callback = callback;
    this.#values = values;
  }

  submit(connection: ProtocolConnection): void {
    const { name, text } = this;
    // One packet for all messages.
    connection.stream.cork();
    try {
      if (connection.parsedStatements[name] === undefined) connection.parse({ name, text });
      connection.bind({ statement: name, values: this.#values });
      connection.execute({});
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  handleDataRow({ fields }: { readonly fields: Row }): void {
    this.#rows.push(fields);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    // Such as `UPDATE 1`, `INSERT 0 1` or `SELECT 2`.
    this.#affected = Number(text.slice(text.lastIndexOf(' ') + 1));
  }

  handleReadyForQuery(): void {
    this.callback(undefined, { rows: this.#rows, affected: this.#affected });
  }

  handleError(error: unknown): void {
    this.callback(error);
  }
}
