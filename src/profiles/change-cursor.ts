import { createHash } from 'node:crypto';
import { MalformedRequestError } from '../errors.js';

/** In the place of a tenant, which is never empty: the feed of all tenants. */
const ALL_TENANTS = '';

const CURSOR = /^([0-9a-z]{1,11})-([A-Za-z0-9_-]{11})$/;

/**
 * The text that stands for a position in a feed. It tells a position of one tenant alone, and fits no other feed.
 *
 * @param tenantId `undefined` for the feed of all tenants
 */
export function cursorAt(tenantId: string | undefined, position: number): string {
  return `${position.toString(36)}-${sealOf(tenantId, position)}`;
}

/** @throws MalformedRequestError if the text is no cursor of this feed */
export function positionOf(tenantId: string | undefined, cursor: unknown): number {
  const [, digits = '', seal] = typeof cursor === 'string' ? (CURSOR.exec(cursor) ?? []) : [];
  const position = Number.parseInt(digits, 36);
  if (Number.isSafeInteger(position) && sealOf(tenantId, position) === seal) return position;
  throw new MalformedRequestError(
    '`after` must be a cursor of this feed: the `next` of a page, or the cursor of a line.',
  );
}

/** Tells a mistake, such as the cursor of another tenant. It keeps nothing secret. */
function sealOf(tenantId = ALL_TENANTS, position: number): string {
  return createHash('sha256').update(`dossier/changes ${position} ${tenantId}`).digest('base64url').slice(0, 11);
}
