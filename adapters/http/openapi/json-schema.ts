/** A JSON Schema (2020-12), the dialect of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

/** An object with these members, all of them required by default. */
export function objectOf(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema {
  return { type: 'object', properties, required };
}

/** An object whose member names the tenant's schema defines. */
export function mapOf(values: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: values };
}

/** An enumeration of strings. */
export function oneOf(choices: readonly string[]): JsonSchema {
  return { type: 'string', enum: choices };
}
