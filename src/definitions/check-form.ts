import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { isPlainObject } from '../rules/plain-object.js';
import type { IsWellFormed } from '../rules/schema-faults.js';
import { pointerTo, type Violations } from '../rules/violation.js';

const OPTIONS = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
} as const;

/** A schema nests seven levels deep; what is deeper is no definition, and may be a cycle. */
const MAX_DEPTH = 16;

const UNKNOWN_MEMBER = ['R11', 'no such member'] as const;

/**
 * Checks plain data against a class of this folder, and adds a violation for each fault of form. The data itself stays
 * what is used afterwards: an instance could not tell an absent member from an undefined one.
 */
export function checkForm(form: ClassConstructor<object>, plain: unknown, violations: Violations): IsWellFormed {
  if (!isPlainObject(plain)) violations.add('', 'R11', 'an object');
  else if (isDeeperThan(MAX_DEPTH, plain)) violations.add('', 'R11', `at most ${MAX_DEPTH} levels of nesting`);
  else {
    addUnseenFaults(plain, '', violations);
    for (const error of validateSync(plainToInstance(form, plain), OPTIONS)) addFaults(error, '', violations);
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
 * Adds what class-transformer would pass over in silence: members that it never copies, lists in the place of
 * definitions, which it flattens, and maps and sets, whose entries it takes for members. What a `default` may be is not a
 * question of form.
 */
function addUnseenFaults(value: object, pointer: string, violations: Violations): void {
  // `entries` of an array visits holes as well.
  for (const [name, member] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    const at = pointerTo(pointer, name);
    if (name === '__proto__' || name === 'constructor') violations.add(at, ...UNKNOWN_MEMBER);
    else if (Array.isArray(value) && (Array.isArray(member) || member === undefined))
      violations.add(at, 'R11', 'a definition');
    else if (typeof member === 'object' && member !== null && name !== 'default') {
      if (Array.isArray(member) || isPlainObject(member)) addUnseenFaults(member, at, violations);
      else violations.add(at, 'R11', 'plain data, as JSON has it');
    }
  }
}

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeperThan(depth - 1, member));
}
