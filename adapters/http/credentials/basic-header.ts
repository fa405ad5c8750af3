/** The user name and password of a request. */
export interface NameAndPassword {
  readonly name: string;
  readonly password: string;
}

const FORM = /^basic +([A-Za-z0-9+/]+={0,2})$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 7617 forbids them
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Parses an `Authorization` header of RFC 7617 in UTF-8; returns `undefined` for any other. */
export function parseBasicHeader(header: string | null): NameAndPassword | undefined {
  const encoded = FORM.exec(header ?? '')?.[1];
  const text = encoded === undefined ? undefined : decodeUtf8(Buffer.from(encoded, 'base64'));
  // Only the password may contain colons.
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon < 0 || CONTROL.test(text)) return undefined;
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
