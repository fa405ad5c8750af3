import type { ScalarValue } from '../../model/profile.js';
import { pointerTo, type Violation, Violations } from '../../model/violation.js';
import type { CheckedRepresentation } from '../check-representation.js';
import type { CompiledAttribute, CompiledKey, CompiledSchema } from '../compiled-schema.js';
import type { Criterion } from './criteria.js';
import { recordsOf, valuesOf } from './key-values.js';
import { matches } from './match.js';

/** Where a representation has its members: pointers to its objects of attributes and of extensions. */
export interface MemberPointers {
  readonly attributes: string;
  readonly extensions: string;
}

/** What a representation is looked up by; or what it lacks for it. */
export type KeyLookup =
  | { readonly valid: true; readonly criteria: readonly Criterion[] }
  | { readonly valid: false; readonly violations: readonly Violation[] };

/** Looks a representation up by its own values: the primary one of each attribute, and those of the first record (L6). */
export function ownLookup(key: CompiledKey, checked: CheckedRepresentation, pointers: MemberPointers): KeyLookup {
  const { extension, attributes } = key;
  const source = extension ? recordsOf(checked.extensions ?? {}, extension.name)[0] : checked.attributes;
  const criteria: Criterion[] = [];
  const missing: CompiledAttribute[] = [];
  for (const attribute of attributes) {
    const value: ScalarValue | undefined = valuesOf(source ?? {}, attribute.name)[0];
    if (value === undefined) missing.push(attribute);
    else criteria.push({ extension, attribute, value });
  }
  if (missing.length === 0) return { valid: true, criteria };
  return lacking(key, missing, `a value, which the identification key ${key.name} needs`, pointers);
}

/** Looks a representation up by values that it must have (L6). */
export function givenLookup(
  schema: CompiledSchema,
  key: CompiledKey,
  criteria: readonly Criterion[],
  checked: CheckedRepresentation,
  pointers: MemberPointers,
): KeyLookup {
  const has = (some: readonly Criterion[]) => matches(schema, key, some, checked);
  if (has(criteria)) return { valid: true, criteria };
  const missing = criteria.filter((criterion) => !has([criterion])).map(({ attribute }) => attribute);
  return lacking(key, missing, `the value that the identification key ${key.name} looks for`, pointers);
}

/** Points to the extension where the key is on one: any of its records may have the values. */
function lacking(
  { extension }: CompiledKey,
  attributes: readonly CompiledAttribute[],
  expected: string,
  pointers: MemberPointers,
): KeyLookup {
  const violations = new Violations();
  if (extension) violations.add(pointerTo(pointers.extensions, extension.name), 'L6', `a record with ${expected}`);
  else for (const { name } of attributes) violations.add(pointerTo(pointers.attributes, name), 'L6', expected);
  return { valid: false, violations: violations.items };
}
