import { copyInput } from '../model/defensive-copy.js';
import type { Representation } from '../model/representation.js';
import { type CheckedRepresentation, membersIn } from '../rules/check-representation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { Decision } from '../rules/decision.js';
import type { StateContent } from '../rules/difference.js';
import { decidePartialReplacement, hasSeenAll, type Seen, violationsInGiven } from '../rules/partial-replacement.js';
import type { ProfileLimits } from '../rules/profile-limits.js';
import { decideReplacement } from '../rules/replacement.js';
import { givenForms } from '../rules/replacement-preview.js';
import type { StoredProfile } from '../storage/profile-repository.js';
import { type CapturedRepresentation, captureRepresentation } from './captured-representation.js';
import { type ExpectedState, type Match, shownTogether } from './expected-state.js';
import type { LossGuard } from './loss-guard.js';
import { type Shown, seenBy, shownAndGiven, type ViewContent } from './reading.js';

/**
 * A full replacement: by R6 to R8 alone, or based on readings, and then it touches only what they showed and what it gives
 * (R22).
 */
export class Replacement {
  readonly #representation: Representation;
  readonly #captured: CapturedRepresentation;
  readonly #guard: LossGuard;
  readonly #limits: ProfileLimits;
  /** What the readings showed together, whether they match or not. */
  readonly shown: Shown | undefined;
  /** What each of them showed: any of them may be the one that matches. */
  readonly #seenByReading: readonly Seen[];

  constructor(
    representation: Representation,
    expected: ExpectedState | undefined,
    known: CompiledSchema | undefined,
    guard: LossGuard,
    limits: ProfileLimits,
  ) {
    this.shown = shownTogether(expected);
    this.#seenByReading = expected?.readings.map(({ shown }) => seenBy(shown)) ?? [];
    // Read again after what is awaited: the caller may mutate it.
    const isChecked =
      known && !guard.applies(known) && this.#seenByReading.every((seen) => hasSeenAll(known, seen, true));
    this.#representation = isChecked ? representation : copyInput(representation);
    this.#captured = captureRepresentation(this.#representation, known, limits);
    this.#guard = guard;
    this.#limits = limits;
  }

  needsExtensions(schema: CompiledSchema): boolean {
    if (this.#givesExtensions(schema)) return true;
    const seen = this.shown && seenBy(this.shown);
    return seen !== undefined && schema.extensions.some((extension) => seen.extension(extension));
  }

  /** @throws MalformedRequestError if `allowLoss` has a name that the schema does not know */
  decide(schema: CompiledSchema): (current: StoredProfile, match: Match) => Decision {
    this.#guard.assertKnown(schema);
    const check = this.#captured(schema);
    if (this.#seenByReading.every((seen) => this.#hasSeenAll(schema, seen))) {
      return (current) => decideReplacement(schema, current, check);
    }
    const violations = violationsInGiven(schema, check, seenByEach(this.#seenByReading));
    return (current, { matches, shown }) => {
      if (violations.length > 0) return { kind: 'refused', violations };
      if (shown === undefined) return matches ? decideReplacement(schema, current, check) : { kind: 'unchanged' };
      const seen = seenBy(shown);
      if (this.#hasSeenAll(schema, seen)) return decideReplacement(schema, current, check);
      return decidePartialReplacement(schema, current, this.#representation, seen, this.#limits);
    };
  }

  /**
   * What the profile becomes, whatever it is now; `undefined` where that depends on what is stored (R22, L2), or the
   * representation is not valid.
   */
  outcome(schema: CompiledSchema): CheckedRepresentation | undefined {
    if (this.#guard.applies(schema) || !this.#seenByReading.every((seen) => this.#hasSeenAll(schema, seen)))
      return undefined;
    this.#guard.assertKnown(schema);
    const check = this.#captured(schema);
    return check.valid ? check.checked : undefined;
  }

  /** @throws LossNotAllowedError if it would clear protected members by leaving them out (L2) */
  guard(schema: CompiledSchema, before: StateContent, after: () => StateContent): void {
    if (!this.#guard.applies(schema)) return;
    this.#guard.check(schema, before, after(), givenForms(schema, this.#representation));
  }

  /** What the answer shows: what the readings showed and what was given; without a reading, all that was replaced. */
  answer(schema: CompiledSchema, shown: Shown | undefined): ViewContent {
    const named = this.#captured(schema).namedExtensions;
    if (shown === undefined) return { attributes: 'all', extensions: named ? 'all' : 'none' };
    return shownAndGiven(schema, shown, named, () => membersIn(schema, this.#representation).attributes);
  }

  #hasSeenAll(schema: CompiledSchema, seen: Seen): boolean {
    return hasSeenAll(schema, seen, this.#givesExtensions(schema));
  }

  #givesExtensions(schema: CompiledSchema): boolean {
    return this.#captured(schema).namedExtensions !== undefined;
  }
}

/** What was seen whichever of the readings matches. */
function seenByEach(readings: readonly Seen[]): Seen {
  return {
    attribute: (one) => readings.every((seen) => seen.attribute(one)),
    extension: (one) => readings.every((seen) => seen.extension(one)),
  };
}
