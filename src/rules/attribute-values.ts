import type { AttributeValue, ScalarValue } from '../model/profile.js';
import { pointerTo, Violations } from '../model/violation.js';
import type { CompiledAttribute, CompiledAttributes } from './compiled-schema.js';
import { findByName } from './names.js';

/**
 * Checks one value given for an attribute (R3, R4).
 *
 * @returns the value as kept; `undefined` where it means "no value" (R5), and where it is refused.
 */
export function checkValue(
  { multiValued, check }: Pick<CompiledAttribute, 'multiValued' | 'check'>,
  value: unknown,
  pointer: string,
  violations: Violations,
): AttributeValue | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) {
    const kept = check.accept(value);
    if (kept === undefined) violations.add(pointer, 'R3', check.expected);
    return multiValued && kept !== undefined ? [kept] : kept;
  }
  if (!multiValued) {
    violations.add(pointer, 'R4', `one value, not an array: ${check.expected}`);
    return undefined;
  }
  const kept: ScalarValue[] = [];
  for (const [index, element] of value.entries()) {
    const one = check.accept(element);
    if (one === undefined) violations.add(pointerTo(pointer, index), 'R3', check.expected);
    else kept.push(one);
  }
  return kept.length === 0 ? undefined : kept;
}

/** What was given for attributes. */
export interface GivenValues {
  /** As kept; `undefined` where it means "no value" (R5). */
  readonly values: ReadonlyMap<CompiledAttribute, AttributeValue | undefined>;
  readonly refused: ReadonlySet<CompiledAttribute>;
}

/** Checks the members given for attributes (R2, R11), and the value of each. */
export function checkGiven(
  attributes: CompiledAttributes,
  members: Iterable<readonly [name: string, value: unknown]>,
  pointer: string,
  violations: Violations,
): GivenValues {
  const values = new Map<CompiledAttribute, AttributeValue | undefined>();
  const refused = new Set<CompiledAttribute>();
  for (const [name, value] of members) {
    if (value === undefined) continue;
    if (violations.full) break;
    const attribute = findByName(attributes.byName, name);
    if (!attribute) {
      violations.add(pointerTo(pointer, name), 'R11', 'a name that the schema declares');
    } else if (values.has(attribute)) {
      violations.add(pointerTo(pointer, name), 'R2', 'each name once, without regard to case');
    } else {
      const before = violations.count;
      values.set(attribute, checkValue(attribute, value, pointerTo(pointer, name), violations));
      if (violations.count > before) refused.add(attribute);
    }
  }
  return { values, refused };
}

/**
 * Gathers the values of attributes in the order of the schema, and checks that none is missing that is mandatory (R9).
 * A value that was given and refused is one fault, not two.
 */
export function gatherValues(
  attributes: CompiledAttributes,
  valueFor: (attribute: CompiledAttribute) => AttributeValue | undefined,
  refused: ReadonlySet<CompiledAttribute>,
  pointer: string,
  violations: Violations,
): Record<string, AttributeValue> {
  const kept: Record<string, AttributeValue> = {};
  for (const attribute of attributes.inOrder) {
    const value = valueFor(attribute);
    if (value !== undefined) kept[attribute.name] = value;
    else if (attribute.mandatory && !refused.has(attribute)) {
      const expected = `a value, because the attribute is mandatory: ${attribute.check.expected}`;
      violations.add(pointerTo(pointer, attribute.name), 'R9', expected);
    }
  }
  return kept;
}

/** Attributes that were checked. */
export interface CheckedAttributes {
  /** As kept, in the order of the schema; of use only when no violation was added. */
  readonly kept: Record<string, AttributeValue>;
  readonly refused: ReadonlySet<CompiledAttribute>;
}

/** Checks the members given for a profile's attributes, or for those of one extension record, and fills in defaults (R6). */
export function checkAttributes(
  attributes: CompiledAttributes,
  members: Readonly<Record<string, unknown>>,
  pointer: string,
  violations: Violations,
): CheckedAttributes {
  const accepted = acceptAttributes(attributes, members);
  if (accepted) return { kept: accepted, refused: NONE };
  const { values, refused } = checkGiven(attributes, Object.entries(members), pointer, violations);
  const valueFor = (attribute: CompiledAttribute) => values.get(attribute) ?? attribute.default;
  return { kept: gatherValues(attributes, valueFor, refused, pointer, violations), refused };
}

const NONE: ReadonlySet<CompiledAttribute> = new Set();

/**
 * The usual case, in one pass and far faster: every name is as the schema declares it, and nothing is wrong.
 *
 * @returns `undefined` in any other case
 */
function acceptAttributes(
  attributes: CompiledAttributes,
  members: Readonly<Record<string, unknown>>,
): Record<string, AttributeValue> | undefined {
  const violations = new Violations();
  const kept: Record<string, AttributeValue> = {};
  let unknown = 0;
  for (const _ in members) unknown += 1;
  for (const attribute of attributes.inOrder) {
    const { name } = attribute;
    const given = Object.hasOwn(members, name);
    if (given) unknown -= 1;
    const value = (given ? checkValue(attribute, members[name], '', violations) : undefined) ?? attribute.default;
    if (value !== undefined) kept[name] = value;
    else if (attribute.mandatory) return undefined;
  }
  return unknown === 0 && violations.count === 0 ? kept : undefined;
}
