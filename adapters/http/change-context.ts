import { type ChangeContext, MalformedRequestError, type Profile } from 'dossier';
import type { Principal } from './access.js';

/** The request headers of a change's context: its segment (W1), and who makes it and why (W13, C4). */
export const CONTEXT_HEADERS = [
  'X-Genesys-Segment',
  'X-Genesys-Actor',
  'X-Genesys-Reason',
  'X-Genesys-Origin',
] as const;

const [SEGMENT, ACTOR, REASON, ORIGIN] = CONTEXT_HEADERS;

/** What the services accept as an actor or a reason (H1), and as an origin (C4). */
const NOTE = /^[^\p{Cc}\p{Cs}]{1,256}$/u;
const ORIGIN_NOTE = /^[^\p{Cc}\p{Cs}]{1,64}$/u;

/**
 * The segment of a request, if it sets one and the caller may (W1); and who makes its changes, and why (W13): what the
 * headers say, if the caller may; otherwise the principal. Each caller may name its system (C4).
 *
 * @param principal `undefined` if the host does not authenticate
 * @throws MalformedRequestError if a header is not percent-encoded UTF-8, or breaks the limits
 */
export function changeContextOf(headers: Headers, principal: Principal | undefined): ChangeContext {
  const { name, maySetActor = false, maySetSegment = false } = principal ?? {};
  const segment = maySetSegment ? (headers.get(SEGMENT) ?? undefined) : undefined;
  const own = name !== undefined && NOTE.test(name) ? name : undefined;
  const origin = headers.get(ORIGIN) === '' ? undefined : noteIn(headers, ORIGIN, ORIGIN_NOTE, 64);
  if (!maySetActor) return { segment, actor: own, origin };
  const actor = noteIn(headers, ACTOR, NOTE, 256) ?? own;
  return { segment, actor, reason: noteIn(headers, REASON, NOTE, 256), origin };
}

/** The response header with a profile's segment, if it has one (W1). */
export function segmentHeader({ segment }: Profile): Record<string, string> {
  return segment === undefined ? {} : { 'x-genesys-segment': segment };
}

function noteIn(headers: Headers, header: string, form: RegExp, most: number): string | undefined {
  const encoded = headers.get(header);
  if (encoded === null) return undefined;
  const note = decode(encoded);
  if (note !== undefined && form.test(note)) return note;
  throw new MalformedRequestError(
    `The header ${header} must be percent-encoded UTF-8 of 1 to ${most} code points without control characters.`,
  );
}

/** Header values are bytes: those beyond ASCII have no encoding that both sides know. */
function decode(encoded: string): string | undefined {
  if (!/^[ -~]*$/.test(encoded)) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
