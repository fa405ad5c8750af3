import { InvalidSchemaError } from '../errors.js';
import { isPlainObject } from '../model/guards.js';
import type { ExtensionDefinition, IdentificationKeyDefinition, SchemaDefinition } from '../model/schema.js';
import { Violations } from '../model/violation.js';
import type { TextTests } from '../rules/constraints/index.js';
import { extensionInDeclaredCase } from '../rules/declared-case.js';
import { checkFormerNames } from '../rules/former-name-faults.js';
import { findKeyFaults, keySources } from '../rules/key-faults.js';
import { foldName } from '../rules/names.js';
import { checkName, findExtensionFaults, findSchemaFaults, type IsWellFormed } from '../rules/schema-faults.js';
import { atOnce, checkForm, type DefinitionForm, type Steps } from './check-form.js';
import { EXTENSION_FORM } from './extension-definition.js';
import { KEY_FORM } from './identification-key-definition.js';
import { SCHEMA_FORM } from './schema-definition.js';

/**
 * Validates a schema definition, and reports all faults at once: those of form, and those against rules R1, R4, R10, R18,
 * R24 and R26.
 *
 * @param texts what the `pattern` and `format` of the schema need
 * @param taken names that are already in use, which no attribute or extension of the definition may have, also formerly
 * @returns a copy
 * @throws InvalidSchemaError with all violations, at most 100
 */
export function readSchemaDefinition(
  plain: unknown,
  texts: TextTests = {},
  taken: Iterable<string> = [],
): SchemaDefinition {
  return atOnce(readSchemaInSteps(plain, texts, taken));
}

/** The same in steps: class-validator takes a good part of a second for a few thousand attributes. */
export function* readSchemaInSteps(
  plain: unknown,
  texts: TextTests,
  taken: Iterable<string> = [],
): Steps<SchemaDefinition> {
  const schema = yield* read<SchemaDefinition>(
    SCHEMA_FORM,
    withAttributesOfExtensions(plain),
    (definition, isWellFormed, violations) => findSchemaFaults(definition, isWellFormed, texts, violations, taken),
  );
  const { extensions } = schema;
  return extensions ? { ...schema, extensions: extensions.map(extensionInDeclaredCase) } : schema;
}

/**
 * Validates the definition of one extension, and reports all faults at once.
 *
 * @param texts what the `pattern` and `format` of its attributes need
 * @returns a copy
 * @throws InvalidSchemaError with all violations, at most 100
 */
export function* readExtensionInSteps(plain: unknown, texts: TextTests): Steps<ExtensionDefinition> {
  const extension = yield* read<ExtensionDefinition>(
    EXTENSION_FORM,
    withAttributes(plain),
    function* (definition, isWellFormed, violations) {
      if (isWellFormed('/name')) {
        checkName(definition.name, '/name', violations);
        checkFormerNames(definition, '', new Set([foldName(definition.name)]), isWellFormed, violations);
      }
      yield* findExtensionFaults(definition, '', isWellFormed, texts, violations);
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
  // biome-ignore lint/correctness/useYield: a key is checked in one step
  const steps = read<IdentificationKeyDefinition>(KEY_FORM, plain, function* (key, isWellFormed, violations) {
    if (isWellFormed('/name')) checkName(key.name, '/name', violations);
    findKeyFaults(keySources(schema), key, '', isWellFormed, violations);
  });
  return atOnce(steps);
}

function withAttributesOfExtensions(plain: unknown): unknown {
  if (!isPlainObject(plain) || !Array.isArray(plain.extensions)) return plain;
  return { ...plain, extensions: Array.from(plain.extensions, withAttributes) };
}

/** An extension that says nothing of its attributes has none (W14). */
function withAttributes(extension: unknown): unknown {
  return isPlainObject(extension) && extension.attributes === undefined ? { ...extension, attributes: [] } : extension;
}

function* read<Definition>(
  form: DefinitionForm,
  plain: unknown,
  addFaults: (definition: Definition, isWellFormed: IsWellFormed, violations: Violations) => Steps<void>,
): Steps<Definition> {
  const violations = new Violations();
  const isWellFormed = yield* checkForm(form, plain, violations);
  // At the limit, faults of form may be unreported, and the rules would meet members that are not well-formed.
  if (isWellFormed('') && !violations.full) yield* addFaults(plain as Definition, isWellFormed, violations);
  if (violations.count > 0) throw new InvalidSchemaError(violations.items);
  return copyOf(plain) as Definition;
}

/**
 * A copy of a definition as JSON has it, without members that are undefined. It is made member by member: a `toJSON`,
 * of a prototype or of all objects, would put in its place what nobody has checked.
 */
function copyOf(value: unknown): unknown {
  // JSON has no negative zero.
  if (value === 0) return 0;
  if (Array.isArray(value)) return Array.from(value, copyOf);
  if (!isPlainObject(value)) return value;
  const definition = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(definition.map(([name, member]) => [name, copyOf(member)]));
}
