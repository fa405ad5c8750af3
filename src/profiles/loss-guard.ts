import { LossNotAllowedError, MalformedRequestError } from '../errors.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { StateContent } from '../rules/difference.js';
import { foldName, isName } from '../rules/names.js';
import { forbiddenLosses, type GivenForms, omittedLosses, previewReplacement } from '../rules/replacement-preview.js';

/** Refuses a change that clears protected members by leaving them out (L2). */
export class LossGuard {
  readonly #guardAll: boolean;
  readonly #allowed: ReadonlySet<string>;

  /**
   * @param allowLoss the names of members that may be cleared
   * @throws MalformedRequestError if `allowLoss` is no array of names
   */
  constructor(guardAll: boolean, allowLoss: readonly string[] = []) {
    if (!Array.isArray(allowLoss) || !allowLoss.every(isName)) {
      throw new MalformedRequestError('`allowLoss` must be an array of names of attributes and extensions.');
    }
    this.#guardAll = guardAll;
    this.#allowed = new Set(allowLoss.map(foldName));
  }

  /** Whether it may refuse a change by this schema. */
  applies(schema: CompiledSchema): boolean {
    return this.#guardAll || schema.hasProtected;
  }

  /** @throws MalformedRequestError if `allowLoss` has a name that the schema does not know */
  assertKnown(schema: CompiledSchema): void {
    for (const name of this.#allowed) {
      if (schema.attributes.byName.has(name) || schema.extensionsByName.has(name)) continue;
      throw new MalformedRequestError(
        '`allowLoss` has a name that the schema does not know. Correct it or leave it out.',
      );
    }
  }

  /**
   * @param forms how the change gives each member
   * @throws LossNotAllowedError with pointers to the members
   */
  check(schema: CompiledSchema, before: StateContent, after: StateContent, forms: GivenForms): void {
    const losses = omittedLosses(schema, before, previewReplacement(schema, before, after, forms));
    const forbidden = forbiddenLosses(schema, losses, this.#allowed, this.#guardAll);
    if (forbidden.length > 0) throw new LossNotAllowedError(forbidden);
  }
}
