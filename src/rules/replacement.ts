import { isDeepStrictEqual } from 'node:util';
import type { AttributesDocument, ExtensionsDocument } from '../storage/profile-repository.js';
import { checkRepresentation } from './check-representation.js';
import type { CompiledSchema } from './compiled-schema.js';
import { projectAttributes, projectExtensionsDocument } from './projection.js';
import type { Representation } from './representation.js';
import type { Violation } from './violation.js';

/** What a replacement depends on: the profile as stored. */
export interface CurrentState {
  readonly attributes: AttributesDocument;
  /** Needed only if the representation gives extensions. */
  readonly extensions?: ExtensionsDocument | undefined;
  readonly segment?: string | undefined;
}

/** What becomes of a full replacement. */
export type Replacement =
  /** The representation is not valid; nothing changes (R12). */
  | { readonly kind: 'refused'; readonly violations: readonly Violation[] }
  /** The profile already is what was sent (R13). */
  | { readonly kind: 'unchanged'; readonly extensionsGiven: boolean }
  /** The profile becomes exactly this; its extensions stay as they are where there are none here (R6 to R8). */
  | {
      readonly kind: 'changed';
      readonly attributes: AttributesDocument;
      readonly extensions: ExtensionsDocument | undefined;
    };

/**
 * Decides a full replacement.
 *
 * @param segment the segment that comes with it; `undefined` leaves the one that is kept (W1)
 */
export function decideReplacement(
  schema: CompiledSchema,
  current: CurrentState,
  representation: Representation,
  segment?: string,
): Replacement {
  const check = checkRepresentation(schema, representation);
  if (!check.valid) return { kind: 'refused', violations: check.violations };
  const { attributes, extensions } = check.checked;
  const unchanged =
    (segment === undefined || segment === current.segment) &&
    isDeepStrictEqual(attributes, projectAttributes(schema.attributes, current.attributes)) &&
    (extensions === undefined ||
      isDeepStrictEqual(extensions, projectExtensionsDocument(schema, current.extensions ?? {})));
  return unchanged
    ? { kind: 'unchanged', extensionsGiven: extensions !== undefined }
    : { kind: 'changed', attributes, extensions };
}
