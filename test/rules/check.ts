import type { Representation, SchemaDefinition } from 'dossier';
import type { CheckedRepresentation } from '../../src/rules/check-representation.js';
import { checkRepresentation } from '../../src/rules/check-representation.js';
import { type CompiledSchema, compileSchema } from '../../src/rules/compiled-schema.js';

/** A compiled schema. */
export function compile({ attributes, extensions = [] }: SchemaDefinition): CompiledSchema {
  return compileSchema(1, { attributes, extensions });
}

/** The stored form of a valid representation. */
export function kept(schema: SchemaDefinition, representation: Representation): CheckedRepresentation {
  const result = checkRepresentation(compile(schema), representation);
  if (result.valid) return result.checked;
  throw new Error(`refused: ${JSON.stringify(result.violations)}`);
}

/** The violations of a representation, as `R9 /attributes/FirstName`. Empty if it is valid. */
export function faults(schema: SchemaDefinition, representation: unknown): string[] {
  const result = checkRepresentation(compile(schema), representation as Representation);
  return result.valid ? [] : result.violations.map(({ rule, pointer }) => `${rule} ${pointer}`);
}
