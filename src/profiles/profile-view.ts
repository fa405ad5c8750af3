import { MalformedRequestError, NotFoundError } from '../errors.js';
import type { Profile } from '../model/profile.js';
import type { CompiledExtension, CompiledSchema } from '../rules/compiled-schema.js';
import { foldName } from '../rules/names.js';
import {
  copyAttributes,
  projectAttributesDocument,
  projectExtensionsDocument,
  viewExtensions,
} from '../rules/projection.js';
import type { StoredProfile } from '../storage/profile-repository.js';
import { readingText, type ViewContent } from './reading.js';
import { timestampView } from './timestamps.js';

/** The extensions that a profile view contains. */
export type WantedExtensions = ViewContent['extensions'];

/**
 * Resolves the requested attributes by name, ignoring case.
 *
 * @throws NotFoundError if the schema has no attribute of a name (W4)
 * @throws MalformedRequestError if `attributes` is neither an array of strings nor `'all'`
 */
export function wantedAttributes(
  schema: CompiledSchema,
  names: 'all' | readonly string[] | undefined,
): ViewContent['attributes'] {
  if (names === undefined || names === 'all') return 'all';
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new MalformedRequestError("`attributes` must be an array of names, or 'all'.");
  }
  return new Set(
    names.map((name) => {
      const attribute = schema.attributes.byName.get(foldName(name));
      if (!attribute) throw new NotFoundError('The schema has no such attribute.');
      return attribute;
    }),
  );
}

/**
 * Resolves the requested extensions by name, ignoring case.
 *
 * @throws NotFoundError if the schema has no extension of a name (W4)
 * @throws MalformedRequestError if `extensions` is neither an array of strings nor `'all'`
 */
export function wantedExtensions(
  schema: CompiledSchema,
  names: 'all' | readonly string[] | undefined,
): WantedExtensions {
  if (names === undefined) return 'none';
  if (names === 'all') return 'all';
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new MalformedRequestError("`extensions` must be an array of names, or 'all'.");
  }
  // The view must have no `extensions` member: in a replacement, an empty one would remove all extensions (R8).
  if (names.length === 0) return 'none';
  return new Set(
    names.map((name) => {
      const extension = schema.extensionsByName.get(foldName(name));
      if (!extension) throw new NotFoundError('The schema has no such extension.');
      return extension;
    }),
  );
}

/**
 * The view of a stored profile: what the services return. A copy, projected to the schema.
 *
 * @param isChecked whether the profile is what a check by this schema has made, so that nothing is left to project
 */
export function profileView(
  tenantId: string,
  schema: CompiledSchema,
  stored: StoredProfile,
  content: ViewContent,
  isChecked = false,
): Profile {
  const { customerId, revision, segment, residual } = stored;
  const attributes = copyAttributes(
    isChecked
      ? stored.attributes
      : projectAttributesDocument(schema.attributes, stored.attributes, residual?.attributes),
  );
  if (content.attributes !== 'all') {
    const shown = new Set(Array.from(content.attributes, ({ name }) => name));
    for (const name of Object.keys(attributes)) if (!shown.has(name)) delete attributes[name];
  }
  const reading = readingText(tenantId, schema, stored, content);
  const wanted = content.extensions;
  const createdAt = timestampView(stored.createdAt);
  const updatedAt = timestampView(stored.updatedAt);
  const labelled = segment === undefined ? undefined : { segment };
  if (wanted === 'none')
    return { tenantId, customerId, revision, reading, attributes, ...labelled, createdAt, updatedAt };
  const isWanted = (extension: CompiledExtension) => wanted === 'all' || wanted.has(extension);
  const records = stored.extensions ?? {};
  const projected = isChecked ? records : projectExtensionsDocument(schema, records, residual?.extensions);
  const extensions = viewExtensions(schema, projected, isWanted);
  return { tenantId, customerId, revision, reading, attributes, extensions, ...labelled, createdAt, updatedAt };
}
