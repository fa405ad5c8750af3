import { type Attribution, MalformedRequestError } from 'dossier';
import type { Principal } from './principal.js';

/** What the services accept as an actor or a reason (H1). */
const NOTE = /^[^\p{Cc}\p{Cs}]{1,256}$/u;

/**
 * Who makes the changes of a request, and why (W13): what the headers say, if the caller may; otherwise the principal.
 *
 * @param principal `undefined` if the host does not authenticate
 * @throws MalformedRequestError if a header is not percent-encoded UTF-8, or breaks the limits
 */
export function attributionOf(headers: Headers, principal: Principal | undefined): Attribution {
  const { name, maySetActor = false } = principal ?? {};
  const own = name !== undefined && NOTE.test(name) ? name : undefined;
  if (!maySetActor) return { actor: own };
  return { actor: noteIn(headers, 'X-Genesys-Actor') ?? own, reason: noteIn(headers, 'X-Genesys-Reason') };
}

function noteIn(headers: Headers, header: string): string | undefined {
  const encoded = headers.get(header);
  if (encoded === null) return undefined;
  const note = decode(encoded);
  if (note !== undefined && NOTE.test(note)) return note;
  throw new MalformedRequestError(
    `The header ${header} must be percent-encoded UTF-8 of 1 to 256 code points without control characters.`,
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
