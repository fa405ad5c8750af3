import type { Representation } from '../model/representation.js';
import { membersIn } from '../rules/check-representation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { Decision } from '../rules/decision.js';
import { checkPatch, decidePatch } from '../rules/patch.js';
import type { ProfileLimits } from '../rules/profile-limits.js';
import { decideReplacement } from '../rules/replacement.js';
import type { StoredProfile } from '../storage/profile-repository.js';
import { turnAfterInput } from './captured-representation.js';
import { type ExpectedState, shownTogether } from './expected-state.js';
import { type Shown, seenBy, shownAndGiven, type ViewContent } from './reading.js';

/**
 * A patch (L5): it changes the members that it gives. What a reading showed decides what is answered, and nothing else,
 * since a patch names all that it takes.
 */
export class Patch {
  readonly #given: Representation;
  readonly #limits: ProfileLimits;
  /** What the readings showed, whether they match or not. */
  readonly shown: Shown | undefined;

  /** @param given a copy of the members that the patch gives, since it is read again after what is awaited */
  constructor(given: Representation, expected: ExpectedState | undefined, limits: ProfileLimits) {
    this.#given = given;
    this.#limits = limits;
    this.shown = shownTogether(expected);
  }

  /** Yields to the event loop between the steps of a large patch. */
  turn(): Promise<void> | undefined {
    return turnAfterInput(this.#given);
  }

  needsExtensions(schema: CompiledSchema): boolean {
    if (membersIn(schema, this.#given).hasExtensions) return true;
    const seen = this.shown && seenBy(this.shown);
    return seen !== undefined && schema.extensions.some((extension) => seen.extension(extension));
  }

  decide(schema: CompiledSchema): (current: StoredProfile) => Decision {
    const check = checkPatch(schema, this.#given, this.#limits);
    return (current) => {
      if (!check.valid) return decideReplacement(schema, current, check);
      return decidePatch(schema, current, this.#given, this.#limits);
    };
  }

  /** What the answer shows: all attributes and the extensions given; by a reading, what that showed and what was given. */
  answer(schema: CompiledSchema, shown: Shown | undefined): ViewContent {
    const { attributes, extensions } = membersIn(schema, this.#given);
    if (shown !== undefined) return shownAndGiven(schema, shown, extensions, () => attributes);
    return { attributes: 'all', extensions: extensions.size > 0 ? extensions : 'none' };
  }
}
