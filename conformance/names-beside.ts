/** What a store may call what it keeps beside profiles and entries, so that an id or a key of the same name meets it. */
export const NAMES_BESIDE = [
  'schema',
  'schemas',
  'profiles',
  'ids',
  'index',
  'keys',
  'entries',
  'version',
  'meta',
] as const;
