import { setImmediate } from 'node:timers/promises';

/** Carries out work in steps, and lets the event loop turn after each. */
export async function inTurns<Result>(steps: Generator<void, Result, void>): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await setImmediate();
  }
}
