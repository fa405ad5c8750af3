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
