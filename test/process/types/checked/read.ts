import type { ExtensionName, Infer, KeyName, Profile, SchemaDefinition, TypedProfile } from 'dossier';
import type { customerSchema } from './customer-schema.js';
import { check, type Same } from './equal.js';

type Customer = Infer<typeof customerSchema>;

check<
  Same<
    Customer['attributes'],
    {
      Name?: string;
      Language?: string;
      Emails?: string[];
      Codes?: (number | string)[];
      Active?: boolean;
      Visits?: number;
      Serial?: number | string;
      Score?: number;
      Balance?: string;
      Born?: string;
      Seen?: string;
    }
  >
>();
check<
  Same<
    Customer['extensions'],
    | {
        Phone?: { Number?: string; Kind?: string; Rank?: number }[];
        Address?: { City?: string };
        Visited?: { [name: string]: never };
      }
    | undefined
  >
>();
check<Same<ExtensionName<typeof customerSchema>, 'Phone' | 'Address' | 'Visited'>>();
check<Same<KeyName<typeof customerSchema>, 'byEmail' | 'byPhone'>>();

// A typed profile is a profile, and has its other members.
export function read(profile: TypedProfile<typeof customerSchema>): unknown[] {
  const revision: number = profile.revision;
  const city: string | undefined = profile.extensions?.Address?.City;
  const first: string | undefined = profile.extensions?.Phone?.[0]?.Number;
  // @ts-expect-error a mandatory value may be missing from what is read
  const name: string = profile.attributes.Name;
  // @ts-expect-error a misspelt attribute
  profile.attributes.Nmae;
  // @ts-expect-error a misspelt extension
  profile.extensions?.Adress;
  // @ts-expect-error a misspelt attribute of a record
  profile.extensions?.Phone?.[0]?.Numbr;
  // @ts-expect-error a list of records, not one
  profile.extensions?.Phone?.Number;
  // @ts-expect-error a number
  const visits: string | undefined = profile.attributes.Visits;
  // The caller's own copy, to change.
  profile.attributes.Emails?.push('ann@example.com');
  profile.attributes.Name = 'Ann';
  return [revision, city, first, name, visits, profile satisfies Profile];
}

// Without literals, a profile is as it is without a schema.
export function untyped(profile: TypedProfile<SchemaDefinition>, other: Profile): TypedProfile<SchemaDefinition> {
  const same: Profile = profile;
  return same.revision > 1 ? profile : other;
}

// Members that definitions may get later do not hinder, nor do lists that are left out.
type Later = Infer<{
  readonly attributes: readonly [
    { readonly name: 'A'; readonly type: 'string'; readonly title: 'The A'; readonly formerly: readonly ['B'] },
  ];
}>;
check<Same<Later['attributes'], { A?: string }>>();
check<Same<Later['extensions'], { [name: string]: never } | undefined>>();

// Where the type does not say how many values there are, it says so.
type Open = Infer<{ readonly attributes: readonly [{ name: 'A'; type: 'integer'; multiValued: boolean }] }>;
check<Same<Open['attributes'], { A?: number | number[] }>>();
