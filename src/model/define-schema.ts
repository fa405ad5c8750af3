import type {
  AttributeDefinition,
  ExtensionDefinition,
  ExtensionType,
  IdentificationKeyDefinition,
  PROFILE,
  SchemaDefinition,
  ValueType,
} from './schema.js';
import type { SentTypes } from './typed-schema.js';

/**
 * Declares a schema whose names and types the compiler knows, for `Infer`, `InferInput` and `dossier.tenant`.
 *
 * ```ts
 * const customerSchema = defineSchema({
 *   attributes: [{ name: 'Name', type: 'string', mandatory: true }],
 *   extensions: [{ name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }] }],
 *   identificationKeys: [{ name: 'byPhone', source: 'Phone', attributes: ['Number'] }],
 * });
 * ```
 *
 * The compiler refuses unknown members, unknown types, defaults, bounds and choices of the wrong type, and undeclared names in `unique`,
 * `source` and the attributes of a key. `schemas.define` reports all other faults, such as a repeated name.
 * `formerly` has no effect on the types: a former name is no name (R26).
 *
 * @param schema a literal, inline or `as const`, so that its names and types are literal types
 * @returns the same object, unchanged
 */
export function defineSchema<const S extends LooseSchema>(
  // An intersection of S and the check would be reported as `never`; without the mapped type, no literals are inferred.
  schema: (S extends CheckedSchema<S> ? S : CheckedSchema<S>) & { readonly [M in keyof S]: unknown },
): S {
  return schema as S;
}

// The constraint of the inferred type: loose, so that the checks below report faults instead of TypeScript.

type Loose<Literal extends string> = Literal | (string & {});

interface LooseAttribute extends Omit<AttributeDefinition, 'type'> {
  readonly type: Loose<ValueType>;
}

interface LooseExtension extends Omit<ExtensionDefinition, 'type' | 'attributes'> {
  readonly type: Loose<ExtensionType>;
  readonly attributes: readonly LooseAttribute[];
}

interface LooseSchema extends Omit<SchemaDefinition, 'attributes' | 'extensions'> {
  readonly attributes: readonly LooseAttribute[];
  readonly extensions?: readonly LooseExtension[] | undefined;
}

type Widened<
  What extends string,
  To extends string = 'string',
> = `dossier: declare the schema inline or \`as const\`; ${What} was widened to ${To}`;

type NoSuchMember<What extends string> = `dossier: ${What} has no such member`;

/** The schema's type, with the expected type, or a message, in the place of each faulty part. */
type CheckedSchema<S extends LooseSchema> = LooseSchema extends S
  ? // Nothing was inferred, since not even the shape is right: the plain types tell what is wrong.
    SchemaDefinition
  : {
      readonly [M in keyof S]: M extends keyof SchemaDefinition
        ? CheckedPart<S, M, S[M]>
        : NoSuchMember<'a schema definition'>;
    };

type CheckedPart<S extends LooseSchema, M extends keyof SchemaDefinition, Part> = M extends 'attributes'
  ? CheckedAttributes<Part, 'an attribute'>
  : M extends 'extensions'
    ? CheckedExtensions<Part>
    : CheckedKeys<S, Part>;

// Mapped types over a type parameter preserve tuples and `undefined`.

type CheckedAttributes<List, What extends string> = { readonly [I in keyof List]: CheckedAttribute<List[I], What> };

type CheckedExtensions<List> = { readonly [I in keyof List]: CheckedExtension<List[I]> };

type CheckedKeys<S extends LooseSchema, List> = { readonly [I in keyof List]: CheckedKey<S, List[I]> };

type CheckedNames<List, Names extends string> = { readonly [I in keyof List]: CheckedName<List[I], Names> };

type CheckedAttribute<A, What extends string> = {
  readonly [M in keyof A]: M extends 'name'
    ? CheckedLiteral<A[M], string, `the name of ${What}`>
    : M extends 'type'
      ? CheckedLiteral<A[M], ValueType, `the type of ${What}`>
      : M extends 'multiValued'
        ? CheckedMultiplicity<A[M], What>
        : M extends 'mandatory'
          ? CheckedFlag<A[M], `\`mandatory\` of ${What}`>
          : M extends 'default'
            ? DefaultOf<A>
            : M extends 'oneOf'
              ? CheckedChoices<A[M], A, `\`oneOf\` of ${What}`>
              : M extends 'minimum' | 'maximum'
                ? SentOf<A> | undefined
                : M extends keyof AttributeDefinition
                  ? AttributeDefinition[M]
                  : NoSuchMember<'an attribute definition'>;
};

type CheckedLiteral<Given, Expected, What extends string> = string extends Given ? Widened<What> : Expected;

type CheckedFlag<Given, What extends string> = boolean extends Given ? Widened<What, 'boolean'> : boolean | undefined;

type CheckedMultiplicity<Given, What extends string> = What extends 'an attribute'
  ? CheckedFlag<Given, '`multiValued` of an attribute'>
  : false | undefined;

type CheckedChoices<Given, A, What extends string> = Given extends readonly (infer Value)[]
  ? string extends Value
    ? Widened<What>
    : number extends Value
      ? Widened<What, 'number'>
      : readonly SentOf<A>[]
  : undefined;

/** A value of an attribute, without regard to its constraints. */
type SentOf<A> = A extends { readonly type: infer T extends ValueType } ? SentTypes[T] : unknown;

type DefaultOf<A> = A extends { readonly type: infer T extends ValueType }
  ? A extends { readonly multiValued: true }
    ? SentTypes[T] | readonly SentTypes[T][] | undefined
    : SentTypes[T] | undefined
  : unknown;

type CheckedExtension<E> = {
  readonly [M in keyof E]: M extends 'name'
    ? CheckedLiteral<E[M], string, 'the name of an extension'>
    : M extends 'type'
      ? CheckedLiteral<E[M], ExtensionType, 'the type of an extension'>
      : M extends 'attributes'
        ? CheckedAttributes<E[M], 'an attribute of an extension'>
        : M extends 'unique'
          ? CheckedNames<E[M], NamesIn<E, 'attributes'>>
          : M extends keyof ExtensionDefinition
            ? ExtensionDefinition[M]
            : NoSuchMember<'an extension definition'>;
};

type CheckedKey<S extends LooseSchema, K> = {
  readonly [M in keyof K]: M extends 'name'
    ? CheckedLiteral<K[M], string, 'the name of an identification key'>
    : M extends 'source'
      ? CheckedName<K[M], typeof PROFILE | NamesIn<S, 'extensions'>> | undefined
      : M extends 'attributes'
        ? CheckedNames<K[M], SourceNames<S, K>>
        : M extends keyof IdentificationKeyDefinition
          ? IdentificationKeyDefinition[M]
          : NoSuchMember<'the definition of an identification key'>;
};

type NamesIn<Holder, List extends string> = Holder extends { readonly [L in List]: readonly (infer Definition)[] }
  ? Definition extends { readonly name: infer Name extends string }
    ? Name
    : never
  : never;

/**
 * The names of the attributes of a key's source. Any name if the source does not exist: that is reported at `source`.
 */
type SourceNames<S extends LooseSchema, K> = K extends { readonly source: infer Source extends string }
  ? Lowercase<Source> extends typeof PROFILE
    ? NamesIn<S, 'attributes'>
    : Lowercase<Source> extends Lowercase<NamesIn<S, 'extensions'>>
      ? NamesOfExtension<NonNullable<S['extensions']>[number], Lowercase<Source>>
      : string
  : NamesIn<S, 'attributes'>;

type NamesOfExtension<E, Source extends string> = E extends { readonly name: infer Name extends string }
  ? Lowercase<Name> extends Source
    ? NamesIn<E, 'attributes'>
    : never
  : never;

/** Names ignore case (R1). */
type CheckedName<Given, Names extends string> = Given extends string
  ? Lowercase<Given> extends Lowercase<Names>
    ? Given
    : [Names] extends [never]
      ? 'dossier: there is no attribute to name'
      : Names
  : Names;
