import type { AttributeValue, ScalarValue } from '../model/profile.js';
import { pointerTo, Violations } from '../model/violation.js';
import type { CompiledAttribute, CompiledAttributes } from './compiled-schema.js';
import { findByName } from './names.js';

/**
 * Checks the value of one attribute (R3, R4).
 *
 * @returns the value as stored; `undefined` if it means "no value" (R5) or is refused
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

/** The checked members of an object of attributes. */
export interface CheckedMembers {
  /**
   * The values as stored; `undefined` if the member means "no value" (R5) or is refused. Absent attributes are missing.
   */
  readonly values: ReadonlyMap<CompiledAttribute, AttributeValue | undefined>;
  readonly refused: ReadonlySet<CompiledAttribute>;
}

/** Checks the members of an object of attributes: their names (R2, R11) and values (R3, R4). */
export function checkMembers(
  attributes: CompiledAttributes,
  members: Iterable<readonly [name: string, value: unknown]>,
  pointer: string,
  violations: Violations,
): CheckedMembers {
  const values = new Map<CompiledAttribute, AttributeValue | undefined>();
  const refused = new Set<CompiledAttribute>();
  for (const [name, value] of members) {
    if (value === undefined) continue;
    if (violations.full) break;
    const attribute = findByName(attributes.byName, name);
    if (!attribute) {
      violations.add(pointerTo(pointer, name), 'R11', 'the name of an attribute that the schema declares');
    } else if (values.has(attribute)) {
      violations.add(pointerTo(pointer, name), 'R2', 'each name once, ignoring case');
    } else {
      const before = violations.count;
      values.set(attribute, checkValue(attribute, value, pointerTo(pointer, name), violations));
      if (violations.count > before) refused.add(attribute);
    }
  }
  return { values, refused };
}

/**
 * Collects the values of attributes in the order of the schema, and reports missing mandatory ones (R9). A refused
 * value is reported already, so it does not count as missing.
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

/** The result of checking an object of attributes. */
export interface CheckedAttributes {
  /** The attributes as stored, in the order of the schema. Incomplete if a violation was added. */
  readonly kept: Record<string, AttributeValue>;
  readonly refused: ReadonlySet<CompiledAttribute>;
}

/** Checks the attributes of a profile or of one extension record, and applies defaults (R6). */
export function checkAttributes(
  attributes: CompiledAttributes,
  members: Readonly<Record<string, unknown>>,
  pointer: string,
  violations: Violations,
): CheckedAttributes {
  const accepted = acceptAttributes(attributes, members);
  if (accepted) return { kept: accepted, refused: NONE };
  const { values, refused } = checkMembers(attributes, Object.entries(members), pointer, violations);
  const valueFor = (attribute: CompiledAttribute) => values.get(attribute) ?? attribute.default;
  return { kept: gatherValues(attributes, valueFor, refused, pointer, violations), refused };
}

const NONE: ReadonlySet<CompiledAttribute> = new Set();

/**
 * The fast path, in one pass: all names are in the case of the schema, and there are no violations.
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
    const isPresent = Object.hasOwn(members, name);
    if (isPresent) unknown -= 1;
    const value = (isPresent ? checkValue(attribute, members[name], '', violations) : undefined) ?? attribute.default;
    if (value !== undefined) kept[name] = value;
    else if (attribute.mandatory) return undefined;
  }
  return unknown === 0 && violations.count === 0 ? kept : undefined;
}
