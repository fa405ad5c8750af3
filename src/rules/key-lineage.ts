import { type IdentificationKeyDefinition, PROFILE } from '../model/schema.js';
import type { StoredAttributeDefinition, StoredExtensionDefinition, StoredSchema } from '../model/stored-schema.js';
import { predecessorsOf, storedNames } from './former-names.js';
import { foldName, indexByName } from './names.js';

type SchemaParts = Pick<StoredSchema, 'attributes' | 'extensions'>;

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

/** Whether a definition that a key uses joins several of the current schema. */
export function isJoining({ extension, attributes }: KeyLineage): boolean {
  return extension?.joins === true || attributes.some(({ joins }) => joins);
}

/** Whether values may stand under other names than before, or in another order of them. */
export function isRenamed({ extension, attributes }: KeyLineage): boolean {
  return [extension, ...attributes].some((lineage) => {
    if (lineage?.before === undefined || lineage.after === undefined) return false;
    return storedNames(lineage.before).join() !== storedNames(lineage.after).join();
  });
}
