import { type IdentificationKeyDefinition, PROFILE } from '../model/schema.js';
import type {
  KeyReading,
  SchemaParts,
  StoredAttributeDefinition,
  StoredExtensionDefinition,
} from '../model/stored-schema.js';
import { isSameType } from './definition-numbers.js';
import { predecessorsOf, type Renamable, storedNames } from './former-names.js';
import { foldName, indexByName } from './names.js';

type Definition = StoredAttributeDefinition | StoredExtensionDefinition;

/** What a definition that a key uses goes on from. */
export interface Lineage<D extends Definition = Definition> {
  readonly before: D | undefined;
  /** `undefined` where the next schema has no such definition. */
  readonly after: D | undefined;
  /** Whether it joins several definitions of the current schema. */
  readonly joins: boolean;
}

/** The definitions that a key of the next schema uses. */
export interface KeyLineage {
  /** `undefined` for a key on the attributes of the profile. */
  readonly extension: Lineage<StoredExtensionDefinition> | undefined;
  readonly attributes: readonly Lineage<StoredAttributeDefinition>[];
}

/** Finds what the definitions that a key uses were called before (R26). A schema may have thousands of attributes. */
export function keyLineages(current: SchemaParts, next: SchemaParts): (key: IdentificationKeyDefinition) => KeyLineage {
  const extensions = lineages(current.extensions, next.extensions);
  const ofProfile = lineages(current.attributes, next.attributes);
  const ofExtensions = new Map<string, (name: string) => Lineage<StoredAttributeDefinition>>();
  const inExtension = (name: string, { before, after }: Lineage<StoredExtensionDefinition>) => {
    const known = ofExtensions.get(name) ?? lineages(before?.attributes ?? [], after?.attributes ?? []);
    ofExtensions.set(name, known);
    return known;
  };
  return ({ source = PROFILE, attributes }) => {
    if (foldName(source) === PROFILE) return { extension: undefined, attributes: attributes.map(ofProfile) };
    const extension = extensions(source);
    return { extension, attributes: attributes.map(inExtension(foldName(source), extension)) };
  };
}

function lineages<D extends Definition>(current: readonly D[], next: readonly D[]): (name: string) => Lineage<D> {
  const [before, after] = [indexByName(current), indexByName(next)];
  return (name) => {
    const definition = after.get(foldName(name));
    // What the next schema does not have may be gone, and has its name still.
    const predecessors = predecessorsOf(before, definition ?? { name });
    return { before: predecessors[0], after: definition, joins: predecessors.length > 1 };
  };
}

/** Whether a key that stays finds by the next schema what it found: its definitions go on, perhaps under other names. */
export function isIntact({ extension, attributes }: KeyLineage): boolean {
  const goesOn = ({ before, after, joins }: Lineage) => before !== undefined && after !== undefined && !joins;
  return (
    (extension === undefined || goesOn(extension)) &&
    attributes.every((lineage) => goesOn(lineage) && lineage.before?.type === lineage.after?.type)
  );
}

/** Whether what fits a definition that a key uses may fit no longer, or the other way round (R23). */
export function isRefitted({ extension, attributes }: KeyLineage): boolean {
  return [extension, ...attributes].some((lineage) => {
    if (lineage?.before === undefined || lineage.after === undefined) return false;
    return !isSameType(lineage.before, lineage.after);
  });
}

/** The definitions of the next schema by which a key reads profiles; `undefined` if the current ones read them so. */
export function readingOf(lineage: KeyLineage): KeyReading | undefined {
  if (isIntact(lineage) && !isRefitted(lineage) && !isRenamed(lineage)) return undefined;
  const attributes = lineage.attributes.flatMap(({ after }) => {
    return after ? [{ ...named(after), type: after.type, ...(after.multiValued && { multiValued: true }) }] : [];
  });
  const extension = lineage.extension?.after;
  return { ...(extension && { extension: { ...named(extension), type: extension.type } }), attributes };
}

function named({ name, formerly }: Renamable): Renamable {
  return { name, ...(formerly && { formerly }) };
}

/** Whether values may stand under other names than before, or in another order of them. */
export function isRenamed({ extension, attributes }: KeyLineage): boolean {
  return [extension, ...attributes].some((lineage) => {
    if (lineage?.before === undefined || lineage.after === undefined) return false;
    return storedNames(lineage.before).join() !== storedNames(lineage.after).join();
  });
}
