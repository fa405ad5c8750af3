import { InvalidSchemaError } from '../errors.js';
import { isPlainObject } from '../model/plain-object.js';
import type { ExtensionDefinition, IdentificationKeyDefinition, SchemaDefinition } from '../model/schema.js';
import { Violations } from '../model/violation.js';
import { extensionInDeclaredCase } from '../rules/declared-case.js';
import { findKeyFaults, keySources } from '../rules/key-faults.js';
import { checkName, findExtensionFaults, findSchemaFaults, type IsWellFormed } from '../rules/schema-faults.js';
import { atOnce, checkForm, type DefinitionForm, type Steps } from './check-form.js';
import { EXTENSION_FORM } from './extension-definition.js';
import { KEY_FORM } from './identification-key-definition.js';
import { SCHEMA_FORM } from './schema-definition.js';

/**
 * Reads a schema from plain data, and reports all faults, of form and of sense, at once.
 *
 * @param taken names that its attributes and extensions may not have, beside each other's
 * @returns a copy
 * @throws InvalidSchemaError
 */
export function readSchemaDefinition(plain: unknown, taken: Iterable<string> = []): SchemaDefinition {
  return atOnce(readSchemaInSteps(plain, taken));
}

/** The same in steps: class-validator takes a good part of a second for a few thousand attributes. */
export function* readSchemaInSteps(plain: unknown, taken: Iterable<string> = []): Steps<SchemaDefinition> {
  const schema = yield* read<SchemaDefinition>(SCHEMA_FORM, plain, (given, isWellFormed, violations) =>
    findSchemaFaults(given, isWellFormed, violations, taken),
  );
  const { extensions } = schema;
  return extensions ? { ...schema, extensions: extensions.map(extensionInDeclaredCase) } : schema;
}

/**
 * Reads the definition of one extension from plain data, likewise.
 *
 * @returns a copy
 * @throws InvalidSchemaError
 */
export function* readExtensionInSteps(plain: unknown): Steps<ExtensionDefinition> {
  const extension = yield* read<ExtensionDefinition>(EXTENSION_FORM, plain, (given, isWellFormed, violations) => {
    if (isWellFormed('/name')) checkName(given.name, '/name', violations);
    findExtensionFaults(given, '', isWellFormed, violations);
  });
  return extensionInDeclaredCase(extension);
}

/**
 * Reads the definition of one identification key for a schema, likewise.
 *
 * @returns a copy
 * @throws InvalidSchemaError
 */
export function readKeyDefinition(plain: unknown, schema: SchemaDefinition): IdentificationKeyDefinition {
  const steps = read<IdentificationKeyDefinition>(KEY_FORM, plain, (key, isWellFormed, violations) => {
    if (isWellFormed('/name')) checkName(key.name, '/name', violations);
    findKeyFaults(keySources(schema), key, '', isWellFormed, violations);
  });
  return atOnce(steps);
}

function* read<Definition>(
  form: DefinitionForm,
  plain: unknown,
  addFaults: (definition: Definition, isWellFormed: IsWellFormed, violations: Violations) => void,
): Steps<Definition> {
  const violations = new Violations();
  const isWellFormed = yield* checkForm(form, plain, violations);
  // Where there is no room for more faults, it is not known of every member whether it is well-formed.
  if (isWellFormed('') && !violations.full) addFaults(plain as Definition, isWellFormed, violations);
  if (violations.count > 0) throw new InvalidSchemaError(violations.items);
  return copyOf(plain) as Definition;
}

/**
 * A copy of a definition as JSON has it, without members that are undefined. It is made member by member: a `toJSON`, of a
 * prototype or of all objects, would put in its place what nobody has checked.
 */
function copyOf(value: unknown): unknown {
  // JSON has no negative zero.
  if (value === 0) return 0;
  if (Array.isArray(value)) return Array.from(value, copyOf);
  if (!isPlainObject(value)) return value;
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(given.map(([name, member]) => [name, copyOf(member)]));
}
