/** `langtag` of RFC 5646: language, extended languages, script, region, variants, extensions, private use. */
const LANGTAG = [
  '(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})',
  '(?:-[a-z]{4})?',
  '(?:-(?:[a-z]{2}|[0-9]{3}))?',
  '(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*',
  '(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*',
  '(?:-x(?:-[a-z0-9]{1,8})+)?',
].join('');

const PRIVATE_USE = 'x(?:-[a-z0-9]{1,8})+';

/** Registered before RFC 4646, and not of the form above. Those that are of that form need no mention. */
const IRREGULAR = [
  'en-GB-oed',
  'sgn-(?:BE-FR|BE-NL|CH-DE)',
  'i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)',
].join('|');

/** A well-formed language tag of BCP 47 (RFC 5646 §2.1), whether or not its subtags are registered. */
export const LANGUAGE_TAG = new RegExp(`^(?:${LANGTAG}|${PRIVATE_USE}|${IRREGULAR})$`, 'i');
