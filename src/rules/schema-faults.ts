import type { AttributeDefinition, ExtensionDefinition, SchemaDefinition } from '../model/schema.js';
import { pointerTo, type Violations } from '../model/violation.js';
import { checkValue } from './attribute-values.js';
import { compileValueRules } from './compiled-schema.js';
import { findConstraintFaults } from './constraints/constraint-faults.js';
import type { TextTests } from './constraints/index.js';
import { checkFormerNames } from './former-name-faults.js';
import { findKeyFaults, keySources } from './key-faults.js';
import { EXPECTED_NAME, foldName, isName, isReservedName } from './names.js';

/**
 * Whether the member at a pointer, and everything that contains it, is free of faults of form. Form is checked first.
 */
export type IsWellFormed = (pointer: string) => boolean;

/**
 * Reports where the definitions of a schema break the rules (R1, R4, R10, R18, R24, R26). Members with faults of form are
 * skipped, so that all other faults are reported together with these. Pauses after each attribute, since a pattern takes
 * milliseconds to compile.
 *
 * @param texts what the `pattern` and `format` of the schema need
 * @param taken names that definitions outside of the schema have, or had formerly
 */
export function* findSchemaFaults(
  schema: SchemaDefinition,
  isWellFormed: IsWellFormed,
  texts: TextTests,
  violations: Violations,
  taken: Iterable<string> = [],
): Generator<void, void, void> {
  const names = new Set(Array.from(taken, foldName));
  if (isWellFormed('/attributes')) {
    checkNames(schema.attributes, '/attributes', names, isWellFormed, violations);
    yield* checkAttributeDefinitions(schema.attributes, '/attributes', isWellFormed, texts, violations);
  }
  if (schema.extensions !== undefined && isWellFormed('/extensions')) {
    checkNames(schema.extensions, '/extensions', names, isWellFormed, violations);
    for (const [index, extension] of schema.extensions.entries()) {
      const pointer = pointerTo('/extensions', index);
      if (isWellFormed(pointer)) yield* findExtensionFaults(extension, pointer, isWellFormed, texts, violations);
    }
  }
  checkAllFormerNames(schema.attributes, '/attributes', names, isWellFormed, violations);
  checkAllFormerNames(schema.extensions, '/extensions', names, isWellFormed, violations);
  if (schema.identificationKeys !== undefined && isWellFormed('/identificationKeys')) {
    checkNames(schema.identificationKeys, '/identificationKeys', new Set(), isWellFormed, violations);
    const sources = keySources(schema);
    for (const [index, key] of schema.identificationKeys.entries()) {
      const pointer = pointerTo('/identificationKeys', index);
      if (isWellFormed(pointer)) findKeyFaults(sources, key, pointer, isWellFormed, violations);
    }
  }
}

function checkNames(
  definitions: readonly { readonly name: string }[],
  parent: string,
  taken: Set<string>,
  isWellFormed: IsWellFormed,
  violations: Violations,
): void {
  for (const [index, definition] of definitions.entries()) {
    const pointer = pointerTo(pointerTo(parent, index), 'name');
    if (!isWellFormed(pointer)) continue;
    checkName(definition.name, pointer, violations);
    if (taken.has(foldName(definition.name))) {
      violations.add(pointer, 'R1', 'a name that no other definition has, ignoring case');
    }
    taken.add(foldName(definition.name));
  }
}

/** @param taken all names that definitions of the name space have */
function checkAllFormerNames(
  definitions: readonly Pick<AttributeDefinition, 'formerly'>[] | undefined,
  parent: string,
  taken: Set<string>,
  isWellFormed: IsWellFormed,
  violations: Violations,
): void {
  if (definitions === undefined || !isWellFormed(parent)) return;
  for (const [index, definition] of definitions.entries()) {
    const pointer = pointerTo(parent, index);
    if (isWellFormed(pointer)) checkFormerNames(definition, pointer, taken, isWellFormed, violations);
  }
}

/** Reports the faults of a declared name (R1). */
export function checkName(name: string, pointer: string, violations: Violations): void {
  if (!isName(name)) violations.add(pointer, 'R1', EXPECTED_NAME);
  else if (isReservedName(name)) violations.add(pointer, 'R1', 'a name that is not reserved');
}

function* checkAttributeDefinitions(
  definitions: readonly AttributeDefinition[],
  parent: string,
  isWellFormed: IsWellFormed,
  texts: TextTests,
  violations: Violations,
): Generator<void, void, void> {
  for (const [index, definition] of definitions.entries()) {
    const pointer = pointerTo(parent, index);
    const wellFormed = ['type', 'multiValued', 'length'].every((member) => isWellFormed(pointerTo(pointer, member)));
    if (!wellFormed) continue;
    if (definition.length !== undefined && definition.type !== 'string') {
      violations.add(pointerTo(pointer, 'length'), 'R4', 'no `length`, which only attributes of type string have');
    }
    const sound = findConstraintFaults(definition, pointer, isWellFormed, texts, violations);
    checkDefault(sound, pointerTo(pointer, 'default'), texts, violations);
    yield;
  }
}

function checkDefault(
  definition: AttributeDefinition,
  pointer: string,
  texts: TextTests,
  violations: Violations,
): void {
  if (definition.default === undefined) return;
  const before = violations.count;
  const kept = checkValue(compileValueRules(definition, texts), definition.default, pointer, violations);
  if (kept === undefined && violations.count === before)
    violations.add(pointer, 'R4', 'a valid value, or no `default` at all');
}

/** Reports the faults of one extension definition, apart from its name. */
export function* findExtensionFaults(
  extension: ExtensionDefinition,
  pointer: string,
  isWellFormed: IsWellFormed,
  texts: TextTests,
  violations: Violations,
): Generator<void, void, void> {
  const attributes = pointerTo(pointer, 'attributes');
  const names = new Set<string>();
  if (isWellFormed(attributes)) {
    checkNames(extension.attributes, attributes, names, isWellFormed, violations);
    checkAllFormerNames(extension.attributes, attributes, new Set(names), isWellFormed, violations);
    yield* checkAttributeDefinitions(extension.attributes, attributes, isWellFormed, texts, violations);
    for (const [index, definition] of extension.attributes.entries()) {
      if (isWellFormed(pointerTo(attributes, index)) && definition.multiValued === true) {
        const multiValued = pointerTo(pointerTo(attributes, index), 'multiValued');
        violations.add(multiValued, 'R10', 'false: the attributes of an extension are never multi-valued');
      }
      if (isWellFormed(pointerTo(attributes, index)) && definition.protected === true) {
        const guarded = pointerTo(pointerTo(attributes, index), 'protected');
        violations.add(guarded, 'L2', 'false: protect the extension as a whole');
      }
    }
  }
  if (isWellFormed(attributes) && isWellFormed(pointerTo(pointer, 'type'))) {
    if (extension.type === 'classifier' && extension.attributes.length > 0) {
      violations.add(attributes, 'R10', 'no attributes, which a classifier does not have');
    }
    checkUnique(extension, names, pointerTo(pointer, 'unique'), isWellFormed, violations);
    if (extension.type !== 'multi-valued' && extension.maxRecords !== undefined) {
      const expected = 'no `maxRecords`, which only multi-valued extensions have';
      violations.add(pointerTo(pointer, 'maxRecords'), 'R24', expected);
    }
  }
}

function checkUnique(
  { type, unique }: ExtensionDefinition,
  attributes: ReadonlySet<string>,
  pointer: string,
  isWellFormed: IsWellFormed,
  violations: Violations,
): void {
  if (unique === undefined || !isWellFormed(pointer)) return;
  if (type !== 'multi-valued' && unique.length > 0) {
    violations.add(pointer, 'R10', 'no `unique`, which only multi-valued extensions have');
  }
  const seen = new Set<string>();
  for (const [index, name] of unique.entries()) {
    const element = pointerTo(pointer, index);
    if (!isWellFormed(element)) continue;
    if (!attributes.has(foldName(name))) violations.add(element, 'R10', 'the name of an attribute of this extension');
    else if (seen.has(foldName(name))) violations.add(element, 'R10', 'each name once, ignoring case');
    seen.add(foldName(name));
  }
}
