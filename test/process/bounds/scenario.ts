/** An operation at the largest input that is let in. It may be run more than once, each time on what `prepare` makes. */
export interface Scenario {
  /**
   * The JSON that a caller would send: what the operation costs is compared with what it costs to parse this. A function
   * makes it only when its turn comes: many texts of 8 MiB would take the memory of the operations.
   */
  readonly text: string | (() => string);
  /** Makes what there is before, which is not measured, and answers the operation. It gets what `given` says. */
  readonly prepare: () => Promise<(given: never) => Promise<unknown>>;
  /** Whether the operation gets the `parsed` text, which is the default, or the `text` itself, and parses it. */
  readonly given?: 'parsed' | 'text';
  /** `ok`, or the code of the error that the operation must end in. */
  readonly outcome: string;
  /**
   * The most CPU that it may take, in multiples of parsing the text. Default {@link MOST_WORK}. What is within that many times
   * parsing {@link REFERENCE} passes as well, however short the text is.
   */
  readonly mostWork?: number;
  /** The longest turn that it may take, in multiples of parsing {@link REFERENCE}. Default {@link MOST_OF_REFERENCE}. */
  readonly mostOfReference?: number;
}

export type Scenarios = Readonly<Record<string, Scenario>>;

/** What one scenario cost. All times are CPU of the event loop's thread in milliseconds. */
export interface Measured {
  readonly outcome: string;
  readonly parsing: number;
  readonly work: number;
  /** The longest turn of the event loop. */
  readonly turn: number;
  /** Parsing {@link REFERENCE} in the same process. */
  readonly reference: number;
}

const MOST_WORK = 12;
/** In milliseconds: a text of a few characters is parsed in a time that cannot be measured. */
const LEAST = 0.001;

/** A turn is held to what it takes to parse this, so many times: 30 to 60 ms on a quiet computer. */
export const REFERENCE = `[${Array(349_000).fill('{}').join()}]`;
const MOST_OF_REFERENCE = 2;
/** For what is measured near it, most of which is garbage collection. */
export const MORE_OF_REFERENCE = 3;

/** 64 MiB for the operation; the rest is for Node.js, the modules, the texts, what is parsed of them, and what the storage keeps. */
export const HEAP_MIB = 64 + 96;

/** Whether what was measured is within the limits of the scenario. */
export function isWithin(measured: Measured, scenario: Scenario): boolean {
  const { mostWork, mostTurn } = limitsOf(measured, scenario);
  return measured.work <= mostWork && measured.turn <= mostTurn;
}

/** The most CPU that a scenario may take, and the longest turn, in milliseconds. */
export function limitsOf({ parsing, reference }: Measured, scenario: Scenario) {
  const { mostWork = MOST_WORK, mostOfReference = MOST_OF_REFERENCE } = scenario;
  const mostTurn = mostOfReference * reference;
  return { mostWork: Math.max(mostWork * Math.max(parsing, LEAST), MOST_WORK * reference), mostTurn };
}
