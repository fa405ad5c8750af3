import { nextTurn } from '../storage/turns.js';

/** The steps between two turns of the event loop. */
const STEPS_AT_ONCE = 50;

/** Carries out work in steps, and lets the event loop turn after some of them. */
export async function inTurns<Result>(steps: Generator<void, Result, void>): Promise<Result> {
  for (let count = 1; ; count += 1) {
    const { done, value } = steps.next();
    if (done) return value;
    if (count % STEPS_AT_ONCE === 0) await nextTurn();
  }
}
