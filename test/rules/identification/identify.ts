import type { IdentificationKeyDefinition, SchemaDefinition } from 'dossier';
import type { StoredContent } from 'dossier/storage';
import type { StoredKeyDefinition } from '../../../src/model/stored-schema.js';
import { type CompiledKey, type CompiledSchema, compileSchema } from '../../../src/rules/compiled-schema.js';
import { entryChanges } from '../../../src/rules/identification/entries.js';

/** A stored schema with identification keys, complete except for the named ones, which are backfilling. */
export function compile(
  { attributes, extensions = [], identificationKeys = [] }: SchemaDefinition,
  backfilling: readonly string[] = [],
): CompiledSchema {
  const keys = identificationKeys.map((key, index): StoredKeyDefinition => {
    const stored = { ...key, index: `${key.name}#${index}` };
    return backfilling.includes(key.name) ? { ...stored, filling: true } : stored;
  });
  return compileSchema(1, { attributes, extensions, identificationKeys: keys });
}

/** The compiled only key of a schema. */
export function compileKey(definitions: SchemaDefinition, key: IdentificationKeyDefinition): CompiledKey {
  const [compiled] = compile({ ...definitions, identificationKeys: [key] }).keys;
  if (!compiled) throw new Error('The key does not fit the schema.');
  return compiled;
}

/** The digests of all index entries of a profile. */
export function digests(schema: CompiledSchema, profile: StoredContent): string[] {
  return entryChanges(schema, undefined, profile).addEntries.map(({ digest }) => digest);
}
