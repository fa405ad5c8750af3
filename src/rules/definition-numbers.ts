import type { StoredAttributeDefinition, StoredExtensionDefinition, StoredSchema } from '../model/stored-schema.js';
import { foldName, indexByName } from './names.js';

type Numbered<Definition> = Definition & { readonly number: number };

/** A schema of which all definitions of attributes and extensions have a number. */
export interface NumberedSchema extends StoredSchema {
  readonly attributes: readonly Numbered<StoredAttributeDefinition>[];
  readonly extensions: readonly Numbered<StoredExtensionDefinition>[];
  readonly lastNumber: number;
}

/** Numbers the definitions of a stored schema: those of version 0.1, which have no numbers, by their order. */
export function numbered(schema: StoredSchema): NumberedSchema {
  const { lastNumber } = schema;
  if (lastNumber !== undefined) return schema as NumberedSchema;
  const attributes = schema.attributes.map((definition, index) => ({ ...definition, number: index + 1 }));
  const extensions = schema.extensions.map((definition, index) => {
    return { ...definition, number: attributes.length + index + 1 };
  });
  return { ...schema, attributes, extensions, lastNumber: attributes.length + extensions.length };
}

/**
 * Numbers the definitions of the next schema (R22). One that goes on keeps its number. One that is new gets another, as
 * one does whose type or multiplicity changes: what a caller has seen by the former one says nothing of values that fit
 * the latter, which may have come back (R23).
 */
export function renumbered(current: StoredSchema, next: StoredSchema): NumberedSchema {
  const before = numbered(current);
  let { lastNumber } = before;
  const number = <Definition extends StoredAttributeDefinition | StoredExtensionDefinition>(
    former: readonly Numbered<Definition>[],
    definitions: readonly Definition[],
  ): Numbered<Definition>[] => {
    const byName = indexByName(former);
    return definitions.map((definition) => {
      const same = byName.get(foldName(definition.name));
      const isSame = same?.type === definition.type && isMultiValued(same) === isMultiValued(definition);
      return { ...definition, number: isSame ? same.number : ++lastNumber };
    });
  };
  const attributes = number(before.attributes, next.attributes);
  const extensions = number(before.extensions, next.extensions);
  return { ...next, attributes, extensions, lastNumber };
}

function isMultiValued(definition: { readonly multiValued?: boolean | undefined } | object): boolean {
  return 'multiValued' in definition && definition.multiValued === true;
}
