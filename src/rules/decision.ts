import type { AttributesDocument, ExtensionsDocument, ResidualDocument } from '../model/documents.js';
import type { Violation } from '../model/violation.js';
import { isLargerThan } from './document-size.js';

/** The two documents of a profile, each of which is held to the limit on its own (R7). */
export type DocumentName = 'attributes' | 'extensions';

/** What becomes of a profile. */
export type Decision =
  /** What was sent is not valid; nothing changes (R12). */
  | {
      readonly kind: 'refused';
      readonly violations: readonly Violation[];
      /** Whether what was sent is valid by itself, and the profile as a whole would not be. */
      readonly ofWhole?: boolean | undefined;
    }
  /** One of its two documents would be over the limit; nothing changes. */
  | { readonly kind: 'too_large'; readonly document: DocumentName }
  /** The profile already is what it would become (R13). */
  | { readonly kind: 'unchanged' }
  /** The profile becomes exactly this; its extensions stay as they are where there are none here (R7). */
  | {
      readonly kind: 'changed';
      readonly attributes: AttributesDocument;
      readonly extensions: ExtensionsDocument | undefined;
      /** Values that become residual where none is stored under their names (R23). */
      readonly residual?: ResidualDocument | undefined;
    };

/**
 * Holds a change to the limit: each document, in bytes of JSON in UTF-8. Extensions that stay as they are were measured
 * before.
 */
export function withinLimit(decision: Decision, limit: number): Decision {
  const document = decision.kind === 'changed' ? findOversized(decision, limit) : undefined;
  return document ? { kind: 'too_large', document } : decision;
}

/** The document of a profile that is over the limit, if one is. Each is measured on its own (R7). */
export function findOversized(
  {
    attributes,
    extensions,
  }: { readonly attributes: AttributesDocument; readonly extensions?: ExtensionsDocument | undefined },
  limit: number,
): DocumentName | undefined {
  if (isLargerThan(limit, attributes)) return 'attributes';
  return extensions && isLargerThan(limit, extensions) ? 'extensions' : undefined;
}
