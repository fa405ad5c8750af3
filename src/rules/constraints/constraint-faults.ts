import type { AttributeDefinition, ValueType } from '../../model/schema.js';
import { pointerTo, type Violations } from '../../model/violation.js';
import { DEFAULT_STRING_LENGTH, type ValueCheck, valueCheck } from '../values/index.js';
import { minimum } from './bounds.js';
import { compileConstraints } from './index.js';
import { MAX_CHOICES } from './one-of.js';
import type { TextTests } from './text-tests.js';

const ORDERED: readonly ValueType[] = ['integer', 'long', 'double', 'currency', 'date', 'datetime'];
const TEXT: readonly ValueType[] = ['string'];

/** The types that take each constraint of single values. */
const TAKEN_BY = {
  oneOf: ['string', 'integer', 'long', 'currency', 'date'],
  minimum: ORDERED,
  maximum: ORDERED,
  minLength: TEXT,
  pattern: TEXT,
  format: TEXT,
} as const satisfies Partial<Record<keyof AttributeDefinition, readonly ValueType[]>>;

const VALUE_CONSTRAINTS = Object.keys(TAKEN_BY) as (keyof typeof TAKEN_BY)[];
const COUNT_CONSTRAINTS = ['minItems', 'maxItems'] as const;
const CONSTRAINTS = [...VALUE_CONSTRAINTS, ...COUNT_CONSTRAINTS];

type Constraint = (typeof CONSTRAINTS)[number];

/** A definition while its faults are found. */
interface Examined {
  readonly pointer: string;
  readonly check: ValueCheck;
  readonly texts: TextTests;
  readonly violations: Violations;
  /** Without the constraints in which a fault was found: those that are left can be checked against each other. */
  sound: AttributeDefinition;
}

/**
 * Reports what is wrong with the constraints of an attribute definition (R24). Its `type`, `length` and `multiValued` are
 * free of faults of form.
 *
 * @returns the definition without the faulty constraints
 */
export function findConstraintFaults(
  definition: AttributeDefinition,
  pointer: string,
  isWellFormed: (pointer: string) => boolean,
  texts: TextTests,
  violations: Violations,
): AttributeDefinition {
  const check = valueCheck(definition.type, definition.length);
  const examined: Examined = { pointer, check, texts, violations, sound: definition };
  for (const member of CONSTRAINTS) if (!isWellFormed(pointerTo(pointer, member))) leaveOut(examined, member);
  findUntaken(examined);
  findForeignBounds(examined);
  findContradictions(examined);
  findPatternFault(examined);
  findRefusedChoices(examined);
  return examined.sound;
}

/** Members that the type does not take. */
function findUntaken(examined: Examined): void {
  const { type, multiValued } = examined.sound;
  for (const member of VALUE_CONSTRAINTS) {
    const types: readonly ValueType[] = TAKEN_BY[member];
    if (!types.includes(type))
      refuse(examined, member, `no \`${member}\`, which only ${types.join(', ')} attributes have`);
  }
  if (multiValued) return;
  for (const member of COUNT_CONSTRAINTS) {
    refuse(examined, member, `no \`${member}\`, which only multi-valued attributes have`);
  }
}

/** Bounds that are no values of the type. */
function findForeignBounds(examined: Examined): void {
  const { accept, expected } = examined.check;
  for (const member of ['minimum', 'maximum'] as const) {
    if (accept(examined.sound[member]) === undefined) refuse(examined, member, expected);
  }
}

function findContradictions(examined: Examined): void {
  const { type, length = DEFAULT_STRING_LENGTH, minLength = 0, minItems = 0, maxItems = minItems } = examined.sound;
  const [least, most] = [examined.check.accept(examined.sound.minimum), examined.check.accept(examined.sound.maximum)];
  if (least !== undefined && most !== undefined && !minimum(type, least).allows(most)) {
    refuse(examined, 'minimum', 'at most the `maximum`', 'maximum');
  }
  if (minLength > length) refuse(examined, 'minLength', `at most the \`length\`, ${length}`);
  if (minItems > maxItems) refuse(examined, 'minItems', 'at most `maxItems`', 'maxItems');
}

function findPatternFault(examined: Examined): void {
  const { pattern } = examined.sound;
  const compiled = pattern === undefined ? undefined : examined.texts.pattern?.(pattern);
  if (typeof compiled === 'string') refuse(examined, 'pattern', compiled);
}

/** Values of `oneOf` that are not of the type, or that another constraint refuses. */
function findRefusedChoices(examined: Examined): void {
  const { oneOf, ...others } = examined.sound;
  if (oneOf === undefined) return;
  if (!Array.isArray(oneOf) || oneOf.length < 1 || oneOf.length > MAX_CHOICES) {
    refuse(examined, 'oneOf', `a list of 1 to ${MAX_CHOICES} values`);
    return;
  }
  const constraints = compileConstraints(others, examined.check, examined.texts) ?? [];
  const list = pointerTo(examined.pointer, 'oneOf');
  for (let index = 0; index < oneOf.length && !examined.violations.full; index += 1) {
    const value = examined.check.accept(oneOf[index]);
    const broken = value === undefined ? examined.check : constraints.find(({ allows }) => !allows(value));
    if (!broken) continue;
    examined.violations.add(pointerTo(list, index), 'R24', broken.expected);
    leaveOut(examined, 'oneOf');
  }
}

/** Reports a member if it is there, and leaves it out, with the one that it contradicts. */
function refuse(examined: Examined, member: Constraint, expected: string, contradicted?: Constraint): void {
  if (examined.sound[member] === undefined) return;
  examined.violations.add(pointerTo(examined.pointer, member), 'R24', expected);
  leaveOut(examined, member);
  if (contradicted) leaveOut(examined, contradicted);
}

function leaveOut(examined: Examined, member: Constraint): void {
  const { [member]: _, ...others } = examined.sound;
  examined.sound = others;
}
