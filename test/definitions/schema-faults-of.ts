import { type InvalidSchemaError, isDossierError, type SchemaDefinition } from 'dossier';
import { readSchemaDefinition } from '../../src/definitions/read-definition.js';
import { TEXTS } from '../rules/check.js';

/** The error that a schema is refused with; `undefined` if it is accepted. */
export function refusalOf(schema: unknown): InvalidSchemaError | undefined {
  try {
    readSchemaDefinition(schema, TEXTS);
    return undefined;
  } catch (error) {
    if (isDossierError(error) && error.code === 'invalid_schema') return error as InvalidSchemaError;
    throw error;
  }
}

/** The violations of a schema, as `R4 /attributes/0/length`. Empty if it is accepted. */
export function schemaFaultsOf(schema: unknown): string[] {
  return (refusalOf(schema)?.violations ?? []).map(({ rule, pointer }) => `${rule} ${pointer}`);
}

/** A schema with one attribute. */
export function withAttribute(attribute: object): SchemaDefinition {
  return { attributes: [{ name: 'A', type: 'string', ...attribute }] };
}

/** A schema with one extension. */
export function withExtension(extension: object): SchemaDefinition {
  return { attributes: [], extensions: [{ name: 'E', type: 'multi-valued', attributes: [], ...extension }] };
}
