import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import { isPlainObject } from '../model/guards.js';
import type { FlatRepresentation, Representation } from '../model/representation.js';
import { MAX_VIOLATIONS, pointerTo, type Violation, Violations } from '../model/violation.js';
import { checkAttributes } from './attribute-values.js';
import type { CompiledAttribute, CompiledExtension, CompiledSchema } from './compiled-schema.js';
import type { DocumentName } from './decision.js';
import { DocumentSize } from './document-size.js';
import { checkExtensions } from './extension-records.js';
import { type Combinations, checkCombinations } from './identification/key-values.js';
import { findByName, foldName } from './names.js';
import { NO_PROFILE_LIMITS, type ProfileLimits } from './profile-limits.js';

/** A valid representation, as it would be stored. */
export interface CheckedRepresentation {
  readonly attributes: AttributesDocument;
  /** `undefined` if the representation has no extensions, so that the stored ones stay (R7). */
  readonly extensions: ExtensionsDocument | undefined;
  /** The combinations of its values for each key (R18). */
  readonly combinations: Combinations;
}

/** The result of checking a representation against a schema. */
export type RepresentationCheck = {
  /**
   * The extensions that the representation names, empty ones included: it replaces all extensions (R8). `undefined` if
   * it leaves them as they are (R7).
   */
  readonly namedExtensions: ReadonlySet<CompiledExtension> | undefined;
} & (
  | { readonly valid: true; readonly checked: CheckedRepresentation }
  /** `tooLarge` names the document at whose limit the check stopped before it found a violation. */
  | { readonly valid: false; readonly violations: readonly Violation[]; readonly tooLarge?: DocumentName | undefined }
);

type Members = readonly (readonly [name: string, value: unknown])[];

/** The attributes and extensions of a representation, with the pointer to each part. */
interface Parts {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly attributesAt: string;
  /** `undefined` if the representation has no extensions (R7). */
  readonly extensions: Members | undefined;
  readonly extensionsAt: string;
}

/**
 * Checks a representation against a schema, and reports every violation at once (R1 to R11). It stops where one of the
 * two documents gets larger than the limit, so that defaults in many records cannot make work and memory of a short
 * text.
 */
export function checkRepresentation(
  schema: CompiledSchema,
  representation: Representation,
  limits: ProfileLimits = NO_PROFILE_LIMITS,
): RepresentationCheck {
  const violations = new Violations();
  const { maxProfileBytes, maxKeyCharacters } = limits;
  const sizes = { attributes: new DocumentSize(maxProfileBytes), extensions: new DocumentSize(maxProfileBytes) };
  const parts = isFlat(representation)
    ? splitFlat(schema, representation, violations)
    : readSplit(representation, violations);
  const namedExtensions = parts.extensions && extensionsIn(schema, parts.extensions);
  const { kept } = checkAttributes(
    schema.attributes,
    parts.attributes,
    parts.attributesAt,
    violations,
    sizes.attributes,
  );
  const isTooLarge = sizes.attributes.exceeded;
  const extensions =
    isTooLarge || !parts.extensions
      ? undefined
      : checkExtensions(schema, parts.extensions, parts.extensionsAt, violations, sizes.extensions);
  const tooLarge = isTooLarge ? 'attributes' : sizes.extensions.exceeded ? 'extensions' : undefined;
  const content = { attributes: kept, extensions };
  const combinations = tooLarge ? undefined : checkCombinations(schema, content, maxKeyCharacters, violations);
  if (violations.count > 0) return { namedExtensions, valid: false, violations: violations.items };
  return combinations
    ? { namedExtensions, valid: true, checked: { ...content, combinations } }
    : { namedExtensions, valid: false, violations: [], tooLarge };
}

/** The definitions that a representation names. */
export interface NamedMembers {
  readonly attributes: ReadonlySet<CompiledAttribute>;
  readonly extensions: ReadonlySet<CompiledExtension>;
  /** Whether it has extensions, none of which need be named (R8). */
  readonly hasExtensions: boolean;
}

/** What a representation names, whether it is valid or not. */
export function membersIn(schema: CompiledSchema, representation: Representation): NamedMembers {
  const ignored = new Violations();
  const { attributes, extensions } = isFlat(representation)
    ? splitFlat(schema, representation, ignored)
    : readSplit(representation, ignored);
  const named = Object.keys(attributes).flatMap((name) => {
    return attributes[name] === undefined ? [] : (findByName(schema.attributes.byName, name) ?? []);
  });
  return {
    attributes: new Set(named),
    extensions: extensions ? extensionsIn(schema, extensions) : new Set(),
    hasExtensions: extensions !== undefined,
  };
}

function isFlat(representation: Representation): representation is FlatRepresentation {
  return isPlainObject(representation) && 'members' in representation;
}

/** Separates attributes from extensions, by the names that the schema declares. */
function splitFlat(schema: CompiledSchema, { members, ...others }: FlatRepresentation, violations: Violations): Parts {
  // Otherwise, extensions beside `members` would be ignored.
  if (Object.keys(others).length > 0) violations.add('', 'R11', 'either `members`, or `attributes` and `extensions`');
  const flat = isPlainObject(members) ? members : {};
  if (flat !== members) violations.add('', 'R11', 'an object of attributes and extensions');
  const attributes: (readonly [name: string, value: unknown])[] = [];
  const extensions: (readonly [name: string, value: unknown])[] = [];
  // With so many, there are as many unknown or repeated ones among them as are reported.
  const most = schema.attributes.byName.size + MAX_VIOLATIONS;
  for (const name of Object.keys(flat)) {
    const value = flat[name];
    if (value === undefined) continue;
    if (schema.extensionsByStoredName.has(foldName(name))) extensions.push([name, value]);
    else if (attributes.push([name, value]) > most) break;
  }
  return {
    attributes: extensions.length > 0 ? Object.fromEntries(attributes) : flat,
    attributesAt: '',
    extensions: extensions.length > 0 ? extensions : undefined,
    extensionsAt: '',
  };
}

function readSplit(representation: unknown, violations: Violations): Parts {
  const object = isPlainObject(representation) ? representation : {};
  const { attributes, extensions } = object;
  for (const name of Object.keys(object)) {
    // Otherwise, a misspelt `extensions` would be ignored, and a misspelt `attributes` would empty the profile.
    if (name === 'attributes' || name === 'extensions') continue;
    violations.add(pointerTo('', name), 'R11', 'no other member than `attributes` and `extensions`');
  }
  const hasAttributes = isPlainObject(attributes);
  if (!hasAttributes) violations.add('/attributes', 'R11', 'an object of attributes');
  if (extensions !== undefined && !isPlainObject(extensions)) {
    violations.add('/extensions', 'R11', 'an object of extensions, or undefined');
  }
  return {
    attributes: hasAttributes ? attributes : {},
    attributesAt: '/attributes',
    extensions: extensions === undefined ? undefined : membersOf(extensions),
    extensionsAt: '/extensions',
  };
}

/** The extensions that the members name. Unknown names are reported by `checkExtensions`. */
function extensionsIn(schema: CompiledSchema, members: Members): ReadonlySet<CompiledExtension> {
  const found = new Set<CompiledExtension>();
  for (const [name, value] of members) {
    const extension = value === undefined ? undefined : findByName(schema.extensionsByName, name);
    if (extension) found.add(extension);
  }
  return found;
}

function membersOf(value: unknown): Members {
  return isPlainObject(value) ? Object.entries(value) : [];
}
