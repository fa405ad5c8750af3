import type {
  CriteriaFor,
  InferInput,
  RecordInputFor,
  Representation,
  SchemaDefinition,
  TypedPatch,
  TypedProfile,
  TypedRepresentation,
} from 'dossier';
import type { customerSchema } from './customer-schema.js';
import { check, type Same } from './equal.js';

type CustomerInput = InferInput<typeof customerSchema>;

check<
  Same<
    CustomerInput['attributes'],
    {
      Name: string;
      Language?: string | null | undefined;
      Emails?: string | readonly string[] | null | undefined;
      Codes: number | string | readonly (number | string)[];
      Active?: boolean | null | undefined;
      Visits?: number | null | undefined;
      Serial?: number | string | null | undefined;
      Score?: number | null | undefined;
      Balance?: string | number | null | undefined;
      Born?: string | null | undefined;
      Seen?: string | null | undefined;
    }
  >
>();

type Phone = { Number: string; Kind?: string | null | undefined; Rank?: number | null | undefined };
check<
  Same<
    CustomerInput['extensions'],
    | {
        Phone?: Phone | readonly Phone[] | null | undefined;
        Address?: { City?: string | null | undefined } | readonly [] | null | undefined;
        Visited?: { [name: string]: never } | readonly [] | null | undefined;
      }
    | undefined
  >
>();

const attributes: CustomerInput['attributes'] = { Name: 'Ann', Codes: 1 };
export const accepted: CustomerInput[] = [
  { attributes },
  { attributes, extensions: undefined },
  { attributes, extensions: {} },
  { attributes, extensions: { Phone: [], Address: [], Visited: {} } },
  { attributes, extensions: { Phone: { Number: '1' }, Address: null } },
  { attributes, extensions: { Phone: [{ Number: '1', Kind: null }], Address: { City: 'Rome' } } },
  { attributes: { ...attributes, Emails: ['a', 'b'] as const, Codes: ['9223372036854775807', 2], Balance: 1.5 } },
];

export const refused: CustomerInput[] = [
  // @ts-expect-error a mandatory attribute is missing
  { attributes: { Codes: 1 } },
  // @ts-expect-error a mandatory attribute cannot be without a value
  { attributes: { ...attributes, Name: null } },
  // @ts-expect-error a misspelt attribute
  { attributes: { ...attributes, Langauge: 'en' } },
  // @ts-expect-error the wrong type
  { attributes: { ...attributes, Visits: '1' } },
  // @ts-expect-error nothing is coerced
  { attributes: { ...attributes, Active: 'true' } },
  // @ts-expect-error a list for a single-valued attribute
  { attributes: { ...attributes, Language: ['en'] } },
  // @ts-expect-error a list with the wrong type
  { attributes: { ...attributes, Emails: [1] } },
  // @ts-expect-error no value within a list
  { attributes: { ...attributes, Emails: [null] } },
  // @ts-expect-error a misspelt extension
  { attributes, extensions: { Fone: [] } },
  // @ts-expect-error a misspelt attribute of a record
  { attributes, extensions: { Phone: [{ Number: '1', Knd: 'home' }] } },
  // @ts-expect-error a mandatory attribute of a record is missing
  { attributes, extensions: { Phone: [{ Kind: 'home' }] } },
  // @ts-expect-error the wrong type in a record
  { attributes, extensions: { Phone: { Number: 1 } } },
  // @ts-expect-error a list for a single-valued extension
  { attributes, extensions: { Address: [{ City: 'Rome' }] } },
  // @ts-expect-error an attribute where there is none
  { attributes, extensions: { Visited: { At: 'noon' } } },
  // @ts-expect-error extensions may be left out, not be null
  { attributes, extensions: null },
  // @ts-expect-error a misspelt member
  { attributes, extension: {} },
];

// The flat form.
export const members: TypedRepresentation<typeof customerSchema>[] = [
  { members: { Name: 'Ann', Codes: [], Phone: [{ Number: '1' }] } },
  // @ts-expect-error a misspelt member
  { members: { Name: 'Ann', Codes: [], Fone: [] } },
  // @ts-expect-error a mandatory attribute is missing
  { members: { Codes: [] } },
];

// What is read can be sent once the mandatory values are known to be there.
export function sendBack({ attributes, extensions }: TypedProfile<typeof customerSchema>): CustomerInput {
  // @ts-expect-error Name and Codes may be missing
  const incomplete: CustomerInput = { attributes, extensions };
  const { Name = '', Codes = [] } = attributes;
  const { Address, Visited } = extensions ?? {};
  return incomplete && { attributes: { ...attributes, Name, Codes }, extensions: { Address, Visited } };
}

// It is a representation without types as well.
export const plain = (input: TypedRepresentation<typeof customerSchema>): Representation => input;

// A patch requires nothing, and clears nothing that must have a value.
export const patches: TypedPatch<typeof customerSchema>[] = [
  {},
  { attributes: { Visits: null, Emails: 'ann@example.com' } },
  { attributes: { Name: 'Ann', Language: null }, extensions: { Address: { City: null }, Phone: [{ Number: '1' }] } },
  { extensions: { Address: null, Phone: null } },
  { members: { Visits: 1, Address: {} } },
  // @ts-expect-error a mandatory attribute without a default
  { attributes: { Name: null } },
  // @ts-expect-error a misspelt attribute
  { attributes: { Nmae: 'Ann' } },
  // @ts-expect-error the wrong type
  { members: { Visits: 'one' } },
  // @ts-expect-error records of a multi-valued extension are replaced as a whole
  { extensions: { Phone: [{ Kind: 'home' }] } },
];

type PhoneRecord = RecordInputFor<typeof customerSchema, 'Phone'>;
export const records: PhoneRecord[] = [
  { Number: '1' },
  { Number: null, Kind: null, Rank: 1 },
  // @ts-expect-error the unique attribute is missing
  { Kind: 'home' },
  // @ts-expect-error a misspelt attribute
  { Number: '1', Knd: 'home' },
];

export const criteria: CriteriaFor<typeof customerSchema>[] = [
  { Name: 'Ann', 'Phone.Number': '1', Emails: 'ann@example.com' },
  // @ts-expect-error a misspelt attribute
  { Nmae: 'Ann' },
  // @ts-expect-error a misspelt attribute of an extension
  { 'Phone.Numbr': '1' },
  // @ts-expect-error the wrong type
  { 'Phone.Rank': '1' },
  // @ts-expect-error one value at a time
  { Emails: ['ann@example.com'] },
];

// Without literals, anything may be sent.
export const untyped: TypedRepresentation<SchemaDefinition>[] = [
  { attributes: { Any: 1 }, extensions: { Thing: [{}] } },
  { members: { Any: 1 } },
];
export const untypedPatch: TypedPatch<SchemaDefinition> = { attributes: { Any: null }, extensions: { Thing: null } };
export const untypedRecord: RecordInputFor<SchemaDefinition, 'Phone'> = { Any: 1 };
export const untypedCriteria: CriteriaFor<SchemaDefinition> = { Any: 1 };
