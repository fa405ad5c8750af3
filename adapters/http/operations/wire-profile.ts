import { MalformedRequestError, type Profile } from 'dossier';
import { segmentHeader } from '../change-context.js';
import { entityTag, readingTag } from '../entity-tags.js';
import type { JsonObject } from '../request-body.js';

/** A profile as one flat JSON object: `customer_id`, then attributes by name, then extensions by name. */
export function flatProfile({ customerId, attributes, extensions }: Profile): JsonObject {
  return { customer_id: customerId, ...attributes, ...extensions };
}

/** The headers of a response without the profile: its bare revision (W3), and its segment if it has one (W1). */
export function profileHeaders(profile: Profile): Record<string, string> {
  return { etag: entityTag(profile.revision), ...segmentHeader(profile) };
}

/** The headers of a response whose body is the profile: the tag names what it shows (W3). */
export function readingHeaders(profile: Profile): Record<string, string> {
  return { etag: readingTag(profile), ...segmentHeader(profile) };
}

/** A flat object split into its `customer_id`, if present, and the other members. */
export interface SplitProfile {
  readonly customerId: string | undefined;
  readonly members: JsonObject;
}

/** @throws MalformedRequestError if `customer_id` is present and not a string */
export function splitCustomerId(body: JsonObject): SplitProfile {
  const { customer_id: customerId, ...members } = body;
  if (customerId !== undefined && typeof customerId !== 'string') {
    throw new MalformedRequestError('The member customer_id must be a string.');
  }
  return { customerId, members };
}

/**
 * The members of a body without `customer_id`, for a profile whose id is in the URL.
 *
 * @throws MalformedRequestError if `customer_id` is present and differs from the URL (W2)
 */
export function membersFor(id: string, body: JsonObject): JsonObject {
  const { customerId = id, members } = splitCustomerId(body);
  if (customerId !== id) {
    throw new MalformedRequestError('The member customer_id must equal the id in the URL. Correct it or leave it out.');
  }
  return members;
}
