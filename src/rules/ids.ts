import { MalformedRequestError } from '../errors.js';

const ID = /^[A-Za-z0-9._~-]{1,64}$/;

/** The form of a customer id, for messages. */
export const CUSTOMER_ID_FORM = 'a customer id: 1 to 64 characters of A-Z a-z 0-9 . _ ~ -';

/** Whether a value has the form of a customer id. */
export function isCustomerId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

/**
 * Checks a tenant id. It has the form of a customer id, so that every storage compares it byte for byte (R17).
 *
 * @throws MalformedRequestError
 */
export function checkTenantId(tenantId: string): void {
  if (typeof tenantId !== 'string' || !ID.test(tenantId)) {
    throw new MalformedRequestError('`tenantId` must have 1 to 64 characters of A-Z a-z 0-9 . _ ~ -');
  }
}
