import {
  isList,
  type SentAttribute,
  type SentExtension,
  type SentRecord,
  type SentRepresentation,
} from './arbitrary-representations.js';
import type { ModelAttribute, ModelSchema } from './arbitrary-schemas.js';

type Values = Readonly<Record<string, unknown>>;

/** A profile as the rules say that it is stored: each extension an array of records, and none without records. */
export interface ModelProfile {
  readonly attributes: Values;
  readonly extensions: Readonly<Record<string, readonly Values[]>>;
}

export type ModelOutcome =
  | { readonly kind: 'kept'; readonly profile: ModelProfile }
  /** Each violation as `R9 /FirstName`, unordered. */
  | { readonly kind: 'refused'; readonly faults: readonly string[] };

/**
 * The rules R3 to R11 for a replacement, in their simplest form and without optimization: the oracle for the library.
 */
export function replaceInModel(schema: ModelSchema, current: ModelProfile, sent: SentRepresentation): ModelOutcome {
  const base = { flat: { own: '', extensions: '' }, split: { own: '/attributes', extensions: '/extensions' } }[
    sent.form
  ];
  const faults: string[] = [];
  const attributes = keep(schema.attributes, sent, base.own, faults);
  const extensions: Record<string, readonly Values[]> = {};
  for (const { definition } of schema.extensions) {
    const given = sent.extensions?.find(({ extension }) => extension.definition === definition);
    const records = given ? keepRecords(given, `${base.extensions}/${given.name}`, faults) : [];
    if (records.length > 0) extensions[definition.name] = records;
  }
  if (faults.length > 0) return { kind: 'refused', faults };
  return {
    kind: 'kept',
    profile: { attributes, extensions: sent.extensions === undefined ? current.extensions : extensions },
  };
}

function keep(declared: readonly ModelAttribute[], sent: SentRecord, pointer: string, faults: string[]): Values {
  for (const name of sent.unknown) faults.push(`R11 ${pointer}/${name.replace('~', '~0').replace('/', '~1')}`);
  const kept: Record<string, unknown> = {};
  for (const { definition, keptDefault } of declared) {
    const given = sent.attributes.find(({ attribute }) => attribute.definition === definition);
    const before = faults.length;
    const value = (given && keptOf(given, `${pointer}/${given.name}`, faults)) ?? keptDefault;
    if (value !== undefined) kept[definition.name] = value;
    else if (definition.mandatory && faults.length === before) faults.push(`R9 ${pointer}/${definition.name}`);
  }
  return kept;
}

function keptOf({ attribute, value }: SentAttribute, pointer: string, faults: string[]): unknown {
  const { multiValued = false } = attribute.definition;
  if (value.kind === 'none') return undefined;
  if (value.kind === 'list' && !multiValued) {
    faults.push(`R4 ${pointer}`);
    return undefined;
  }
  const values = value.kind === 'list' ? value.values : [value];
  for (const [index, one] of values.entries()) {
    if (one.kind === 'invalid') faults.push(`R3 ${pointer}${value.kind === 'list' ? `/${index}` : ''}`);
  }
  const kept = values.map((one) => (one.kind === 'valid' ? one.kept : undefined));
  return multiValued ? kept : kept[0];
}

function keepRecords({ extension, records }: SentExtension, pointer: string, faults: string[]): readonly Values[] {
  const { definition, attributes } = extension;
  if (records === null) return [];
  if (!isList(records)) return [keep(attributes, records, pointer, faults)];
  if (definition.type === 'single-valued' && records.length > 0) {
    faults.push(`R8 ${pointer}`);
    return [];
  }
  const kept = records.map((record, index) => keep(attributes, record, `${pointer}/${index}`, faults));
  const unique = definition.unique ?? [];
  const comparable = records.map((record) =>
    record.attributes.every((given) => !unique.includes(given.attribute.definition.name) || isValid(given)),
  );
  for (const [index, record] of kept.entries()) {
    const repeats = kept.some(
      (earlier, at) =>
        at < index &&
        comparable[at] &&
        comparable[index] &&
        unique.every((name) => own(earlier, name) === own(record, name)),
    );
    if (unique.length > 0 && repeats) faults.push(`R10 ${pointer}/${index}`);
  }
  return kept;
}

/** Attributes of records are single-valued, so an array is no value. */
function isValid({ value }: SentAttribute): boolean {
  return value.kind === 'valid' || value.kind === 'none';
}

function own(values: Values, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
