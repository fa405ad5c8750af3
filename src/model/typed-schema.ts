import type { Attributes, ExtensionRecord, Extensions, Profile } from './profile.js';
import type { AttributeDefinition, ExtensionDefinition, SchemaDefinition } from './schema.js';

/**
 * The attributes and extensions of a profile view, typed by a schema:
 *
 * ```ts
 * const customerSchema = defineSchema({ attributes: [{ name: 'Name', type: 'string', mandatory: true }] });
 * type Customer = Infer<typeof customerSchema>; // { attributes: { Name?: string }; extensions?: … }
 * ```
 *
 * All attributes are optional, even mandatory ones: a profile stored before an attribute became mandatory lacks it
 * until it is replaced (R16). Where an attribute has `oneOf`, its type is the union of those values; one that was stored
 * before may be another until then. Multi-valued attributes and extensions are arrays (R4). Extensions are absent unless
 * requested (W4).
 */
export type Infer<S extends SchemaDefinition> = {
  attributes: TypedAttributes<S>;
  extensions?: TypedExtensions<S>;
};

/**
 * The input to create or replace a profile, typed by its schema. Mandatory attributes without a default are required
 * (R9); all others may be absent, or `null` for "no value" (R5). A multi-valued attribute or extension takes an array
 * or a bare value (R4, R8). Without `extensions`, all extensions stay as they are (R7).
 */
export type InferInput<S extends SchemaDefinition> = {
  attributes: AttributesInput<S>;
  extensions?: ExtensionsInput<S> | undefined;
};

/** A {@link Profile} whose attributes and extensions are typed by the schema. */
export interface TypedProfile<S extends SchemaDefinition> extends Omit<Profile, 'attributes' | 'extensions'> {
  readonly attributes: TypedAttributes<S>;
  readonly extensions?: TypedExtensions<S>;
}

/**
 * A representation typed by the schema, in either form: `{ attributes, extensions? }`, or `{ members }` as on the wire.
 */
export type TypedRepresentation<S extends SchemaDefinition> = InferInput<S> | { members: MembersInput<S> };

/**
 * A patch typed by the schema (L5), in either form. No member is required, and `null` clears one that is not mandatory, or
 * has a default. A single-valued extension takes a patch of its record.
 */
export type TypedPatch<S extends SchemaDefinition> =
  | { attributes?: AttributesPatch<S> | undefined; extensions?: ExtensionsPatch<S> | undefined }
  | { members: Flatten<PatchFields<AttributesOf<S>> & ExtensionPatchFields<ExtensionsOf<S>>> };

type AttributesPatch<S extends SchemaDefinition> = PatchOf<AttributesOf<S>>;

type ExtensionsPatch<S extends SchemaDefinition> = [ExtensionsOf<S>] extends [never]
  ? NoMembers
  : ExtensionPatchFields<ExtensionsOf<S>>;

/** The attributes of a profile view: see {@link Infer}. */
export type TypedAttributes<S extends SchemaDefinition> = ReadMembers<AttributesOf<S>, Attributes>;

/** The extensions of a profile view, by name: one record, or an array of records. */
export type TypedExtensions<S extends SchemaDefinition> = ReadExtensions<ExtensionsOf<S>>;

/** The attributes of a representation: see {@link InferInput}. */
export type AttributesInput<S extends SchemaDefinition> = MembersInputOf<AttributesOf<S>>;

/**
 * The extensions of a representation, or the records to insert, by name: a record, an array of records, or `null` for
 * none (R8, W9).
 */
export type ExtensionsInput<S extends SchemaDefinition> = ExtensionsInputOf<ExtensionsOf<S>>;

/** The members of a flat representation: attributes and extensions side by side. */
export type MembersInput<S extends SchemaDefinition> = Flatten<
  MemberFields<AttributesOf<S>> & ExtensionFields<ExtensionsOf<S>>
>;

/**
 * The attributes of a record to update or delete (W10): the unique ones identify it, and the others change. `null` for
 * a unique attribute identifies a record that lacks it.
 */
export type RecordInputFor<S extends SchemaDefinition, Name extends ExtensionName<S>> =
  string extends ExtensionName<S>
    ? Readonly<Record<string, unknown>>
    : RecordPatch<Extract<ExtensionsOf<S>, { readonly name: Name }>>;

/** The names of the attributes of a profile. */
export type AttributeName<S extends SchemaDefinition> = AttributesOf<S>['name'];

/** The names of the extensions. */
export type ExtensionName<S extends SchemaDefinition> = ExtensionsOf<S>['name'];

/** The names of the identification keys. */
export type KeyName<S extends SchemaDefinition> = KeysOf<S>['name'];

/** Search values: `Name` for an attribute, `Phone.Number` for an attribute of an extension (R18, W6). */
export type CriteriaFor<S extends SchemaDefinition> =
  string extends AttributeName<S>
    ? Readonly<Record<string, unknown>>
    : Flatten<
        { [A in AttributesOf<S> as A['name']]?: SoughtValue<A> | undefined | Inherited<A['name']> } & {
          [C in ExtensionCriterion<ExtensionsOf<S>> as C['name']]?: SoughtValue<C['attribute']> | undefined;
        }
      >;

// Maps attributes and extensions in one pass, as unions, with their names as keys. Looking up each by its name would
// take
// quadratic time.

type AttributesOf<S extends SchemaDefinition> = S['attributes'][number];

// Indexing a literal type by a member that it lacks yields `unknown`.
type ExtensionsOf<S extends SchemaDefinition> = 'extensions' extends keyof S
  ? NonNullable<S['extensions']>[number]
  : never;

type KeysOf<S extends SchemaDefinition> = 'identificationKeys' extends keyof S
  ? NonNullable<S['identificationKeys']>[number]
  : never;

/** The attributes of an extension. */
type RecordAttributes<E extends ExtensionDefinition> = E['attributes'][number];

/** An empty object. Not `{}`, which accepts every value except null and undefined. */
type NoMembers = { [name: string]: never };

/** Flattens a type, so that editors and messages show its members instead of an alias. */
type Flatten<T> = { [K in keyof T]: T[K] } & unknown;

/** The types of single values in a profile view. */
interface ReadTypes {
  string: string;
  boolean: boolean;
  integer: number;
  long: number | string;
  double: number;
  currency: string;
  date: string;
  datetime: string;
}

/** The types of single values in an input. */
export interface SentTypes extends Omit<ReadTypes, 'currency'> {
  currency: string | number;
}

type ReadValue<A extends AttributeDefinition> = Choices<A, ReadTypes[A['type']]>;

type SentValue<A extends AttributeDefinition> = Choices<A, SentTypes[A['type']]>;

/** What a stored value is found by: it may be older than the constraints. */
type SoughtValue<A extends AttributeDefinition> = SentTypes[A['type']];

/** The values of `oneOf` (R24). Those of a `currency` are stored in another form than they may be declared in. */
type Choices<A extends AttributeDefinition, All> = A extends { readonly type: 'currency' }
  ? All
  : A extends { readonly oneOf: readonly (infer Value)[] }
    ? Extract<Value, All>
    : All;

// With `name`, this is no weak type: an attribute without `multiValued` would share no member with it, and not match.
interface SingleValued {
  readonly name: string;
  readonly multiValued?: false | undefined;
}

/** The attributes that an input must have (R9). */
interface MandatoryWithoutDefault {
  readonly name: string;
  readonly mandatory: true;
  readonly default?: undefined;
}

/** `One` for a single-valued attribute, `Many` for a multi-valued one, both if the type does not tell. */
type ByMultiplicity<A, One, Many> = A extends SingleValued
  ? One
  : A extends { readonly multiValued: true }
    ? Many
    : One | Many;

type ReadMembers<A extends AttributeDefinition, Untyped> = [A] extends [never]
  ? NoMembers
  : string extends A['name']
    ? Untyped
    : { -readonly [D in A as D['name']]?: ByMultiplicity<D, ReadValue<D>, ReadValue<D>[]> };

type ReadRecord<E extends ExtensionDefinition> = ReadMembers<RecordAttributes<E>, ExtensionRecord>;

type ReadExtensions<E extends ExtensionDefinition> = [E] extends [never]
  ? NoMembers
  : string extends E['name']
    ? Extensions
    : { -readonly [D in E as D['name']]?: ByRecords<D, ReadRecord<D>, ReadRecord<D>[]> };

type ByRecords<E extends ExtensionDefinition, One, Many> = 'multi-valued' extends E['type']
  ? E['type'] extends 'multi-valued'
    ? Many
    : One | Many
  : One;

type RequiredName<A extends AttributeDefinition> = A extends MandatoryWithoutDefault ? A['name'] : never;

type OptionalName<A extends AttributeDefinition> = A extends MandatoryWithoutDefault ? never : A['name'];

type Sent<A extends AttributeDefinition> = ByMultiplicity<A, SentValue<A>, SentValue<A> | readonly SentValue<A>[]>;

/** Allows `undefined` even with `exactOptionalPropertyTypes`: the rules treat it as absent. */
type MemberFields<A extends AttributeDefinition> = string extends A['name']
  ? { [name: string]: unknown }
  : { -readonly [D in A as RequiredName<D>]: Sent<D> } & {
      -readonly [D in A as OptionalName<D>]?: Sent<D> | null | undefined | Inherited<D['name']>;
    };

/**
 * The type of an absent member. Allows a schema to declare names such as `toString` (R2), which every object inherits
 * with another type.
 */
type Inherited<Name extends string> = Name extends keyof PlainObject ? PlainObject[Name] : never;

type PlainObject = (typeof Object)['prototype'];

type MembersInputOf<A extends AttributeDefinition> = [A] extends [never] ? NoMembers : Flatten<MemberFields<A>>;

type ExtensionFields<E extends ExtensionDefinition> = string extends E['name']
  ? { [name: string]: unknown }
  : {
      -readonly [D in E as D['name']]?:
        | SentRecords<D, MembersInputOf<RecordAttributes<D>>>
        | null
        | undefined
        | Inherited<D['name']>;
    };

type SentRecords<E extends ExtensionDefinition, One> = ByRecords<E, One | readonly [], One | readonly One[]>;

type PatchFields<A extends AttributeDefinition> = string extends A['name']
  ? { [name: string]: unknown }
  : {
      -readonly [D in A as D['name']]?:
        | Sent<D>
        | undefined
        | (D extends MandatoryWithoutDefault ? never : null)
        | Inherited<D['name']>;
    };

type PatchOf<A extends AttributeDefinition> = [A] extends [never] ? NoMembers : Flatten<PatchFields<A>>;

type ExtensionPatchFields<E extends ExtensionDefinition> = string extends E['name']
  ? { [name: string]: unknown }
  : {
      -readonly [D in E as D['name']]?:
        | ByRecords<D, PatchOf<RecordAttributes<D>> | readonly [], Many<MembersInputOf<RecordAttributes<D>>>>
        | null
        | undefined
        | Inherited<D['name']>;
    };

type Many<One> = One | readonly One[];

type ExtensionsInputOf<E extends ExtensionDefinition> = [E] extends [never] ? NoMembers : ExtensionFields<E>;

type RecordPatch<E extends ExtensionDefinition> = Flatten<
  { [A in RecordAttributes<E> as UniqueAttributeName<E, A['name']>]: SoughtValue<A> | null } & {
    [A in RecordAttributes<E> as Exclude<A['name'], UniqueAttributeName<E, A['name']>>]?:
      | PatchValue<A>
      | Inherited<A['name']>;
  }
>;

type PatchValue<A extends AttributeDefinition> =
  | SentValue<A>
  | undefined
  | (A extends MandatoryWithoutDefault ? never : null);

/** Compares the names in `unique` ignoring case (R1). */
type UniqueAttributeName<E extends ExtensionDefinition, Name extends string> =
  Lowercase<Name> extends Lowercase<UniqueName<E>> ? Name : never;

type UniqueName<E extends ExtensionDefinition> = 'unique' extends keyof E ? NonNullable<E['unique']>[number] : never;

type ExtensionCriterion<E extends ExtensionDefinition> = E extends unknown
  ? CriterionOf<E['name'], RecordAttributes<E>>
  : never;

type CriterionOf<Extension extends string, A extends AttributeDefinition> = A extends unknown
  ? { name: `${Extension}.${A['name']}`; attribute: A }
  : never;
