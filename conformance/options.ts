import type { ProfileRepository } from '../src/storage/profile-repository.js';

/** The four test-runner functions that the kit calls. Those of mocha, vitest, jest and node:test fit. */
export interface TestRunner {
  describe(title: string, body: () => void): unknown;
  it(title: string, body: () => Promise<void>): unknown;
  beforeEach(body: () => Promise<void>): unknown;
  afterEach(body: () => Promise<void>): unknown;
}

/** An empty store and a repository over it, created for one test. */
export interface RepositoryHarness {
  readonly repository: ProfileRepository;
  /**
   * Opens another repository over the same store on its own connection, as a second process would. `dispose` releases
   * it. Required, unless {@link Capabilities.anotherConnection} is false.
   */
  another?(): Promise<ProfileRepository>;
  /**
   * Begins a transaction as a host application would, passes `work` a repository bound to it, then commits or rolls back
   * as `work` resolves. Required if {@link Capabilities.hostTransactions} is declared, otherwise forbidden.
   */
  transaction?(work: (repository: ProfileRepository) => Promise<'commit' | 'rollback'>): Promise<void>;
  /**
   * Closes everything that was opened for the store, as the end of its processes would, and resolves to a new repository
   * over it. Where it is given, durability is tested. If `break` was called before, the store can be reached again.
   */
  reopen?(): Promise<ProfileRepository>;
  /**
   * Makes the store unreachable for `repository`: cuts its connections, or stops its server. Where it is given, `ping` and
   * the errors of all methods are tested.
   */
  break?(): Promise<void>;
  /** Removes the store and closes everything that was opened for it, also after `break`. */
  dispose(): Promise<void>;
}

/** What a repository can do. A test fails if the harness and this declaration disagree. */
export interface Capabilities {
  /**
   * Several repositories may use one store at the same time, from several processes or over one handle. Adds no tests:
   * they all run over two connections. Declare `false` only if one repository alone can ever use a store: the kit then
   * cannot find a lock or a cache that covers one connection only, and says so in its title. Default true.
   */
  readonly anotherConnection?: boolean | undefined;
  /** A repository can be bound to a host's transaction, and several may be open at once. Adds tests. Default false. */
  readonly hostTransactions?: boolean | undefined;
  /** The repository keeps former states, and declares the capability itself. Adds tests. Default false. */
  readonly history?: boolean | undefined;
  /** The repository keeps a feed, and declares the capability itself. Adds tests. Default false. */
  readonly changes?: boolean | undefined;
  /** The repository erases, and declares the capability itself. Adds tests. Default false. */
  readonly erasure?: boolean | undefined;
  /** The repository stores the mode of the server, and declares the capability itself. Adds tests. Default false. */
  readonly serverMode?: boolean | undefined;
}

/** How the random commands are generated. */
export interface RandomCommandsOptions {
  /** A 32-bit integer. The same seed generates the same commands. Default 20240229. */
  readonly seed?: number | undefined;
  /** Number of command sequences. Default 40. */
  readonly runs?: number | undefined;
  /** The `path` that a failure printed: starts at the failing sequence, already shrunk. */
  readonly path?: string | undefined;
}

/** Options of {@link describeProfileRepository}. */
export interface ConformanceOptions {
  /** Name of the tested repository, for the title. Default `profile repository`. */
  readonly name?: string | undefined;
  readonly runner: TestRunner;
  /** Creates a new, empty store. Called before each test. */
  readonly createHarness: () => RepositoryHarness | Promise<RepositoryHarness>;
  readonly capabilities?: Capabilities | undefined;
  /** Timeout of each repository call, in milliseconds; a call that takes longer fails its clause. Default 10,000. */
  readonly callTimeout?: number | undefined;
  readonly randomCommands?: RandomCommandsOptions | undefined;
}
