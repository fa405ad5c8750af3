import { RE2JS, RE2JSException } from 're2js';
import type { TextTest } from '../rules/constraints/index.js';

/** The most instructions of a compiled pattern. The time to match takes grows with them, and with the text. */
const MAX_INSTRUCTIONS = 1_000;

/**
 * Compiles a pattern in RE2 syntax to a test of whole texts, in time linear in the text.
 *
 * @returns the test, or what is wrong with the pattern
 */
export function compilePattern(source: string): TextTest | string {
  try {
    const compiled = RE2JS.compile(source);
    if (compiled.programSize() > MAX_INSTRUCTIONS) {
      return `a shorter pattern, or smaller repetitions: it compiles to more than ${MAX_INSTRUCTIONS} instructions`;
    }
    return (text) => compiled.testExact(text);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return `a regular expression in RE2 syntax (${error.message})`;
  }
}
