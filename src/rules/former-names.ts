import { type AttributeDefinition, type IdentificationKeyDefinition, PROFILE } from '../model/schema.js';
import type { SchemaParts } from '../model/stored-schema.js';
import { foldName, indexByName } from './names.js';

/** The most former names of one definition, those that it takes in included. */
export const MAX_FORMER_NAMES = 100;

/** A definition that may have been renamed (R26). */
export type Renamable = Pick<AttributeDefinition, 'name' | 'formerly'>;

/** The folded names under which values may be stored: the present one, then the former ones in their order. */
export function storedNames({ name, formerly = [] }: Renamable): readonly string[] {
  return [name, ...formerly].map(foldName);
}

/** Definitions by each of their stored names. */
export function indexByStoredName<Definition extends Renamable>(
  definitions: readonly Definition[],
): ReadonlyMap<string, Definition> {
  return new Map(definitions.flatMap((one) => storedNames(one).map((name): [string, Definition] => [name, one])));
}

/**
 * The definitions that a definition of the next schema goes on from: the one of its name, and those that it renames. More
 * than one where it joins them.
 *
 * @param current the definitions of the current schema, by folded name
 */
export function predecessorsOf<Definition extends Renamable>(
  current: ReadonlyMap<string, Definition>,
  definition: Renamable,
): readonly Definition[] {
  return storedNames(definition).flatMap((name) => current.get(name) ?? []);
}

/**
 * The next definitions, with the former names that they take in: those of the current definition that a former name names,
 * by its present name or by a former one, so that declaring the same again changes nothing.
 */
export function takeInFormerNames<Parts extends SchemaParts>(current: SchemaParts, next: Parts): Parts {
  const taken = new Set([...next.attributes, ...next.extensions].flatMap(storedNames));
  const extensionsByName = indexByName(current.extensions);
  const attributes = takeIn(current.attributes, next.attributes, taken);
  const extensions = takeIn(current.extensions, next.extensions, taken).map((extension) => {
    const before = predecessorsOf(extensionsByName, extension).flatMap((one) => one.attributes);
    const takenThere = new Set(extension.attributes.flatMap(storedNames));
    return { ...extension, attributes: takeIn(before, extension.attributes, takenThere) };
  });
  return { ...next, attributes, extensions };
}

/** @param taken the names that other definitions of the next schema have, or had formerly */
function takeIn<Definition extends Renamable>(
  current: readonly Renamable[],
  next: readonly Definition[],
  taken: Set<string>,
): readonly Definition[] {
  const byStoredName = indexByStoredName(current);
  const isFree = (name: string) => taken.size < taken.add(foldName(name)).size;
  return next.map((definition) => {
    if (!definition.formerly?.length) return definition;
    const formerly = definition.formerly.flatMap((name) => {
      const inherited = byStoredName.get(foldName(name))?.formerly ?? [];
      return [name, ...inherited.filter(isFree)];
    });
    return { ...definition, formerly };
  });
}

/** Keys with their source and attributes named as the next schema names them. What goes keeps its name. */
export function renameKeys<Key extends IdentificationKeyDefinition>(keys: readonly Key[], next: SchemaParts): Key[] {
  const extensions = indexByStoredName(next.extensions);
  const ofProfile = indexByStoredName(next.attributes);
  const ofExtensions = new Map(next.extensions.map((one) => [one, indexByStoredName(one.attributes)]));
  return keys.map((key) => {
    const { source = PROFILE } = key;
    const extension = extensions.get(foldName(source));
    const attributes = foldName(source) === PROFILE ? ofProfile : extension && ofExtensions.get(extension);
    if (attributes === undefined) return key;
    return {
      ...key,
      ...(extension && { source: presentName(extension, source) }),
      attributes: key.attributes.map((name) => presentName(attributes.get(foldName(name)), name)),
    };
  });
}

/** The name of the definition, if it is another one than what it was called. */
function presentName(definition: Renamable | undefined, called: string): string {
  return definition && foldName(definition.name) !== foldName(called) ? definition.name : called;
}
