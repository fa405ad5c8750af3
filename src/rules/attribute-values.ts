import { isNamedArray } from '../model/guards.js';
import type { AttributeValue, ScalarValue } from '../model/profile.js';
import { pointerTo, Violations } from '../model/violation.js';
import type { CompiledAttribute, CompiledAttributes, ValueRules } from './compiled-schema.js';
import { checkItemCount } from './constraints/index.js';
import { DocumentSize, MEMBER_BYTES } from './document-size.js';
import { findByName, foldName } from './names.js';

/**
 * Checks one value given for an attribute (R3, R4, R24).
 *
 * @param size counts what is kept; beyond its limit, the rest of a list is not looked at
 * @returns the value as kept; `undefined` where it means "no value" (R5), and where it is refused.
 */
export function checkValue(
  attribute: ValueRules,
  value: unknown,
  pointer: string,
  violations: Violations,
  size: DocumentSize = new DocumentSize(),
): AttributeValue | undefined {
  if (value === undefined || value === null) return undefined;
  const { multiValued, check, items } = attribute;
  if (!Array.isArray(value)) {
    const kept = acceptOne(attribute, value, pointer, violations);
    if (kept !== undefined) size.addValue(kept);
    if (items) checkItemCount(items, 1, pointer, violations);
    if (!multiValued || kept === undefined) return kept;
    size.bytes += 2;
    return [kept];
  }
  if (!multiValued) {
    violations.add(pointer, 'R4', `one value, not an array: ${check.expected}`);
    return undefined;
  }
  if (isNamedArray(value)) {
    violations.add(pointer, 'R4', `an array of values without named members: ${check.expected}`);
    return undefined;
  }
  const kept: ScalarValue[] = [];
  size.bytes += 1;
  for (let index = 0; index < value.length && !violations.full && !size.exceeded; index += 1) {
    const one = acceptOne(attribute, value[index], pointer, violations, index);
    if (one === undefined) continue;
    kept.push(one);
    size.addValue(one);
    size.bytes += 1;
  }
  if (items) checkItemCount(items, value.length, pointer, violations);
  if (kept.length > 0) return kept;
  size.bytes -= 1;
  return undefined;
}

/**
 * Checks a single value, or the element of a list at an index. Every constraint that it breaks is reported (R24).
 *
 * @returns the value as kept; `undefined` where it is refused
 */
function acceptOne(
  { check, constraints }: Pick<ValueRules, 'check' | 'constraints'>,
  value: unknown,
  parent: string,
  violations: Violations,
  index?: number,
): ScalarValue | undefined {
  const kept = check.accept(value);
  if (kept === undefined) {
    violations.addElement(parent, index, 'R3', check.expected);
    return undefined;
  }
  if (constraints === undefined) return kept;
  let allowed = true;
  for (const { expected, allows, decides } of constraints) {
    if (allows(kept)) {
      if (decides) return kept;
      continue;
    }
    allowed = false;
    violations.addElement(parent, index, 'R24', expected);
  }
  return allowed ? kept : undefined;
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
  members: Readonly<Record<string, unknown>>,
  pointer: string,
  violations: Violations,
  size: DocumentSize = new DocumentSize(),
): CheckedMembers {
  const values = new Map<CompiledAttribute, AttributeValue | undefined>();
  const refused = new Set<CompiledAttribute>();
  for (const name of Object.keys(members)) {
    const value = members[name];
    if (value === undefined) continue;
    if (violations.full || size.exceeded) break;
    const attribute = findByName(attributes.byName, name);
    if (!attribute) {
      violations.add(pointerTo(pointer, name), ...unknownAttribute(attributes, name));
    } else if (values.has(attribute)) {
      violations.add(pointerTo(pointer, name), 'R2', 'each name once, ignoring case');
    } else {
      const before = violations.count;
      values.set(attribute, checkValue(attribute, value, pointerTo(pointer, name), violations, size));
      if (violations.count > before) refused.add(attribute);
    }
  }
  return { values, refused };
}

/** The rule that an unknown name breaks, and what was expected. */
function unknownAttribute({ byStoredName }: CompiledAttributes, name: string): [rule: string, expected: string] {
  const renamed = byStoredName.get(foldName(name));
  return renamed
    ? ['R26', `the present name of this attribute: ${renamed.name}`]
    : ['R11', 'the name of an attribute that the schema declares'];
}

/**
 * Collects the values of attributes in the order of the schema, and reports missing mandatory ones (R9). A refused
 * value is reported already, so it does not count as missing.
 */
export function gatherValues(
  attributes: Pick<CompiledAttributes, 'inOrder'>,
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

/**
 * Checks values that are stored, and stay, against the constraints of today's schema (R24). What does not fit its type
 * any more is left as it is (R16).
 */
export function checkStored(
  attributes: readonly CompiledAttribute[],
  stored: Readonly<Record<string, AttributeValue>>,
  pointer: string,
  violations: Violations,
): void {
  for (const attribute of attributes) {
    const value = Object.hasOwn(stored, attribute.name) ? stored[attribute.name] : undefined;
    if (attribute.constraints === undefined || attribute.check.accept(value) === undefined) continue;
    checkValue(attribute, value, pointerTo(pointer, attribute.name), violations);
  }
}

/** The result of checking an object of attributes. */
export interface CheckedAttributes {
  /** The attributes as stored, in the order of the schema. Incomplete if a violation was added. */
  readonly kept: Record<string, AttributeValue>;
  readonly refused: ReadonlySet<CompiledAttribute>;
}

/**
 * Checks the members given for a profile's attributes, or for those of one extension record, and fills in defaults
 * (R6).
 *
 * @param size counts the document that is kept; beyond its limit, the rest is not looked at
 */
export function checkAttributes(
  attributes: CompiledAttributes,
  members: Readonly<Record<string, unknown>>,
  pointer: string,
  violations: Violations,
  size: DocumentSize = new DocumentSize(),
): CheckedAttributes {
  const accepted = acceptAttributes(attributes, members, size);
  if (accepted) return { kept: accepted, refused: NONE };
  const { values, refused } = checkMembers(attributes, members, pointer, violations, size);
  // Not all members were checked, so it is unknown which are missing.
  if (size.exceeded) return { kept: {}, refused };
  const valueFor = (attribute: CompiledAttribute) => {
    const given = values.get(attribute);
    const value = given ?? attribute.default;
    if (value === undefined) return undefined;
    size.bytes += attribute.name.length + MEMBER_BYTES;
    // A given value was counted when it was checked.
    if (given === undefined) size.addValue(value);
    return value;
  };
  const inOrder = attributesAmong(attributes, values.keys(), values.size);
  const kept = gatherValues({ inOrder }, valueFor, refused, pointer, violations);
  size.bytes += bytesOfBraces(kept);
  return { kept, refused };
}

const NONE: ReadonlySet<CompiledAttribute> = new Set();

/**
 * The usual case, in one pass and far faster: every name is as the schema declares it, and nothing is wrong.
 *
 * @returns `undefined` in any other case; nothing is counted then
 */
export function acceptAttributes(
  attributes: CompiledAttributes,
  members: Readonly<Record<string, unknown>>,
  size: DocumentSize,
): Record<string, AttributeValue> | undefined {
  const before = size.bytes;
  const kept: Record<string, AttributeValue> = {};
  let unknown = 0;
  for (const _ in members) unknown += 1;
  // A text of 1 MiB has room for hundreds of thousands of empty records.
  if (unknown === 0 && attributes.always.length === 0) {
    size.bytes += bytesOfBraces(kept);
    return kept;
  }
  const violations = new Violations(1);
  for (const attribute of attributesAmong(attributes, declaredIn(attributes, members), unknown)) {
    const { name } = attribute;
    const isPresent = Object.hasOwn(members, name);
    if (isPresent) unknown -= 1;
    const checked = isPresent ? checkValue(attribute, members[name], '', violations, size) : undefined;
    const value = checked ?? attribute.default;
    if (violations.count > 0 || (value === undefined && attribute.mandatory)) {
      size.bytes = before;
      return undefined;
    }
    if (value === undefined) continue;
    kept[name] = value;
    size.bytes += name.length + MEMBER_BYTES;
    if (checked === undefined) size.addValue(value);
    // What is too large already need not be complete. But a name in another case may have a shorter value than the default.
    if (size.exceeded && hasDeclaredNamesAlone(attributes, members)) return kept;
  }
  if (unknown !== 0) {
    size.bytes = before;
    return undefined;
  }
  size.bytes += bytesOfBraces(kept);
  return kept;
}

/** Selecting attributes pays where so many are declared for each that can have a value. */
const FEW = 8;

/**
 * The attributes that can have a value, in the order of the schema; or all of them, where most can. A text of 1 MiB has room
 * for hundreds of thousands of records, each of which would otherwise look at all attributes of its extension.
 */
function attributesAmong(
  { inOrder, always }: CompiledAttributes,
  given: Iterable<CompiledAttribute>,
  count: number,
): readonly CompiledAttribute[] {
  if ((count + always.length) * FEW > inOrder.length) return inOrder;
  if (count === 0) return always;
  return [...new Set([...always, ...given])].sort((one, other) => one.place - other.place);
}

function* declaredIn(
  { byName }: CompiledAttributes,
  members: Readonly<Record<string, unknown>>,
): Generator<CompiledAttribute> {
  for (const name in members) {
    const attribute = byName.get(name);
    if (attribute?.name === name) yield attribute;
  }
}

function hasDeclaredNamesAlone({ byName }: CompiledAttributes, members: Readonly<Record<string, unknown>>): boolean {
  for (const name in members) if (byName.get(name)?.name !== name) return false;
  return true;
}

/** What is left to count of an object, each member of which was counted with its comma. */
function bytesOfBraces(kept: object): number {
  for (const _ in kept) return 1;
  return 2;
}
