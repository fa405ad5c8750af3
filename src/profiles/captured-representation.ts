import { copyInput } from '../model/defensive-copy.js';
import { isPlainObject } from '../model/guards.js';
import type { FlatRepresentation, Representation, SplitRepresentation } from '../model/representation.js';
import { checkRepresentation, type RepresentationCheck } from '../rules/check-representation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { ProfileLimits } from '../rules/profile-limits.js';
import { turnAfter } from '../storage/turns.js';

/** Checks a captured input against a schema, once per schema. */
export type CapturedRepresentation = (schema: CompiledSchema) => RepresentationCheck;

/**
 * Captures an input. If the schema is in memory, the input is checked at once, before anything is awaited. Otherwise it
 * is copied: the caller may mutate it while the schema is loaded.
 */
export function captureRepresentation(
  input: Representation,
  known: CompiledSchema | undefined,
  limits: ProfileLimits,
): CapturedRepresentation {
  const captured = known ? input : copyInput(input);
  let last = known && { schema: known, check: checkRepresentation(known, captured, limits) };
  return (schema) => {
    if (last?.schema !== schema) last = { schema, check: checkRepresentation(schema, captured, limits) };
    return last.check;
  };
}

/** Yields to the event loop after a step on a large input, whatever it is. */
export function turnAfterInput(input: Representation): Promise<void> | undefined {
  if (!isPlainObject(input)) return undefined;
  const { members, attributes = {}, extensions } = input as Partial<FlatRepresentation & SplitRepresentation>;
  return turnAfter({ attributes: members ?? attributes, extensions });
}
