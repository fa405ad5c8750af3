import type {
  SchemaParts,
  StoredAttributeDefinition,
  StoredExtensionDefinition,
  StoredSchema,
} from '../model/stored-schema.js';
import { predecessorsOf, storedNames } from './former-names.js';
import { indexByName } from './names.js';

type Numbered<Definition> = Definition & { readonly number: number };

/** A schema of which all definitions of attributes and extensions have a number. */
export interface NumberedSchema extends StoredSchema {
  readonly attributes: readonly Numbered<StoredAttributeDefinition>[];
  readonly extensions: readonly Numbered<StoredExtensionDefinition>[];
  readonly lastNumber: number;
}

/** The most that a schema remembers, about as much text as a thousand definitions. */
const MAX_RETIRED_NAMES = 1_000;

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
 * the latter, which may have come back (R23). A renamed one goes on, and what was shown under the former name counts as
 * shown (R26). One that joins another one does not, nor one with a name, present or former, under which values may stand
 * that were not shown: residual ones.
 */
export function renumbered(current: StoredSchema, next: StoredSchema): NumberedSchema {
  const before = numbered(current);
  let { lastNumber } = before;
  const used = before.retiredNames && new Set([...before.retiredNames, ...namesOf(before)]);
  const mayHaveValues = (name: string) => used?.has(name) ?? true;
  const number = <Definition extends StoredAttributeDefinition | StoredExtensionDefinition>(
    former: readonly Numbered<Definition>[],
    definitions: readonly Definition[],
  ): Numbered<Definition>[] => {
    const byName = indexByName(former);
    return definitions.map((definition) => {
      const [same, joined] = predecessorsOf(byName, definition);
      const goesOn =
        same && !joined && isSameType(same, definition) && !addedNames(same, definition).some(mayHaveValues);
      return { ...definition, number: goesOn ? same.number : ++lastNumber };
    });
  };
  const attributes = number(before.attributes, next.attributes);
  const extensions = number(before.extensions, next.extensions);
  const { retiredNames: _, ...rest } = next;
  return { ...rest, attributes, extensions, lastNumber, ...(used && retired(used, next)) };
}

type Definition = StoredAttributeDefinition | StoredExtensionDefinition;

/** Whether two definitions have the same type and multiplicity, so that the same values fit them (R23). */
export function isSameType(one: Definition, other: Definition): boolean {
  return one.type === other.type && isMultiValued(one) === isMultiValued(other);
}

function addedNames(before: Definition, after: Definition): readonly string[] {
  const known = new Set(storedNames(before));
  return storedNames(after).filter((name) => !known.has(name));
}

function namesOf({ attributes, extensions }: SchemaParts): readonly string[] {
  return [...attributes, ...extensions].flatMap(storedNames);
}

function retired(used: ReadonlySet<string>, next: SchemaParts): Pick<StoredSchema, 'retiredNames'> {
  const names = new Set(namesOf(next));
  const retiredNames = [...used].filter((name) => !names.has(name));
  return retiredNames.length > MAX_RETIRED_NAMES ? {} : { retiredNames };
}

function isMultiValued(definition: { readonly multiValued?: boolean | undefined } | object): boolean {
  return 'multiValued' in definition && definition.multiValued === true;
}
