const MAX_NAME = 64;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

const RESERVED: ReadonlySet<string> = new Set([
  'customer_id',
  'id_key',
  'include_profile',
  'extensions',
  'include_extensions',
  'profile',
  'segment',
]);

/** The form of a name, for messages (R1). */
export const EXPECTED_NAME = 'a letter, then at most 63 letters, digits or underscores';

/** Whether a value has the form of a name (R1). `__proto__` has not, since a name begins with a letter (R2). */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}

/** Whether the wire format reserves a name, in any case (R1). */
export function isReservedName(name: string): boolean {
  return RESERVED.has(foldName(name));
}

/**
 * Folds a name for case-insensitive comparison (R1). Only ASCII letters are folded: `toLowerCase` would also turn the
 * Kelvin sign U+212A into `k`, and so accept a name that is not ASCII.
 */
export function foldName(name: string): string {
  // No name is so long, nor two joined by a dot: do not fold megabytes.
  if (name.length > 2 * MAX_NAME + 1) return name;
  // The fast path: for ASCII, `toLowerCase` gives the same result.
  if (/^\w*$/.test(name)) return name.toLowerCase();
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Finds a definition by its name, ignoring case. */
export function findNamed<Named extends { readonly name: string }>(
  definitions: readonly Named[],
  name: string,
): Named | undefined {
  const folded = foldName(name);
  return definitions.find((definition) => foldName(definition.name) === folded);
}

/** Definitions by their folded names, to look several of them up; of two with one name, the first. */
export function indexByName<Named extends { readonly name: string }>(
  definitions: readonly Named[],
): ReadonlyMap<string, Named> {
  const index = new Map<string, Named>();
  for (const definition of definitions) {
    const folded = foldName(definition.name);
    if (!index.has(folded)) index.set(folded, definition);
  }
  return index;
}

/** Finds an entry of a map that contains declared and folded names: by the exact name first, then by the folded one. */
export function findByName<Declared>(declared: ReadonlyMap<string, Declared>, name: string): Declared | undefined {
  return declared.get(name) ?? declared.get(foldName(name));
}
