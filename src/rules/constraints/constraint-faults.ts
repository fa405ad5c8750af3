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

/**
 * Finds what is wrong with the constraints of an attribute definition (R24). Its `type`, `length` and `multiValued` are
 * free of faults of form.
 */
export class ConstraintFaults {
  readonly #pointer: string;
  readonly #check: ValueCheck;
  readonly #texts: TextTests;
  readonly #violations: Violations;
  /** Without the constraints in which a fault was found: those that are left can be checked against each other. */
  #sound: AttributeDefinition;

  constructor(
    definition: AttributeDefinition,
    pointer: string,
    isWellFormed: (pointer: string) => boolean,
    texts: TextTests,
    violations: Violations,
  ) {
    this.#pointer = pointer;
    this.#check = valueCheck(definition.type, definition.length);
    this.#texts = texts;
    this.#violations = violations;
    this.#sound = definition;
    for (const member of CONSTRAINTS) if (!isWellFormed(pointerTo(pointer, member))) this.#leaveOut(member);
  }

  /**
   * Reports all faults.
   *
   * @returns the definition without the faulty constraints
   */
  find(): AttributeDefinition {
    this.#findUntaken();
    this.#findForeignBounds();
    this.#findContradictions();
    this.#findPatternFault();
    this.#findRefusedChoices();
    return this.#sound;
  }

  /** Members that the type does not take. */
  #findUntaken(): void {
    const { type, multiValued } = this.#sound;
    for (const member of VALUE_CONSTRAINTS) {
      const types: readonly ValueType[] = TAKEN_BY[member];
      if (!types.includes(type))
        this.#refuse(member, `no \`${member}\`, which only ${types.join(', ')} attributes have`);
    }
    if (multiValued) return;
    for (const member of COUNT_CONSTRAINTS) {
      this.#refuse(member, `no \`${member}\`, which only multi-valued attributes have`);
    }
  }

  /** Bounds that are no values of the type. */
  #findForeignBounds(): void {
    const { accept, expected } = this.#check;
    for (const member of ['minimum', 'maximum'] as const) {
      if (accept(this.#sound[member]) === undefined) this.#refuse(member, expected);
    }
  }

  #findContradictions(): void {
    const { type, length = DEFAULT_STRING_LENGTH, minLength = 0, minItems = 0, maxItems = minItems } = this.#sound;
    const [least, most] = [this.#check.accept(this.#sound.minimum), this.#check.accept(this.#sound.maximum)];
    if (least !== undefined && most !== undefined && !minimum(type, least).allows(most)) {
      this.#refuse('minimum', 'at most the `maximum`', 'maximum');
    }
    if (minLength > length) this.#refuse('minLength', `at most the \`length\`, ${length}`);
    if (minItems > maxItems) this.#refuse('minItems', 'at most `maxItems`', 'maxItems');
  }

  #findPatternFault(): void {
    const { pattern } = this.#sound;
    const compiled = pattern === undefined ? undefined : this.#texts.pattern?.(pattern);
    if (typeof compiled === 'string') this.#refuse('pattern', compiled);
  }

  /** Values of `oneOf` that are not of the type, or that another constraint refuses. */
  #findRefusedChoices(): void {
    const { oneOf, ...others } = this.#sound;
    if (oneOf === undefined) return;
    if (!Array.isArray(oneOf) || oneOf.length < 1 || oneOf.length > MAX_CHOICES) {
      this.#refuse('oneOf', `a list of 1 to ${MAX_CHOICES} values`);
      return;
    }
    const constraints = compileConstraints(others, this.#check, this.#texts) ?? [];
    const list = pointerTo(this.#pointer, 'oneOf');
    for (let index = 0; index < oneOf.length && !this.#violations.full; index += 1) {
      const value = this.#check.accept(oneOf[index]);
      const broken = value === undefined ? this.#check : constraints.find(({ allows }) => !allows(value));
      if (!broken) continue;
      this.#violations.add(pointerTo(list, index), 'R24', broken.expected);
      this.#leaveOut('oneOf');
    }
  }

  /** Reports a member if it is there, and leaves it out, with the one that it contradicts. */
  #refuse(member: Constraint, expected: string, contradicted?: Constraint): void {
    if (this.#sound[member] === undefined) return;
    this.#violations.add(pointerTo(this.#pointer, member), 'R24', expected);
    this.#leaveOut(member);
    if (contradicted) this.#leaveOut(contradicted);
  }

  #leaveOut(member: Constraint): void {
    const { [member]: _, ...others } = this.#sound;
    this.#sound = others;
  }
}
