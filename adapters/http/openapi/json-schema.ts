/** A JSON Schema (2020-12), which is also what OpenAPI 3.1 takes. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

/** An object with these members. */
export function objectOf(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema {
  return { type: 'object', properties, required };
}

/** An object whose members have names of the tenant's own. */
export function mapOf(values: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: values };
}

/** One of these strings. */
export function oneOf(choices: readonly string[]): JsonSchema {
  return { type: 'string', enum: choices };
}
