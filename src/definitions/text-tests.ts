import { isPlainObject } from '../model/plain-object.js';
import type { TextTests } from '../rules/constraints/index.js';
import { attributesIn } from '../rules/schema-parts.js';

/**
 * Loads what tests texts by the `pattern` and `format` of a schema, or of one extension: nothing if it has neither. The
 * packages would otherwise take longer to load than Dossier does.
 *
 * @param definition as given: what is no definition needs nothing
 */
export async function loadTextTests(definition: unknown): Promise<TextTests> {
  const attributes = attributesIn(definition).filter(isPlainObject);
  const formats = new Set(attributes.map(({ format }) => format));
  formats.delete(undefined);
  const [patterns, ownFormats, email] = await Promise.all([
    attributes.some(({ pattern }) => pattern !== undefined) ? import('./pattern.js') : undefined,
    formats.size > 0 ? import('../rules/formats/index.js') : undefined,
    formats.has('email') ? import('./email.js') : undefined,
  ]);
  return {
    pattern: patterns?.compilePattern,
    formats: ownFormats && { ...ownFormats.FORMAT_TESTS, ...(email && { email: email.isAsciiEmail }) },
  };
}
