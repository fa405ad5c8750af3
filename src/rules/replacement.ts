import type { StoredContent } from '../model/documents.js';
import type { RepresentationCheck } from './check-representation.js';
import type { CompiledSchema } from './compiled-schema.js';
import type { Decision } from './decision.js';
import { equalJson } from './json-equality.js';
import { projectAttributesDocument, projectExtensionsDocument } from './projection.js';

/**
 * Decides a full replacement: afterwards, the attributes are exactly those of the representation (R6). The extensions
 * are exactly those of the representation if it has any (R8); otherwise they stay as they are (R7).
 *
 * @param check the result of checking the representation against the same schema
 */
export function decideReplacement(
  schema: CompiledSchema,
  current: StoredContent,
  check: RepresentationCheck,
): Decision {
  if (!check.valid) {
    const { tooLarge, violations } = check;
    return tooLarge ? { kind: 'too_large', document: tooLarge } : { kind: 'refused', violations };
  }
  const { attributes, extensions } = check.checked;
  const unchanged =
    equalJson(
      attributes,
      projectAttributesDocument(schema.attributes, current.attributes, current.residual?.attributes),
    ) &&
    (extensions === undefined ||
      equalJson(
        extensions,
        projectExtensionsDocument(schema.stored, current.extensions ?? {}, current.residual?.extensions),
      ));
  return unchanged ? { kind: 'unchanged' } : { kind: 'changed', attributes, extensions };
}
