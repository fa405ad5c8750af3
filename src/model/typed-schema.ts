import type { Attributes, ExtensionRecord, Extensions, Profile } from './profile.js';
import type { AttributeDefinition, ExtensionDefinition, SchemaDefinition } from './schema.js';

/**
 * The content of a profile as it is read, by the schema that it is declared with:
 *
 * ```ts
 * const customerSchema = defineSchema({ attributes: [{ name: 'Name', type: 'string', mandatory: true }] });
 * type Customer = Infer<typeof customerSchema>; // { attributes: { Name?: string }; extensions?: … }
 * ```
 *
 * Every attribute is optional, mandatory ones too: a profile stored before an attribute became mandatory lacks it until it
 * is replaced (R16). Multi-valued attributes and extensions are arrays (R4). Extensions are absent unless asked for (W4).
 */
export type Infer<S extends SchemaDefinition> = {
  attributes: TypedAttributes<S>;
  extensions?: TypedExtensions<S>;
};

/**
 * What a caller sends to create or replace a profile, by its schema. Required are mandatory attributes without a default
 * (R9); all others may be left out, or be `null` for "no value" (R5). A multi-valued attribute takes an array or one bare
 * value (R4), a multi-valued extension likewise. `extensions` left out leaves every extension as it is (R7).
 */
export type InferInput<S extends SchemaDefinition> = {
  attributes: AttributesInput<S>;
  extensions?: ExtensionsInput<S> | undefined;
};

/** A profile as the services answer it, with its attributes and extensions typed by the schema. A {@link Profile} as well. */
export interface TypedProfile<S extends SchemaDefinition> extends Omit<Profile, 'attributes' | 'extensions'> {
  readonly attributes: TypedAttributes<S>;
  readonly extensions?: TypedExtensions<S>;
}

/** What a caller sends, in either form: `{ attributes, extensions? }`, or `{ members }` as one object as on the wire. */
export type TypedRepresentation<S extends SchemaDefinition> = InferInput<S> | { members: MembersInput<S> };

/** The attributes of a profile as they are read: see {@link Infer}. */
export type TypedAttributes<S extends SchemaDefinition> = ReadMembers<AttributesOf<S>, Attributes>;

/** The extensions of a profile as they are read, by name: one record, or an array of records. */
export type TypedExtensions<S extends SchemaDefinition> = ReadExtensions<ExtensionsOf<S>>;

/** The attributes that a caller sends: see {@link InferInput}. */
export type AttributesInput<S extends SchemaDefinition> = MembersInputOf<AttributesOf<S>>;

/** The extensions or the records to insert that a caller sends, by name: a record, a list of them, or `null` for none (R8, W9). */
export type ExtensionsInput<S extends SchemaDefinition> = ExtensionsInputOf<ExtensionsOf<S>>;

/** Attributes and extensions that a caller sends side by side, as on the wire. */
export type MembersInput<S extends SchemaDefinition> = Flatten<
  MemberFields<AttributesOf<S>> & ExtensionFields<ExtensionsOf<S>>
>;

/**
 * The attributes of one record to update or to delete: the unique ones find it, where `null` finds a record without the
 * value, and the others are the ones to change (W10).
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

/** The values to find profiles by: `Name` for an attribute, `Phone.Number` for one of an extension (R18, W6). */
export type CriteriaFor<S extends SchemaDefinition> =
  string extends AttributeName<S>
    ? Readonly<Record<string, unknown>>
    : Flatten<
        { [A in AttributesOf<S> as A['name']]?: SentValue<A> | undefined | Inherited<A['name']> } & {
          [C in ExtensionCriterion<ExtensionsOf<S>> as C['name']]?: SentValue<C['attribute']> | undefined;
        }
      >;

// Attributes and extensions are taken from the lists as unions, and mapped in one pass with their names as keys. Looking
// each up by its name would take time quadratic in their number.

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

/** Not `{}`, which takes everything but null. */
type NoMembers = { [name: string]: never };

/** Shown as one object by editors and in messages: the intersection, which changes nothing, has them show no alias. */
type Flatten<T> = { [K in keyof T]: T[K] } & unknown;

/** The types of single values as they are read. */
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

/** And as they are sent. */
export interface SentTypes extends Omit<ReadTypes, 'currency'> {
  currency: string | number;
}

type ReadValue<A extends AttributeDefinition> = ReadTypes[A['type']];

type SentValue<A extends AttributeDefinition> = SentTypes[A['type']];

// With `name`, since an object type all of whose members are optional matches nothing that shares none of them.
interface SingleValued {
  readonly name: string;
  readonly multiValued?: false | undefined;
}

/** What must be sent (R9). */
interface MandatoryWithoutDefault {
  readonly name: string;
  readonly mandatory: true;
  readonly default?: undefined;
}

/** What `One` becomes where the attribute is multi-valued, and where the type does not say whether it is. */
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

/** `undefined` is allowed whatever `exactOptionalPropertyTypes` says: the rules take it for left out. */
type MemberFields<A extends AttributeDefinition> = string extends A['name']
  ? { [name: string]: unknown }
  : { -readonly [D in A as RequiredName<D>]: Sent<D> } & {
      -readonly [D in A as OptionalName<D>]?: Sent<D> | null | undefined | Inherited<D['name']>;
    };

/**
 * What an object that lacks a member has under its name: `toString` is a name like any other (R2), and must not be demanded
 * because every object inherits one of another type.
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

type ExtensionsInputOf<E extends ExtensionDefinition> = [E] extends [never] ? NoMembers : ExtensionFields<E>;

type RecordPatch<E extends ExtensionDefinition> = Flatten<
  { [A in RecordAttributes<E> as UniqueAttributeName<E, A['name']>]: SentValue<A> | null } & {
    [A in RecordAttributes<E> as Exclude<A['name'], UniqueAttributeName<E, A['name']>>]?:
      | PatchValue<A>
      | Inherited<A['name']>;
  }
>;

type PatchValue<A extends AttributeDefinition> =
  | SentValue<A>
  | undefined
  | (A extends MandatoryWithoutDefault ? never : null);

/** In whatever case `unique` has the name (R1). */
type UniqueAttributeName<E extends ExtensionDefinition, Name extends string> =
  Lowercase<Name> extends Lowercase<UniqueName<E>> ? Name : never;

type UniqueName<E extends ExtensionDefinition> = 'unique' extends keyof E ? NonNullable<E['unique']>[number] : never;

type ExtensionCriterion<E extends ExtensionDefinition> = E extends unknown
  ? CriterionOf<E['name'], RecordAttributes<E>>
  : never;

type CriterionOf<Extension extends string, A extends AttributeDefinition> = A extends unknown
  ? { name: `${Extension}.${A['name']}`; attribute: A }
  : never;
