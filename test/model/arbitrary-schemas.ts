import type {
  AttributeDefinition,
  AttributeValue,
  ExtensionDefinition,
  ScalarValue,
  SchemaDefinition,
  ValueType,
} from 'dossier';
import fc from 'fast-check';
import { validValue } from './arbitrary-values.js';

/** A definition, with what the test knows about it. */
export interface ModelAttribute {
  readonly definition: AttributeDefinition;
  /** The default as stored. */
  readonly keptDefault: ScalarValue | readonly ScalarValue[] | undefined;
}

export interface ModelExtension {
  readonly definition: ExtensionDefinition;
  readonly attributes: readonly ModelAttribute[];
}

export interface ModelSchema {
  readonly definition: SchemaDefinition;
  readonly attributes: readonly ModelAttribute[];
  readonly extensions: readonly ModelExtension[];
}

const TYPES = ['string', 'boolean', 'integer', 'long', 'double', 'currency', 'date', 'datetime'] as const;

/** Names that a profile or a record may have, including members of JavaScript objects. */
const NAMES = ['First', 'a', 'B2', 'constructor', 'toString', 'hasOwnProperty', 'length', 'then', `x${'_'.repeat(63)}`];
const EXTENSION_NAMES = ['Phone', 'E', 'valueOf', 'toJSON'];

function attributeNamed(name: string, multiValuedAllowed: boolean): fc.Arbitrary<ModelAttribute> {
  return fc
    .record({
      type: fc.constantFrom<ValueType>(...TYPES),
      multiValued: multiValuedAllowed ? fc.boolean() : fc.constant(false),
      mandatory: fc.boolean(),
      length: fc.integer({ min: 40, max: 300 }),
    })
    .chain(({ type, multiValued, mandatory, length }) => {
      const definition: AttributeDefinition = {
        name,
        type,
        ...(multiValued && { multiValued }),
        ...(mandatory && { mandatory }),
        ...(type === 'string' && { length: Math.min(length, 256) }),
      };
      const value = validValue(type, definition.length);
      const values = fc.array(value, { minLength: 1, maxLength: 3 });
      const fallback: fc.Arbitrary<{ sent: unknown; kept: AttributeValue }> = multiValued
        ? values.map((list) => ({ sent: list.map(({ sent }) => sent), kept: list.map(({ kept }) => kept) }))
        : value;
      return fc.option(fallback, { nil: undefined }).map(
        (chosen): ModelAttribute => ({
          definition: chosen ? { ...definition, default: chosen.sent } : definition,
          keptDefault: chosen?.kept,
        }),
      );
    });
}

function attributesNamed(names: readonly string[], multiValuedAllowed: boolean): fc.Arbitrary<ModelAttribute[]> {
  return fc
    .subarray([...names], { maxLength: 5 })
    .chain((chosen) => fc.tuple(...chosen.map((name) => attributeNamed(name, multiValuedAllowed))));
}

function extensionNamed(name: string): fc.Arbitrary<ModelExtension> {
  return fc
    .record({ attributes: attributesNamed(NAMES, false), multiValued: fc.boolean() })
    .chain(({ attributes, multiValued }) =>
      fc.subarray(attributes.map((attribute) => attribute.definition.name)).map((unique): ModelExtension => {
        const definition: ExtensionDefinition = {
          name,
          type: multiValued ? 'multi-valued' : 'single-valued',
          attributes: attributes.map((attribute) => attribute.definition),
          ...(multiValued && unique.length > 0 && { unique }),
        };
        return { definition, attributes };
      }),
    );
}

/** Any schema with few definitions. */
export const modelSchema: fc.Arbitrary<ModelSchema> = fc
  .record({
    attributes: attributesNamed(NAMES, true),
    extensions: fc
      .subarray(EXTENSION_NAMES, { maxLength: 3 })
      .chain((names) => fc.tuple(...names.map((name) => extensionNamed(name)))),
  })
  .map(({ attributes, extensions }) => ({
    attributes,
    extensions,
    definition: {
      attributes: attributes.map(({ definition }) => definition),
      extensions: extensions.map(({ definition }) => definition),
    },
  }));
