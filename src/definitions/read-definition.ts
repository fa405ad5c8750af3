import type { ClassConstructor } from 'class-transformer';
import { InvalidSchemaError } from '../errors.js';
import type { ExtensionDefinition, IdentificationKeyDefinition, SchemaDefinition } from '../model/schema.js';
import { Violations } from '../model/violation.js';
import { extensionInDeclaredCase } from '../rules/declared-case.js';
import { findKeyFaults } from '../rules/key-faults.js';
import { checkName, findExtensionFaults, findSchemaFaults, type IsWellFormed } from '../rules/schema-faults.js';
import { checkForm } from './check-form.js';
import { ExtensionDefinitionForm } from './extension-definition.js';
import { IdentificationKeyDefinitionForm } from './identification-key-definition.js';
import { SchemaDefinitionForm } from './schema-definition.js';

/**
 * Reads a schema from plain data, and reports all faults, of form and of sense, at once.
 *
 * @param taken names that its attributes and extensions may not have, beside each other's
 * @returns a copy
 * @throws InvalidSchemaError
 */
export function readSchemaDefinition(plain: unknown, taken: Iterable<string> = []): SchemaDefinition {
  const schema = read<SchemaDefinition>(SchemaDefinitionForm, plain, (given, isWellFormed, violations) =>
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
export function readExtensionDefinition(plain: unknown): ExtensionDefinition {
  const extension = read<ExtensionDefinition>(ExtensionDefinitionForm, plain, (given, isWellFormed, violations) => {
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
  return read<IdentificationKeyDefinition>(IdentificationKeyDefinitionForm, plain, (key, isWellFormed, violations) => {
    if (isWellFormed('/name')) checkName(key.name, '/name', violations);
    findKeyFaults(schema, key, '', isWellFormed, violations);
  });
}

function read<Definition>(
  form: ClassConstructor<object>,
  plain: unknown,
  addFaults: (definition: Definition, isWellFormed: IsWellFormed, violations: Violations) => void,
): Definition {
  const violations = new Violations();
  const isWellFormed = checkForm(form, plain, violations);
  // Where there is no room for more faults, it is not known of every member whether it is well-formed.
  if (isWellFormed('') && !violations.full) addFaults(plain as Definition, isWellFormed, violations);
  if (violations.count > 0) throw new InvalidSchemaError(violations.items);
  // A definition is JSON, and so is its copy: without members that are undefined, and without a foreign prototype.
  return JSON.parse(JSON.stringify(plain)) as Definition;
}
