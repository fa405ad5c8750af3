import { RE2JS, RE2JSException } from 're2js';
import type { TextTest } from '../rules/constraints/index.js';
import { writtenOut } from './pattern-size.js';

/** The most instructions of a compiled pattern. The time to match takes grows with them, and with the text. */
const MAX_INSTRUCTIONS = 1_000;

/** So much larger may a pattern be when it is written out, since it may compile to less. It bounds the time to compile. */
const MOST_WRITTEN_OUT = 4 * MAX_INSTRUCTIONS;

const TOO_LARGE = `a shorter pattern, or smaller repetitions: it compiles to more than ${MAX_INSTRUCTIONS} instructions`;

/**
 * Compiles a pattern in RE2 syntax to a test of whole texts, in time linear in the text.
 *
 * @returns the test, or what is wrong with the pattern
 */
export function compilePattern(source: string): TextTest | string {
  if (writtenOut(source) > MOST_WRITTEN_OUT) return TOO_LARGE;
  try {
    const compiled = RE2JS.compile(source);
    if (compiled.programSize() > MAX_INSTRUCTIONS) return TOO_LARGE;
    return (text) => compiled.testExact(text);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return `a regular expression in RE2 syntax (${error.message})`;
  }
}
