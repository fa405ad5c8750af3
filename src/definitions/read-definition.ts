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
 * Validates a schema definition, and reports all faults at once: those of form, and those against rules R1, R4, R10 and
 * R18.
 *
 * @param taken names that are already in use, which no attribute or extension of the definition may have
 * @returns a copy
 * @throws InvalidSchemaError with all violations, at most 100
 */
export function readSchemaDefinition(plain: unknown, taken: Iterable<string> = []): SchemaDefinition {
  const schema = read<SchemaDefinition>(SchemaDefinitionForm, plain, (definition, isWellFormed, violations) =>
    findSchemaFaults(definition, isWellFormed, violations, taken),
  );
  const { extensions } = schema;
  return extensions ? { ...schema, extensions: extensions.map(extensionInDeclaredCase) } : schema;
}

/**
 * Validates the definition of one extension, and reports all faults at once.
 *
 * @returns a copy
 * @throws InvalidSchemaError with all violations, at most 100
 */
export function readExtensionDefinition(plain: unknown): ExtensionDefinition {
  const extension = read<ExtensionDefinition>(
    ExtensionDefinitionForm,
    plain,
    (definition, isWellFormed, violations) => {
      if (isWellFormed('/name')) checkName(definition.name, '/name', violations);
      findExtensionFaults(definition, '', isWellFormed, violations);
    },
  );
  return extensionInDeclaredCase(extension);
}

/**
 * Validates the definition of one identification key against the schema that it is for, and reports all faults at once.
 *
 * @returns a copy
 * @throws InvalidSchemaError with all violations, at most 100
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
  // At the limit, faults of form may be unreported, and the rules would meet members that are not well-formed.
  if (isWellFormed('') && !violations.full) addFaults(plain as Definition, isWellFormed, violations);
  if (violations.count > 0) throw new InvalidSchemaError(violations.items);
  // Copied as JSON: drops undefined members and foreign prototypes.
  return JSON.parse(JSON.stringify(plain)) as Definition;
}
