import type { StoredContent } from '../model/documents.js';
import type { Representation } from '../model/representation.js';
import { pointerTo, type Violation } from '../model/violation.js';
import { checkRepresentation, membersIn, type RepresentationCheck } from './check-representation.js';
import type { CompiledAttribute, CompiledExtension, CompiledSchema } from './compiled-schema.js';
import type { Decision } from './decision.js';
import type { ProfileLimits } from './profile-limits.js';
import { givenExtensions, projectAttributesDocument, projectExtensionsDocument } from './projection.js';
import { decideReplacement } from './replacement.js';

/** What the caller has seen of a profile. */
export interface Seen {
  attribute(attribute: CompiledAttribute): boolean;
  extension(extension: CompiledExtension): boolean;
}

/** Whether the caller has seen everything that a replacement by the representation would take away. */
export function hasSeenAll(schema: CompiledSchema, seen: Seen, givesExtensions: boolean): boolean {
  return (
    schema.attributes.inOrder.every((attribute) => seen.attribute(attribute)) &&
    (!givesExtensions || schema.extensions.every((extension) => seen.extension(extension)))
  );
}

/**
 * Decides a replacement by a caller who has seen a part of the profile (R22). It replaces what was seen and what is given;
 * everything else stays. The result is checked as a whole.
 */
export function decidePartialReplacement(
  schema: CompiledSchema,
  current: StoredContent,
  representation: Representation,
  seen: Seen,
  limits: ProfileLimits,
): Decision {
  const completed = completeRepresentation(schema, current, representation, seen);
  const decision = decideReplacement(schema, current, checkRepresentation(schema, completed, limits));
  return refusedAsWhole(decision);
}

/** What was given is valid by itself: a refusal concerns the profile as a whole. */
export function refusedAsWhole(decision: Decision): Decision {
  return decision.kind === 'refused' ? { ...decision, ofWhole: true } : decision;
}

/**
 * The violations in what is given (R22): all that the check of the representation has found, but for mandatory
 * attributes that are missing and were not seen, since they may be stored.
 */
export function violationsInGiven(
  schema: CompiledSchema,
  check: RepresentationCheck,
  seen: Seen,
): readonly Violation[] {
  if (check.valid) return [];
  const unseen = schema.attributes.inOrder.filter((attribute) => attribute.mandatory && !seen.attribute(attribute));
  const pointers = new Set(unseen.flatMap(({ name }) => [pointerTo('', name), pointerTo('/attributes', name)]));
  return check.violations.filter(({ rule, pointer }) => rule !== 'R9' || !pointers.has(pointer));
}

/** Adds what is stored and was neither seen nor given. */
export function completeRepresentation(
  schema: CompiledSchema,
  { attributes, extensions = {}, residual }: StoredContent,
  representation: Representation,
  seen: Seen,
): Representation {
  const given = membersIn(schema, representation);
  const stored = projectAttributesDocument(schema.attributes, attributes, residual?.attributes);
  const keptAttributes = schema.attributes.inOrder.filter((one) => !seen.attribute(one) && !given.attributes.has(one));
  const ofAttributes = membersOf(keptAttributes, stored);
  const records = projectExtensionsDocument(schema, extensions, residual?.extensions);
  const keptExtensions = schema.extensions.filter((one) => !seen.extension(one) && !given.extensions.has(one));
  const ofExtensions = given.hasExtensions ? membersOf(keptExtensions, records) : {};
  // What is stored comes last: a member that is undefined is not given.
  if ('members' in representation) {
    return { members: { ...representation.members, ...ofAttributes, ...givenExtensions(schema, ofExtensions) } };
  }
  return {
    attributes: { ...representation.attributes, ...ofAttributes },
    extensions: representation.extensions && { ...representation.extensions, ...givenExtensions(schema, ofExtensions) },
  };
}

function membersOf<Value>(
  definitions: readonly { readonly name: string }[],
  document: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const members: Record<string, Value> = {};
  for (const { name } of definitions) {
    if (Object.hasOwn(document, name)) members[name] = document[name] as Value;
  }
  return members;
}
