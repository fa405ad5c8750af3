import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { Violation } from '../model/violation.js';

/** The decision about a change of a profile. */
export type Decision =
  /** The input is not valid. Nothing changes (R12). */
  | { readonly kind: 'refused'; readonly violations: readonly Violation[] }
  /** The next state equals the current one (R13). */
  | { readonly kind: 'unchanged' }
  /** The next state. If `extensions` is `undefined`, the extensions stay as they are (R7). */
  | {
      readonly kind: 'changed';
      readonly attributes: AttributesDocument;
      readonly extensions: ExtensionsDocument | undefined;
    };
