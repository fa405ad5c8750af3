import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { Violation } from '../model/violation.js';
import { isLargerThan } from './document-size.js';

/** The two documents of a profile, each of which is held to the limit on its own (R7). */
export type DocumentName = 'attributes' | 'extensions';

/** What becomes of a profile. */
export type Decision =
  /** What was sent is not valid; nothing changes (R12). */
  | { readonly kind: 'refused'; readonly violations: readonly Violation[] }
  /** One of its two documents would be over the limit; nothing changes. */
  | { readonly kind: 'too_large'; readonly document: DocumentName }
  /** The profile already is what it would become (R13). */
  | { readonly kind: 'unchanged' }
  /** The profile becomes exactly this; its extensions stay as they are where there are none here (R7). */
  | {
      readonly kind: 'changed';
      readonly attributes: AttributesDocument;
      readonly extensions: ExtensionsDocument | undefined;
    };

/**
 * Holds a change to the limit: each document, in bytes of JSON in UTF-8. Extensions that stay as they are were measured
 * before.
 */
export function withinLimit(decision: Decision, limit: number): Decision {
  if (decision.kind !== 'changed') return decision;
  const { attributes, extensions } = decision;
  if (isLargerThan(limit, attributes)) return { kind: 'too_large', document: 'attributes' };
  if (extensions && isLargerThan(limit, extensions)) return { kind: 'too_large', document: 'extensions' };
  return decision;
}
