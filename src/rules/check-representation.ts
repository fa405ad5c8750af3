import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import { isPlainObject } from '../model/plain-object.js';
import type { FlatRepresentation, Representation } from '../model/representation.js';
import { pointerTo, type Violation, Violations } from '../model/violation.js';
import { checkAttributes } from './attribute-values.js';
import type { CompiledExtension, CompiledSchema } from './compiled-schema.js';
import { checkExtensions } from './extension-records.js';
import { checkCombinations } from './identification/key-values.js';
import { findByName } from './names.js';

/** A representation as it would be kept. */
export interface CheckedRepresentation {
  readonly attributes: AttributesDocument;
  /** `undefined` where the representation gives none (R7). */
  readonly extensions: ExtensionsDocument | undefined;
}

export type RepresentationCheck =
  | { readonly valid: true; readonly checked: CheckedRepresentation }
  | { readonly valid: false; readonly violations: readonly Violation[] };

type Members = readonly (readonly [name: string, value: unknown])[];

/** Checks a representation against a schema, and reports every violation at once (R1 to R11). */
export function checkRepresentation(schema: CompiledSchema, representation: Representation): RepresentationCheck {
  const violations = new Violations();
  const checked = isFlat(representation)
    ? checkFlat(schema, representation, violations)
    : checkSplit(schema, representation, violations);
  checkCombinations(schema, checked, violations);
  return violations.count === 0 ? { valid: true, checked } : { valid: false, violations: violations.items };
}

/**
 * The extensions that a representation gives, were it as empty: if there are any, it replaces the whole set (R8).
 *
 * @returns `undefined` where the extensions stay as they are (R7); names that the schema does not know are left out
 */
export function givenExtensions(
  schema: CompiledSchema,
  representation: Representation,
): ReadonlySet<CompiledExtension> | undefined {
  const flat = isFlat(representation);
  if (!flat && representation?.extensions === undefined) return undefined;
  const given = new Set<CompiledExtension>();
  for (const [name, value] of membersOf(flat ? representation.members : representation.extensions)) {
    const extension = value === undefined ? undefined : findByName(schema.extensionsByName, name);
    if (extension) given.add(extension);
  }
  return flat && given.size === 0 ? undefined : given;
}

/** Whether a representation replaces the extensions (R8). */
export function givesExtensions(schema: CompiledSchema, representation: Representation): boolean {
  return isFlat(representation)
    ? givenExtensions(schema, representation) !== undefined
    : representation?.extensions !== undefined;
}

function isFlat(representation: Representation): representation is FlatRepresentation {
  return isPlainObject(representation) && 'members' in representation;
}

function checkFlat(
  schema: CompiledSchema,
  { members: value, ...others }: FlatRepresentation,
  violations: Violations,
): CheckedRepresentation {
  // Extensions beside the members would otherwise be lost.
  if (Object.keys(others).length > 0) violations.add('', 'R11', 'members alone, or attributes and extensions');
  if (!isPlainObject(value)) violations.add('', 'R11', 'an object of attributes and extensions');
  const members = membersOf(value);
  const extensions = members.filter(([name, given]) => given !== undefined && isExtension(schema, name));
  const attributes = members.filter(([name]) => !isExtension(schema, name));
  return {
    attributes: checkAttributes(schema.attributes, Object.fromEntries(attributes), '', violations).kept,
    extensions: extensions.length > 0 ? checkExtensions(schema, extensions, '', violations) : undefined,
  };
}

function checkSplit(schema: CompiledSchema, representation: unknown, violations: Violations): CheckedRepresentation {
  const given = isPlainObject(representation) ? representation : {};
  const { attributes, extensions } = given;
  for (const name of Object.keys(given)) {
    // A misspelt `extensions` would otherwise be taken for none, and a misspelt `attributes` would empty the profile.
    if (name === 'attributes' || name === 'extensions') continue;
    violations.add(pointerTo('', name), 'R11', 'attributes and extensions only');
  }
  if (!isPlainObject(attributes)) violations.add('/attributes', 'R11', 'an object of attributes');
  if (extensions !== undefined && !isPlainObject(extensions)) {
    violations.add('/extensions', 'R11', 'an object of extensions, or undefined');
  }
  return {
    attributes: checkAttributes(
      schema.attributes,
      isPlainObject(attributes) ? attributes : {},
      '/attributes',
      violations,
    ).kept,
    extensions:
      extensions === undefined ? undefined : checkExtensions(schema, membersOf(extensions), '/extensions', violations),
  };
}

function isExtension(schema: CompiledSchema, name: string): boolean {
  return findByName(schema.extensionsByName, name) !== undefined;
}

function membersOf(value: unknown): Members {
  return isPlainObject(value) ? Object.entries(value) : [];
}
