import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { Violation } from '../model/violation.js';

/** What becomes of a profile. */
export type Decision =
  /** What was sent is not valid; nothing changes (R12). */
  | { readonly kind: 'refused'; readonly violations: readonly Violation[] }
  /** The profile already is what it would become (R13). */
  | { readonly kind: 'unchanged' }
  /** The profile becomes exactly this; its extensions stay as they are where there are none here (R7). */
  | {
      readonly kind: 'changed';
      readonly attributes: AttributesDocument;
      readonly extensions: ExtensionsDocument | undefined;
    };
