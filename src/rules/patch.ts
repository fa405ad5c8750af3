import type { StoredContent } from '../model/documents.js';
import { isPlainObject } from '../model/guards.js';
import type { ExtensionRecord } from '../model/profile.js';
import type { ProfilePatch, Representation } from '../model/representation.js';
import { checkRepresentation, membersIn, type RepresentationCheck } from './check-representation.js';
import {
  type CompiledAttribute,
  type CompiledAttributes,
  type CompiledExtension,
  type CompiledSchema,
  mapAttributes,
  mapExtensions,
} from './compiled-schema.js';
import type { Decision } from './decision.js';
import { findByName } from './names.js';
import { completeRepresentation, refusedAsWhole, type Seen } from './partial-replacement.js';
import type { ProfileLimits } from './profile-limits.js';
import { projectExtensionsDocument } from './projection.js';
import { decideReplacement } from './replacement.js';

type Members = Readonly<Record<string, unknown>>;

/** The records of single-valued extensions that are patched member by member. */
type PatchedRecords = ReadonlyMap<CompiledExtension, Members>;

/** A patch as a representation of the members that it gives. */
export function patchedMembers(patch: ProfilePatch): Representation {
  const isSplit = isPlainObject(patch) && !('members' in patch);
  return isSplit && patch.attributes === undefined ? { ...patch, attributes: {} } : (patch as Representation);
}

/**
 * Checks what a patch gives, by itself (L5): names, values, and what must not be cleared. What it does not give may be
 * stored, so it neither has to be there nor gets a default.
 */
export function checkPatch(schema: CompiledSchema, given: Representation, limits: ProfileLimits): RepresentationCheck {
  const lenient = withOthers(schema, given, recordsIn(schema, given), (attribute) => {
    return { ...attribute, mandatory: false, default: undefined };
  });
  return checkRepresentation(lenient, given, limits);
}

/**
 * Decides a patch whose members are valid (L5, RFC 7396): they replace what is stored, `null` clears to the default where
 * there is one, and all others stay. The result is checked as a whole.
 */
export function decidePatch(
  schema: CompiledSchema,
  current: StoredContent,
  given: Representation,
  limits: ProfileLimits,
): Decision {
  const stored = projectExtensionsDocument(schema, current.extensions ?? {}, current.residual?.extensions);
  const records = new Map(Array.from(recordsIn(schema, given)).filter(([{ name }]) => Object.hasOwn(stored, name)));
  const merged = mapExtensionMembers(schema, given, (extension, value) => {
    const record = records.get(extension);
    return record ? { ...record, ...membersBeside(extension, stored[extension.name]?.[0], record) } : value;
  });
  // What stays without a value gets no default, unless it must have one.
  const lasting = withOthers(schema, given, records, (attribute) => {
    return attribute.mandatory ? attribute : { ...attribute, default: undefined };
  });
  const whole = completeRepresentation(schema, current, merged, NOTHING_SEEN);
  return refusedAsWhole(decideReplacement(schema, current, checkRepresentation(lasting, whole, limits)));
}

/** A patch clears nothing that it does not name, whatever its caller has seen. */
const NOTHING_SEEN: Seen = { attribute: () => false, extension: () => false };

/** The schema, with other definitions of the attributes that a patch does not name: of the profile, and of these records. */
function withOthers(
  schema: CompiledSchema,
  given: Representation,
  records: PatchedRecords,
  other: (attribute: CompiledAttribute) => CompiledAttribute,
): CompiledSchema {
  const beside = (named: ReadonlySet<CompiledAttribute>) => (attribute: CompiledAttribute) =>
    named.has(attribute) ? attribute : other(attribute);
  const extensions = mapExtensions(schema, (extension) => {
    const record = records.get(extension);
    if (!record) return extension;
    const { attributes } = extension;
    return { ...extension, attributes: mapAttributes(attributes, beside(namedIn(attributes, record))) };
  });
  const attributes = mapAttributes(schema.attributes, beside(membersIn(schema, given).attributes));
  return { ...schema, ...extensions, attributes };
}

function recordsIn(schema: CompiledSchema, given: Representation): PatchedRecords {
  const records = new Map<CompiledExtension, Members>();
  mapExtensionMembers(schema, given, (extension, value) => {
    if (!extension.multiValued && isPlainObject(value)) records.set(extension, value);
    return value;
  });
  return records;
}

function membersBeside(
  { attributes }: CompiledExtension,
  stored: ExtensionRecord | undefined = {},
  given: Members,
): Members {
  const named = namedIn(attributes, given);
  return Object.fromEntries(
    Object.entries(stored).filter(([name]) => {
      const attribute = findByName(attributes.byName, name);
      return attribute !== undefined && !named.has(attribute);
    }),
  );
}

function namedIn({ byName }: CompiledAttributes, members: Members): ReadonlySet<CompiledAttribute> {
  return new Set(
    Object.keys(members).flatMap((name) => (members[name] === undefined ? [] : (findByName(byName, name) ?? []))),
  );
}

/** The representation, with other values of its extensions. Attributes have no names of extensions (R1). */
function mapExtensionMembers(
  schema: CompiledSchema,
  given: Representation,
  change: (extension: CompiledExtension, value: unknown) => unknown,
): Representation {
  const mapped = (members: Members) =>
    isPlainObject(members)
      ? Object.fromEntries(
          Object.entries(members).map(([name, value]) => {
            const extension = findByName(schema.extensionsByName, name);
            return [name, extension ? change(extension, value) : value];
          }),
        )
      : members;
  if (typeof given !== 'object' || given === null) return given;
  if ('members' in given) return { ...given, members: mapped(given.members) };
  return { ...given, extensions: given.extensions && mapped(given.extensions) };
}
