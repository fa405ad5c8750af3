import type { AttributeDefinition } from '../../model/schema.js';
import type { ValueCheck } from '../values/index.js';
import { maximum, minimum } from './bounds.js';
import { oneOf } from './one-of.js';
import { format, minLength, pattern } from './text.js';
import type { TextTests } from './text-tests.js';
import type { ValueConstraint } from './value-constraint.js';

/**
 * Compiles what a definition says about each value beyond its type (R24).
 *
 * @param check of the type of the attribute; it brings bounds and choices into the form of stored values
 * @returns `undefined` where it says nothing
 */
export function compileConstraints(
  definition: AttributeDefinition,
  check: ValueCheck,
  texts: TextTests,
): readonly ValueConstraint[] | undefined {
  const { type } = definition;
  const constraints: ValueConstraint[] = [];
  const least = check.accept(definition.minimum);
  const most = check.accept(definition.maximum);
  if (definition.oneOf !== undefined)
    constraints.push(oneOf(definition.oneOf.flatMap((one) => check.accept(one) ?? [])));
  if (least !== undefined) constraints.push(minimum(type, least));
  if (most !== undefined) constraints.push(maximum(type, most));
  if (definition.minLength !== undefined) constraints.push(minLength(definition.minLength));
  if (definition.format !== undefined) constraints.push(format(definition.format, texts));
  if (definition.pattern !== undefined) constraints.push(pattern(definition.pattern, texts));
  return constraints.length > 0 ? constraints : undefined;
}

export { type CountRange, checkItemCount, checkRecordCount, itemRange, MAX_COUNT } from './counts.js';
export { MAX_CHOICES } from './one-of.js';
export { MAX_PATTERN } from './text.js';
export type { TextTest, TextTests } from './text-tests.js';
export type { ValueConstraint } from './value-constraint.js';
