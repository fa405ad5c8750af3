import { nextTurn } from '../storage/turns.js';

/** The steps between two turns of the event loop, at most. */
const STEPS_AT_ONCE = 50;

/** The time after which it turns even so: a pattern takes as long as hundreds of other definitions. */
const MILLISECONDS_AT_ONCE = 10;

/** Carries out work in steps, and lets the event loop turn after some of them. */
export async function inTurns<Result>(steps: Generator<void, Result, void>): Promise<Result> {
  let count = 0;
  let began = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    count += 1;
    if (count < STEPS_AT_ONCE && performance.now() - began < MILLISECONDS_AT_ONCE) continue;
    await nextTurn();
    count = 0;
    began = performance.now();
  }
}
