import type { TextTests } from '../rules/constraints/index.js';
import { attributesIn, hasMember } from '../rules/schema-parts.js';

/**
 * Loads what tests texts by the `pattern` and `format` of a schema, or of one extension: nothing if it has neither. An
 * engine of regular expressions takes as long to load as Dossier.
 *
 * @param definition as given: what is no definition needs nothing
 */
export async function loadTextTests(definition: unknown): Promise<TextTests> {
  const attributes = attributesIn(definition);
  const uses = (member: string) => attributes.some((attribute) => hasMember(attribute, member));
  const [patterns, formats] = await Promise.all([
    uses('pattern') ? import('./pattern.js') : undefined,
    uses('format') ? import('../rules/formats/index.js') : undefined,
  ]);
  return { pattern: patterns?.compilePattern, formats: formats?.FORMAT_TESTS };
}
