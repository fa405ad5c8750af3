import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { getMetadataStorage, type ValidationError, Validator } from 'class-validator';
import { isNamedArray, isPlainObject } from '../model/guards.js';
import { MAX_VIOLATIONS, pointerTo, type Violations } from '../model/violation.js';
import type { IsWellFormed } from '../rules/schema-faults.js';

/** The form of a definition: a class of this folder, and those of the definitions in its lists. */
export interface DefinitionForm {
  readonly form: ClassConstructor<object>;
  /** What is reported where there is no object at all. */
  readonly rule: string;
  readonly expected: string;
  readonly lists?: Readonly<Record<string, DefinitionForm>>;
}

/** Work that pauses after each definition. Whoever carries it out may give other work a turn then. */
export type Steps<Result> = Generator<void, Result, void>;

/** Carries out all steps at once. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const OPTIONS = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
} as const;

/** A schema nests seven levels deep. Deeper input is no definition, and may be cyclic. */
const MAX_DEPTH = 16;

const UNKNOWN_MEMBER = ['R11', 'no such member'] as const;

/**
 * Checks plain data against a form, definition by definition, and adds a violation for each fault of form. The data
 * itself stays what is used afterwards: an instance could not tell an absent member from an undefined one.
 */
export function* checkForm(definition: DefinitionForm, plain: unknown, violations: Violations): Steps<IsWellFormed> {
  if (!isPlainObject(plain)) violations.add('', 'R11', 'an object');
  else if (isDeeperThan(MAX_DEPTH, plain)) violations.add('', 'R11', `at most ${MAX_DEPTH} levels of nesting`);
  else {
    // Each step goes through the whole definition.
    yield;
    const copy = readable(plain, '', violations) as Readonly<Record<string, unknown>>;
    yield;
    yield* validate(definition, copy, '', violations);
  }
  const faults = violations.items.map(({ pointer }) => pointer);
  return (pointer) => !faults.some((fault) => pointer === fault || pointer.startsWith(`${fault}/`));
}

/** A validator of our own: that of class-validator comes from a container that the host may have set. */
const validator = new Validator();

function* validate(
  { form, lists = {} }: DefinitionForm,
  plain: Readonly<Record<string, unknown>>,
  pointer: string,
  violations: Violations,
): Steps<void> {
  if (violations.full) return;
  const members = boundUnknown(form, plain);
  const nested = Object.entries(lists).filter(([name]) => Array.isArray(members[name]));
  const shallow = { ...members, ...Object.fromEntries(nested.map(([name]) => [name, []])) };
  keepFromContainer(form);
  for (const error of validator.validateSync(plainToInstance(form, shallow), OPTIONS)) {
    addFault(error, pointer, violations);
  }
  for (const [name, inner] of nested) {
    for (const [index, element] of (plain[name] as readonly unknown[]).entries()) {
      if (violations.full) return;
      const at = pointerTo(pointerTo(pointer, name), index);
      if (isCopied(element)) yield* validate(inner, element, at, violations);
      else addOnce(at, inner.rule, inner.expected, violations);
      yield;
    }
  }
}

/**
 * The members that a form has, and no more of others than are reported: class-transformer and class-validator take time
 * that is quadratic in how many members an object has.
 */
function boundUnknown(
  form: ClassConstructor<object>,
  plain: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(form, '', false, false);
  const known = new Set([...VALUES, ...metadata.map(({ propertyName }) => propertyName)]);
  let unknown = 0;
  const isKept = (name: string) => {
    if (known.has(name)) return true;
    unknown += 1;
    return unknown <= MAX_VIOLATIONS;
  };
  const names = Object.keys(plain).filter(isKept);
  // Not by assignment: a member may be named `__proto__`.
  return Object.fromEntries(names.map((name) => [name, plain[name]]));
}

const kept = new Set<ClassConstructor<object>>();

/**
 * Gives the constraints of a form their instances. Each would otherwise ask the container of class-validator for one,
 * which is global to the process: what a host has set there (`useContainer`) would decide what a schema may be.
 */
function keepFromContainer(form: ClassConstructor<object>): void {
  if (kept.has(form)) return;
  const storage = getMetadataStorage();
  for (const { constraintCls } of storage.getTargetValidationMetadatas(form, '', false, false)) {
    for (const constraint of constraintCls ? storage.getTargetValidatorConstraints(constraintCls) : []) {
      const Constraint = constraint.target as new () => object;
      Object.defineProperty(constraint, 'instance', { value: new Constraint() });
    }
  }
  kept.add(form);
}

function addFault(
  { property, constraints = {}, contexts }: ValidationError,
  parent: string,
  violations: Violations,
): void {
  const pointer = pointerTo(parent, property);
  const [constraint, expected] = Object.entries(constraints)[0] ?? [];
  if (constraint === undefined || expected === undefined) return;
  const context = contexts?.[constraint] as { rule: string } | undefined;
  if (constraint === 'whitelistValidation') addOnce(pointer, ...UNKNOWN_MEMBER, violations);
  else addOnce(pointer, context?.rule ?? 'R11', expected, violations);
}

/** A member that {@link readable} found fault with is missing afterwards, or null. */
function addOnce(pointer: string, rule: string, expected: string, violations: Violations): void {
  if (!violations.items.some((violation) => violation.pointer === pointer)) violations.add(pointer, rule, expected);
}

/**
 * Copies the input for class-transformer, and reports what that library mishandles: it ignores members named as those
 * of `Object.prototype`, flattens an array in the place of a definition, and reads the entries of a `Map` or `Set` as
 * members. Values of attributes are left out: the rules check them.
 */
function readable(value: unknown, pointer: string, violations: Violations): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isNamedArray(value)) violations.add(pointer, 'R11', 'a list without named members');
  if (Array.isArray(value)) {
    // `Array.from` visits holes as well.
    return Array.from(value, (element, index) => {
      const at = pointerTo(pointer, index);
      if (!isUnreadableElement(element)) return readable(element, at, violations);
      violations.add(at, 'R11', 'a definition');
      return null;
    });
  }
  if (!isPlainObject(value)) {
    violations.add(pointer, 'R11', 'plain JSON data');
    return null;
  }
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (name in Object.prototype) violations.add(pointerTo(pointer, name), ...UNKNOWN_MEMBER);
    else if (VALUES.has(name)) copy[name] = null;
    else copy[name] = typeof member === 'object' ? readable(member, pointerTo(pointer, name), violations) : member;
  }
  return copy;
}

/** Whether an element of a list is an object. {@link readable} has copied the list, so that the object is a plain one. */
function isCopied(element: unknown): element is Readonly<Record<string, unknown>> {
  return typeof element === 'object' && element !== null;
}

/** The members of an attribute definition that are values of the attribute, or a list of them. */
const VALUES: ReadonlySet<string> = new Set(['default', 'oneOf', 'minimum', 'maximum']);

function isUnreadableElement(element: unknown): boolean {
  return element === undefined || typeof element === 'function' || Array.isArray(element);
}

function isDeeperThan(depth: number, value: object): boolean {
  if (depth === 0) return true;
  return Object.values(value).some(
    (member) => typeof member === 'object' && member !== null && isDeeperThan(depth - 1, member),
  );
}
