import type { Representation } from 'dossier';
import fc from 'fast-check';
import type { ModelAttribute, ModelExtension, ModelSchema } from './arbitrary-schemas.js';
import { invalidValue, type ValidValue, validValue } from './arbitrary-values.js';

/** The input for one value. */
export type SentValue =
  | ({ readonly kind: 'valid' } & ValidValue)
  | { readonly kind: 'invalid'; readonly sent: unknown };

/** The input for one attribute, by a name in any case. */
export interface SentAttribute {
  readonly name: string;
  readonly attribute: ModelAttribute;
  /**
   * `none` is null or an empty array. The input may be bare where an array is expected, and an array where none is
   * allowed.
   */
  readonly value:
    | { readonly kind: 'none'; readonly sent: unknown }
    | SentValue
    | { readonly kind: 'list'; readonly values: readonly SentValue[] };
}

export interface SentRecord {
  readonly attributes: readonly SentAttribute[];
  /** Names that no {@link ModelSchema} declares. */
  readonly unknown: readonly string[];
}

export interface SentExtension {
  readonly name: string;
  readonly extension: ModelExtension;
  /** `null`, a bare record, or an array of records. */
  readonly records: null | SentRecord | readonly SentRecord[];
}

export interface SentRepresentation extends SentRecord {
  readonly form: 'flat' | 'split';
  /** `undefined`: the representation has no extensions, not even an empty set. */
  readonly extensions: readonly SentExtension[] | undefined;
}

const inAnyCase = (name: string) => fc.constantFrom(name, name, name.toUpperCase(), name.toLowerCase());

/** @param faulty whether some input may break a rule */
function sentValue({ definition: { type, length } }: ModelAttribute, faulty: boolean): fc.Arbitrary<SentValue> {
  const valid = validValue(type, length).map((value): SentValue => ({ kind: 'valid', ...value }));
  const invalid = invalidValue(type).map((sent): SentValue => ({ kind: 'invalid', sent }));
  return faulty ? fc.oneof({ weight: 8, arbitrary: valid }, { weight: 1, arbitrary: invalid }) : valid;
}

function sentAttribute(attribute: ModelAttribute, faulty: boolean): fc.Arbitrary<SentAttribute> {
  const { name, multiValued = false } = attribute.definition;
  const one = sentValue(attribute, faulty);
  const list = fc.array(one, { minLength: 1, maxLength: 4 }).map((values) => ({ kind: 'list' as const, values }));
  const none = fc
    .constantFrom<unknown>(...(multiValued ? [null, []] : [null]))
    .map((sent) => ({ kind: 'none' as const, sent }));
  const value = multiValued
    ? fc.oneof(one, list, none)
    : fc.oneof(
        { weight: 8, arbitrary: one },
        { weight: 1, arbitrary: none },
        { weight: faulty ? 1 : 0, arbitrary: list },
      );
  return fc.record({ name: inAnyCase(name), attribute: fc.constant(attribute), value });
}

function sentRecord(attributes: readonly ModelAttribute[], faulty: boolean): fc.Arbitrary<SentRecord> {
  const isNeeded = ({ definition, keptDefault }: ModelAttribute) =>
    definition.mandatory === true && keptDefault === undefined;
  return fc.subarray([...attributes]).chain((chosen) => {
    const given = faulty ? chosen : attributes.filter((one) => chosen.includes(one) || isNeeded(one));
    return fc.record({
      attributes: fc
        .tuple(...given.map((attribute) => sentAttribute(attribute, faulty)))
        .chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
      unknown: faulty
        ? fc.oneof(
            { weight: 6, arbitrary: fc.constant([]) },
            { weight: 1, arbitrary: fc.constant(['Unknown', 'a/b~c', 'prototype']) },
          )
        : fc.constant([]),
    });
  });
}

function sentExtension(extension: ModelExtension, faulty: boolean): fc.Arbitrary<SentExtension> {
  const { name, type } = extension.definition;
  const record = sentRecord(extension.attributes, faulty);
  const empty = fc.constantFrom<null | readonly SentRecord[]>(null, []);
  const list = fc.array(record, { minLength: 1, maxLength: 4 });
  const lists = type === 'multi-valued' || faulty;
  return fc.record({
    name: inAnyCase(name),
    extension: fc.constant(extension),
    records: fc.oneof(
      { weight: 4, arbitrary: record },
      { weight: 2, arbitrary: empty },
      { weight: lists ? (type === 'multi-valued' ? 6 : 1) : 0, arbitrary: list },
    ),
  });
}

/**
 * Representations with the names of a schema.
 *
 * @param faulty whether some may break any rule; otherwise only R9 (with `null`) and R10 may be broken
 */
export function sentRepresentation(schema: ModelSchema, faulty: boolean): fc.Arbitrary<SentRepresentation> {
  const extensions = fc
    .subarray([...schema.extensions])
    .chain((chosen) => fc.tuple(...chosen.map((extension) => sentExtension(extension, faulty))));
  return fc
    .record({
      form: fc.constantFrom('flat' as const, 'split' as const),
      own: sentRecord(schema.attributes, faulty),
      extensions: fc.option(extensions, { nil: undefined }),
    })
    .map(({ form, own, extensions: given }) => ({
      form,
      ...own,
      // In a flat representation, an empty set of extensions equals none.
      extensions: form === 'flat' && given?.length === 0 ? undefined : given,
    }));
}

/** The argument of the service. */
export function toRepresentation({ form, extensions, ...own }: SentRepresentation): Representation {
  const attributes = toMembers(own);
  const given = extensions && Object.fromEntries(extensions.map(({ name, records }) => [name, toRecords(records)]));
  return form === 'flat'
    ? { members: { ...attributes, ...given } }
    : { attributes, ...(given && { extensions: given }) };
}

function toRecords(records: SentExtension['records']): unknown {
  if (records === null) return null;
  return isList(records) ? records.map(toMembers) : toMembers(records);
}

function toMembers({ attributes, unknown }: SentRecord): Record<string, unknown> {
  const members = attributes.map(({ name, value }): [string, unknown] => [
    name,
    value.kind === 'list' ? value.values.map(({ sent }) => sent) : value.sent,
  ]);
  return Object.fromEntries([...members, ...unknown.map((name): [string, unknown] => [name, 'x'])]);
}

export function isList(records: SentRecord | readonly SentRecord[]): records is readonly SentRecord[] {
  return Array.isArray(records);
}
