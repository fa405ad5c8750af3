import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { isPlainObject } from '../model/plain-object.js';
import { pointerTo, type Violations } from '../model/violation.js';
import type { IsWellFormed } from '../rules/schema-faults.js';

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
 * Validates plain data against a form class of this folder, and adds a violation for each fault of form. The instance
 * is discarded and callers go on with the plain data: an instance cannot tell an absent member from an undefined one.
 *
 * @returns a predicate: whether the member at a pointer, and everything that contains it, is well-formed
 */
export function checkForm(form: ClassConstructor<object>, plain: unknown, violations: Violations): IsWellFormed {
  if (!isPlainObject(plain)) violations.add('', 'R11', 'an object');
  else if (isDeeperThan(MAX_DEPTH, plain)) violations.add('', 'R11', `at most ${MAX_DEPTH} levels of nesting`);
  else {
    const instance = plainToInstance(form, readable(plain, '', violations));
    for (const error of validateSync(instance as object, OPTIONS)) addFaults(error, '', violations);
  }
  const faults = violations.items.map(({ pointer }) => pointer);
  return (pointer) => !faults.some((fault) => pointer === fault || pointer.startsWith(`${fault}/`));
}

function addFaults(
  { property, constraints = {}, contexts, children }: ValidationError,
  parent: string,
  violations: Violations,
): void {
  const pointer = pointerTo(parent, property);
  if (violations.items.some((violation) => violation.pointer === pointer)) return;
  const [constraint] = Object.entries(constraints);
  if (!constraint) {
    for (const child of children ?? []) addFaults(child, pointer, violations);
  } else if (constraint[0] === 'whitelistValidation') {
    violations.add(pointer, ...UNKNOWN_MEMBER);
  } else {
    const context = contexts?.[constraint[0]] as { rule: string } | undefined;
    violations.add(pointer, context?.rule ?? 'R11', constraint[1]);
  }
}

/**
 * Copies the input for class-transformer, and reports what that library mishandles: it ignores members named as those
 * of `Object.prototype`, flattens an array in the place of a definition, and reads the entries of a `Map` or `Set` as
 * members. A `default` is left out: the rules check it.
 */
function readable(value: unknown, pointer: string, violations: Violations): unknown {
  if (typeof value !== 'object' || value === null) return value;
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
  for (const [name, member] of Object.entries(value)) {
    const at = pointerTo(pointer, name);
    if (name in Object.prototype) violations.add(at, ...UNKNOWN_MEMBER);
    else copy[name] = name === 'default' ? null : readable(member, at, violations);
  }
  return copy;
}

function isUnreadableElement(element: unknown): boolean {
  return element === undefined || typeof element === 'function' || Array.isArray(element);
}

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeperThan(depth - 1, member));
}
