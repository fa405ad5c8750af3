const UNRESERVED = "[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2}";
const PATH_CHARACTER = `(?:${UNRESERVED}|[:@])`;

/** `hier-part` of RFC 3986 from the `//` on: user, host and port. */
const AUTHORITY = `(?:(?:${UNRESERVED}|:)*@)?(?:\\[([^\\]]*)\\]|(?:${UNRESERVED})*)(?::[0-9]*)?`;

const URI = new RegExp(
  [
    '^[A-Za-z][A-Za-z0-9+.-]*:',
    `(?://${AUTHORITY}(?:/${PATH_CHARACTER}*)*|/?(?:${PATH_CHARACTER}+(?:/${PATH_CHARACTER}*)*)?)`,
    `(?:\\?(?:${PATH_CHARACTER}|[/?])*)?`,
    `(?:#(?:${PATH_CHARACTER}|[/?])*)?$`,
  ].join(''),
);

const IP_FUTURE = /^v[0-9a-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+$/i;

/** An absolute URI with or without a fragment (RFC 3986 §3). */
export function isAbsoluteUri(text: string): boolean {
  const match = URI.exec(text);
  if (!match) return false;
  const literal = match[1];
  return literal === undefined || IP_FUTURE.test(literal) || isIpv6(literal);
}

const IPV6_CHARACTERS = /^[0-9A-Fa-f:.]+$/;

function isIpv6(literal: string): boolean {
  return IPV6_CHARACTERS.test(literal) && URL.canParse(`http://[${literal}]`);
}
