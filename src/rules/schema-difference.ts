import type { AttributeDefinition, ExtensionDefinition, SchemaDefinition, ValueType } from '../model/schema.js';
import type {
  DefinitionChange,
  KeyChange,
  MemberChange,
  SchemaChange,
  SchemaDifference,
} from '../model/schema-difference.js';
import { attributeMemberChanges, extensionMemberChanges, uniqueChange } from './constraint-difference.js';
import { isSameKey } from './declared-case.js';
import { indexByStoredName, predecessorsOf, renameKeys, storedNames, takeInFormerNames } from './former-names.js';
import { isIntact, isRefitted, isRenamed, keyLineages } from './key-lineage.js';
import { findNamed, foldName, indexByName } from './names.js';

/** The types of which all values fit another one (R23), which they do not do by themselves alone. */
const FITTING: Readonly<Partial<Record<ValueType, readonly ValueType[]>>> = {
  integer: ['long', 'double', 'currency'],
  currency: ['string'],
  date: ['string'],
  datetime: ['string'],
};

/** What is said of definitions of attributes of the profile or of records, or of extensions. */
interface Kind<Definition> {
  readonly definition: 'attribute' | 'extension';
  /** What stands before the names. */
  readonly owner: string;
  readonly compare: (before: Definition, after: Definition) => SchemaChange[];
}

/**
 * What a schema change means, whatever is stored: which definitions come, go, are renamed, tightened, loosened or retyped, and
 * which keys are backfilled or dropped. Pure: both schemas are valid definitions.
 *
 * ```ts
 * const { changes } = compareSchemas(deployed, proposed);
 * const lost = changes.filter(({ change }) => change === 'removed');
 * ```
 */
export function compareSchemas(current: SchemaDefinition, next: SchemaDefinition): SchemaDifference {
  const before = whole(current);
  const after = takeInFormerNames(before, whole(next));
  const changes = [
    ...definitionChanges(attributesOf(''), before.attributes, after.attributes),
    ...definitionChanges(EXTENSIONS, before.extensions, after.extensions),
    ...keyChanges(before, after),
  ];
  return { changes, allowed: !changes.some(({ change }) => change === 'refused') };
}

type WholeSchema = { readonly [Part in keyof SchemaDefinition]-?: NonNullable<SchemaDefinition[Part]> };

function whole({ attributes, extensions = [], identificationKeys = [] }: SchemaDefinition): WholeSchema {
  return { attributes, extensions, identificationKeys };
}

function attributesOf(owner: string): Kind<AttributeDefinition> {
  return { definition: 'attribute', owner, compare: (before, after) => attributeChanges(before, after, owner) };
}

const EXTENSIONS: Kind<ExtensionDefinition> = { definition: 'extension', owner: '', compare: extensionChanges };

function definitionChanges<Definition extends AttributeDefinition | ExtensionDefinition>(
  kind: Kind<Definition>,
  current: readonly Definition[],
  next: readonly Definition[],
): SchemaChange[] {
  const byName = indexByName(current);
  const goingOn = indexByStoredName(next);
  const changed = next.flatMap((definition) => {
    const predecessors = predecessorsOf(byName, definition);
    const [before] = predecessors;
    const named = nameChanges(kind, predecessors, definition);
    return before ? [...named, ...kind.compare(before, definition)] : named;
  });
  const gone = current.filter(({ name }) => !goingOn.has(foldName(name)));
  return [...changed, ...gone.map(({ name }) => at(kind, name, { change: 'removed' }))];
}

function nameChanges<Definition extends AttributeDefinition | ExtensionDefinition>(
  kind: Kind<Definition>,
  predecessors: readonly Definition[],
  definition: Definition,
): SchemaChange[] {
  const { name, formerly = [] } = definition;
  const known = new Set(predecessors.flatMap(storedNames));
  const changes: DefinitionChange[] = [];
  if (predecessors.length === 0) {
    const mandatory = 'mandatory' in definition && definition.mandatory === true && definition.default === undefined;
    changes.push({ change: 'added', mandatory });
  }
  const from = predecessors.filter((one) => foldName(one.name) !== foldName(name));
  if (from.length > 0) changes.push({ change: 'renamed', from: from.map((one) => one.name) });
  const taken = formerly.filter((one) => !known.has(foldName(one)));
  if (taken.length > 0) changes.push({ change: 'names_taken', names: taken });
  const kept = new Set(storedNames(definition));
  const released = predecessors.flatMap((one) => one.formerly ?? []).filter((one) => !kept.has(foldName(one)));
  if (released.length > 0) changes.push({ change: 'names_released', names: released });
  return changes.map((change) => at(kind, name, change));
}

function attributeChanges(before: AttributeDefinition, after: AttributeDefinition, owner: string): SchemaChange[] {
  const kind = attributesOf(owner);
  const retyped = typeText(before) === typeText(after) ? [] : [retyping(before, after)];
  return [...retyped, ...attributeMemberChanges(before, after)].map((change) => at(kind, after.name, change));
}

function retyping(before: AttributeDefinition, after: AttributeDefinition): DefinitionChange {
  const isWider = before.type === after.type || (FITTING[before.type]?.includes(after.type) ?? false);
  const fits = isWider && (after.multiValued || !before.multiValued) ? 'all' : 'some';
  return { change: 'retyped', before: typeText(before), after: typeText(after), fits };
}

/** As in TypeScript: `string[]` is a multi-valued `string`. */
function typeText({ type, multiValued }: AttributeDefinition): string {
  return multiValued ? `${type}[]` : type;
}

function extensionChanges(before: ExtensionDefinition, after: ExtensionDefinition): SchemaChange[] {
  const changes: (DefinitionChange | MemberChange)[] = [];
  const isMultiValued = ({ type }: ExtensionDefinition) => type === 'multi-valued';
  if (before.type !== after.type) {
    const fits = isMultiValued(before) ? 'some' : 'all';
    changes.push({ change: 'retyped', before: before.type, after: after.type, fits });
  }
  const present = indexByStoredName(after.attributes);
  const named = (name: string) => present.get(foldName(name))?.name ?? name;
  changes.push(...uniqueChange((before.unique ?? []).map(named), (after.unique ?? []).map(named)));
  changes.push(...extensionMemberChanges(before, after));
  return [
    ...changes.map((change) => at(EXTENSIONS, after.name, change)),
    ...definitionChanges(attributesOf(`${after.name}.`), before.attributes, after.attributes),
  ];
}

function keyChanges(current: WholeSchema, next: WholeSchema): SchemaChange[] {
  const before = renameKeys(current.identificationKeys, next);
  const lineageOf = keyLineages(current, next);
  const changed = next.identificationKeys.flatMap((key) => {
    const lineage = lineageOf(key);
    const isSame = before.some((one) => isSameKey(one, key));
    if (isSame && !isIntact(lineage)) return [ofKey(key, 'refused')];
    if (isSame && !isRefitted(lineage)) return isRenamed(lineage) ? [ofKey(key, 'continued')] : [];
    return [ofKey(key, findNamed(before, key.name) ? 'rebuilt' : 'backfilled')];
  });
  const gone = before.filter(({ name }) => !findNamed(next.identificationKeys, name));
  return [...changed, ...gone.map((key) => ofKey(key, 'dropped'))];
}

function ofKey({ name }: { readonly name: string }, change: KeyChange['change']): SchemaChange {
  return { definition: 'key', name, change };
}

function at<Definition>(
  { definition, owner }: Kind<Definition>,
  name: string,
  change: DefinitionChange | MemberChange,
): SchemaChange {
  return { definition, name: owner + name, ...change };
}
