const MAX_NAME = 64;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

const RESERVED: ReadonlySet<string> = new Set([
  'customer_id',
  'id_key',
  'include_profile',
  'extensions',
  'include_extensions',
  'profile',
]);

/** What a name must look like, in words (R1). */
export const EXPECTED_NAME = 'a letter, then at most 63 letters, digits or underscores';

/** Whether a value is a name by its form (R1). `__proto__` is none, since a name begins with a letter (R2). */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}

/** Whether a name, in any case, is one that the wire format uses itself (R1). */
export function isReservedName(name: string): boolean {
  return RESERVED.has(foldName(name));
}

/**
 * The form in which two names that differ in case alone are equal (R1). Only ASCII letters are folded:
 * `toLowerCase` would also turn the Kelvin sign U+212A into `k`, and so let a foreign name in.
 */
export function foldName(name: string): string {
  // No name is so long, nor two with a dot between them; megabytes would be folded for nothing.
  if (name.length > 2 * MAX_NAME + 1) return name;
  // Without foreign letters both are the same, and this takes a fraction of the time.
  if (/^\w*$/.test(name)) return name.toLowerCase();
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Finds the one of some definitions that has a name, without regard to case. */
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

/** Finds what is declared under a name, by exactly that name or by the folded one. */
export function findByName<Declared>(declared: ReadonlyMap<string, Declared>, name: string): Declared | undefined {
  return declared.get(name) ?? declared.get(foldName(name));
}
