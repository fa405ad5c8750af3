import type { Format } from '../../model/schema.js';

/** Whether a whole text is as it has to be. */
export type TextTest = (text: string) => boolean;

/**
 * What tests texts by `pattern` and `format` (R24). The rules are given it, since what it is made of is loaded for those
 * schemas alone that need it.
 */
export interface TextTests {
  /** Compiles a pattern; answers what is wrong with it where that fails. */
  readonly pattern?: ((source: string) => TextTest | string) | undefined;
  readonly formats?: Readonly<Record<Format, TextTest>> | undefined;
}
