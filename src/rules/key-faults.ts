import { type IdentificationKeyDefinition, PROFILE, type SchemaDefinition } from '../model/schema.js';
import { pointerTo, type Violations } from '../model/violation.js';
import { foldName } from './names.js';
import type { IsWellFormed } from './schema-faults.js';

/** The folded names of the attributes that a key may use, by its source; `undefined` where there is no such source. */
export type KeySources = (source: string) => ReadonlySet<string> | undefined;

/** The sources of a schema, of which each is looked through once, however many keys are on it. */
export function keySources(schema: SchemaDefinition): KeySources {
  const known = new Map<string, ReadonlySet<string> | undefined>();
  return (source) => {
    const folded = foldName(source);
    if (!known.has(folded)) known.set(folded, attributesOfSource(schema, folded));
    return known.get(folded);
  };
}

/** Reports where the definition of an identification key does not fit its schema (R18). */
export function findKeyFaults(
  sources: KeySources,
  key: IdentificationKeyDefinition,
  pointer: string,
  isWellFormed: IsWellFormed,
  violations: Violations,
): void {
  if (!isWellFormed(pointerTo(pointer, 'source')) || !isWellFormed(pointerTo(pointer, 'attributes'))) return;
  const declared = sources(key.source ?? PROFILE);
  if (!declared) {
    violations.add(pointerTo(pointer, 'source'), 'R18', '`profile`, or the name of an extension of the schema');
    return;
  }
  const seen = new Set<string>();
  for (const [index, name] of key.attributes.entries()) {
    const at = pointerTo(pointerTo(pointer, 'attributes'), index);
    if (!declared.has(foldName(name))) violations.add(at, 'R18', 'the name of an attribute of the source');
    else if (seen.has(foldName(name))) violations.add(at, 'R18', 'each name once, ignoring case');
    seen.add(foldName(name));
  }
}

function attributesOfSource(schema: SchemaDefinition, folded: string): ReadonlySet<string> | undefined {
  const definitions =
    folded === PROFILE
      ? schema.attributes
      : schema.extensions?.find((extension) => isNamed(extension, folded))?.attributes;
  return Array.isArray(definitions) ? new Set(definitions.flatMap(namesOf)) : undefined;
}

function isNamed(definition: { readonly name: unknown } | null, folded: string): boolean {
  return typeof definition?.name === 'string' && foldName(definition.name) === folded;
}

/** Skips definitions whose form is wrong: that is reported elsewhere. */
function namesOf(definition: { readonly name: unknown } | null): string[] {
  return typeof definition?.name === 'string' ? [foldName(definition.name)] : [];
}
