import { type Attribution, MalformedRequestError } from 'dossier';
import type { Principal } from './principal.js';

/** What the services accept as an actor or a reason (H1), and as an origin (C4). */
const NOTE = /^[^\p{Cc}\p{Cs}]{1,256}$/u;
const ORIGIN = /^[^\p{Cc}\p{Cs}]{1,64}$/u;

/**
 * Who makes the changes of a request, and why (W13): what the headers say, if the caller may; otherwise the principal. Each
 * caller may name its system (C4).
 *
 * @param principal `undefined` if the host does not authenticate
 * @throws MalformedRequestError if a header is not percent-encoded UTF-8, or breaks the limits
 */
export function attributionOf(headers: Headers, principal: Principal | undefined): Attribution {
  const { name, maySetActor = false } = principal ?? {};
  const own = name !== undefined && NOTE.test(name) ? name : undefined;
  const origin = headers.get('X-Genesys-Origin') === '' ? undefined : noteIn(headers, 'X-Genesys-Origin', ORIGIN, 64);
  if (!maySetActor) return { actor: own, origin };
  const [actor, reason] = ['X-Genesys-Actor', 'X-Genesys-Reason'].map((header) => noteIn(headers, header, NOTE, 256));
  return { actor: actor ?? own, reason, origin };
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
