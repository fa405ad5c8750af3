import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { RepresentationCheck } from './check-representation.js';
import type { CompiledSchema } from './compiled-schema.js';
import type { Decision } from './decision.js';
import { equalJson } from './json-equality.js';
import { projectAttributesDocument, projectExtensionsDocument } from './projection.js';

/** What a replacement depends on: the profile as stored. */
export interface CurrentState {
  readonly attributes: AttributesDocument;
  /** Needed only if the representation gives extensions. */
  readonly extensions?: ExtensionsDocument | undefined;
}

/**
 * Decides a full replacement: afterwards the attributes are exactly those of the representation (R6), and so are the
 * extensions if it gives any (R8); otherwise they stay as they are (R7).
 *
 * @param check what came of checking it by the same schema
 */
export function decideReplacement(schema: CompiledSchema, current: CurrentState, check: RepresentationCheck): Decision {
  if (!check.valid) {
    const { tooLarge, violations } = check;
    return tooLarge ? { kind: 'too_large', document: tooLarge } : { kind: 'refused', violations };
  }
  const { attributes, extensions } = check.checked;
  const unchanged =
    equalJson(attributes, projectAttributesDocument(schema.attributes, current.attributes)) &&
    (extensions === undefined ||
      equalJson(extensions, projectExtensionsDocument(schema.stored, current.extensions ?? {})));
  return unchanged ? { kind: 'unchanged' } : { kind: 'changed', attributes, extensions };
}
