import type { ProfileRepository } from '../src/storage/profile-repository.js';

/** The four functions of a test runner that the kit calls: those of mocha, vitest, jest and node:test all fit. */
export interface TestRunner {
  describe(title: string, body: () => void): unknown;
  it(title: string, body: () => Promise<void>): unknown;
  beforeEach(body: () => Promise<void>): unknown;
  afterEach(body: () => Promise<void>): unknown;
}

/** One empty store with a repository over it, made for one test. */
export interface RepositoryHarness {
  readonly repository: ProfileRepository;
  /**
   * Another repository over the same store, with a connection of its own, as a second process would have it; `dispose`
   * releases it. Given exactly when {@link Capabilities.anotherConnection} is declared.
   */
  another?(): Promise<ProfileRepository>;
  /**
   * Begins a transaction as a host would, gives `work` a repository that is bound to it, and ends the transaction as
   * `work` says. Given exactly when {@link Capabilities.hostTransactions} is declared.
   */
  transaction?(work: (repository: ProfileRepository) => Promise<'commit' | 'rollback'>): Promise<void>;
  /** Removes the store and everything that was opened for it. */
  dispose(): Promise<void>;
}

/** What a repository can do beyond the port. One that is given and not declared, or the reverse, fails a test. */
export interface Capabilities {
  /**
   * Several repositories may work on one store at the same time, be it from several processes or over one handle. Has the
   * tests go over two of them: there are no more tests for it, but they show more. Default false.
   */
  readonly anotherConnection?: boolean | undefined;
  /** A repository can be bound to a transaction of the host, of which several may be open. Adds tests. Default false. */
  readonly hostTransactions?: boolean | undefined;
}

/** How the run of random commands is drawn. */
export interface RandomCommandsOptions {
  /** A 32-bit integer. The same seed draws the same commands. Default 20240229. */
  readonly seed?: number | undefined;
  /** How many sequences of commands are run. Default 40. */
  readonly runs?: number | undefined;
  /** The path that a failure printed: begins with the sequence that failed, already shrunk. */
  readonly path?: string | undefined;
}

/** What {@link describeProfileRepository} needs to know. */
export interface ConformanceOptions {
  /** What is tested, for the title. Default `profile repository`. */
  readonly name?: string | undefined;
  readonly runner: TestRunner;
  /** Makes a new, empty store; called before each test. */
  readonly createHarness: () => RepositoryHarness | Promise<RepositoryHarness>;
  readonly capabilities?: Capabilities | undefined;
  /** Within how many milliseconds each call must be answered, so that one that never is fails its clause. Default 10,000. */
  readonly callTimeout?: number | undefined;
  readonly randomCommands?: RandomCommandsOptions | undefined;
}
