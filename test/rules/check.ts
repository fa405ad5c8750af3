import type { AttributeDefinition, Representation, SchemaDefinition } from 'dossier';
import { loadTextTests } from '../../src/definitions/text-tests.js';
import type { CheckedRepresentation } from '../../src/rules/check-representation.js';
import { checkRepresentation } from '../../src/rules/check-representation.js';
import { type CompiledSchema, compileSchema } from '../../src/rules/compiled-schema.js';

/** What any `pattern` and `format` needs. */
export const TEXTS = await loadTextTests({ attributes: [{ pattern: '', format: 'email' }] });

/** A compiled schema. */
export function compile({ attributes, extensions = [] }: SchemaDefinition): CompiledSchema {
  return compileSchema(1, { attributes, extensions }, TEXTS);
}

/** The violations of one value by the definition of its attribute: the rules, with the pointers into the value. */
export function faultsOfValue(definition: Partial<AttributeDefinition>, value: unknown): string[] {
  const attributes = [{ name: 'A', type: 'string' as const, ...definition }];
  return faults({ attributes }, { attributes: { A: value } }).map((fault) => fault.replace('/attributes/A', ''));
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
