import type { TestRunner } from 'dossier/conformance';

type Body = () => Promise<void>;

interface CollectedTest {
  readonly title: string;
  readonly run: Body;
}

/** The result of one test. */
export interface TestOutcome {
  readonly title: string;
  /** Absent when the test passed. */
  readonly failure?: Error;
}

/** Collects the declared tests, then runs those whose titles begin with `prefix`, one by one, and returns their results. */
export async function runCollected(declare: (runner: TestRunner) => void, prefix = ''): Promise<TestOutcome[]> {
  const outcomes: TestOutcome[] = [];
  for (const { title, run } of collect(declare)) {
    if (!title.startsWith(prefix)) continue;
    try {
      await run();
      outcomes.push({ title });
    } catch (error) {
      outcomes.push({ title, failure: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  return outcomes;
}

function collect(declare: (runner: TestRunner) => void): CollectedTest[] {
  const tests: CollectedTest[] = [];
  let before: Body[] = [];
  let after: Body[] = [];
  declare({
    describe: (_title, body) => {
      const outer = [before, after] as const;
      body();
      [before, after] = outer;
    },
    beforeEach: (body) => {
      before = [...before, body];
    },
    afterEach: (body) => {
      after = [...after, body];
    },
    it: (title, body) => {
      const [setUp, tearDown] = [before, after];
      const run = async () => {
        for (const hook of setUp) await hook();
        try {
          await body();
        } finally {
          for (const hook of tearDown) await hook();
        }
      };
      tests.push({ title, run });
    },
  });
  return tests;
}
