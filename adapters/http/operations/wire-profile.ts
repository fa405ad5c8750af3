import { MalformedRequestError, type Profile } from 'dossier';
import type { JsonObject } from '../request-body.js';

/** A profile as one flat object: `customer_id`, then attributes, then extensions, each by name. */
export function flatProfile({ customerId, attributes, extensions }: Profile): JsonObject {
  return { customer_id: customerId, ...attributes, ...extensions };
}

/** The flat object without its `customer_id`, and that id where it is given. */
export interface SplitProfile {
  readonly customerId: string | undefined;
  readonly members: JsonObject;
}

/** @throws MalformedRequestError if `customer_id` is given and is no string */
export function splitCustomerId(body: JsonObject): SplitProfile {
  const { customer_id: customerId, ...members } = body;
  if (customerId !== undefined && typeof customerId !== 'string') {
    throw new MalformedRequestError('The customer_id in the body must be a string.');
  }
  return { customerId, members };
}

/**
 * The members of a body about a profile that the URL names, without `customer_id`.
 *
 * @throws MalformedRequestError if it is given and is not the one in the URL (W2)
 */
export function membersFor(id: string, body: JsonObject): JsonObject {
  const { customerId = id, members } = splitCustomerId(body);
  if (customerId !== id) throw new MalformedRequestError('The customer_id in the body must be the one in the URL.');
  return members;
}
