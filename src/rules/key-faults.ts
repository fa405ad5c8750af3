import { type IdentificationKeyDefinition, PROFILE, type SchemaDefinition } from '../model/schema.js';
import { pointerTo, type Violations } from '../model/violation.js';
import { foldName } from './names.js';
import type { IsWellFormed } from './schema-faults.js';

/** Reports where the definition of an identification key does not fit its schema (R18). */
export function findKeyFaults(
  schema: SchemaDefinition,
  key: IdentificationKeyDefinition,
  pointer: string,
  isWellFormed: IsWellFormed,
  violations: Violations,
): void {
  if (!isWellFormed(pointerTo(pointer, 'source')) || !isWellFormed(pointerTo(pointer, 'attributes'))) return;
  const declared = attributesOfSource(schema, key.source ?? PROFILE);
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

/** The folded names of the attributes of a source; `undefined` if the schema has no such source. */
function attributesOfSource(schema: SchemaDefinition, source: string): ReadonlySet<string> | undefined {
  const folded = foldName(source);
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
