/** An operation at the largest input that is let in. It is run more than once, each time on what `prepare` makes. */
export interface Scenario {
  /** The JSON that a caller would send: what the operation costs is compared with what it costs to parse this. */
  readonly text: string;
  /** Makes what there is before, which is not measured, and answers the operation. It gets what `given` says. */
  readonly prepare: () => Promise<(given: never) => Promise<unknown>>;
  /** Whether the operation gets the `parsed` text, which is the default, or the `text` itself, and parses it. */
  readonly given?: 'parsed' | 'text';
  /** `ok`, or the code of the error that the operation must end in. */
  readonly outcome: string;
  /** The most CPU that it may take, in multiples of parsing the text. Default {@link MOST_WORK}. */
  readonly mostWork?: number;
}

export type Scenarios = Readonly<Record<string, Scenario>>;

/** What one scenario cost. All times are CPU of the process in milliseconds. */
export interface Measured {
  readonly outcome: string;
  readonly parsing: number;
  readonly work: number;
  /** The longest turn of the event loop. */
  readonly turn: number;
}

/** A quiet computer parses 1 MiB of the smallest values in 20 to 50 ms, so these are 50 ms a turn, and no more than a few. */
export const MOST_WORK = 12;
export const MOST_PER_TURN = 5;

/** Of what is parsed in no time at all, a turn is held to this alone. */
export const SHORT_TURN_MS = 50;

/** Beside what Node.js and the modules take, there are 64 MiB for the text, what is parsed of it, and the operation. */
export const HEAP_MIB = 64 + 48;
