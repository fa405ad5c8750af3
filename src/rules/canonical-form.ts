import type { StoredContent } from '../model/documents.js';
import type { StoredAttributeDefinition, StoredSchema } from '../model/stored-schema.js';
import type { CompiledSchema } from './compiled-schema.js';
import { projectAttributesDocument, projectExtensionsDocument } from './projection.js';

/**
 * Whether documents are in the form in which a replacement stores them: exactly what the schema declares, in its order and
 * case, and nothing residual. Two such documents are equal only if their texts are.
 */
export function isCanonical(schema: CompiledSchema, { attributes, extensions }: StoredContent): boolean {
  return (
    projectAttributesDocument(schema.attributes, attributes) === attributes &&
    (extensions === undefined || projectExtensionsDocument(schema.stored, extensions) === extensions)
  );
}

/**
 * The lowest version of a schema by which canonical documents are canonical by the next version as well: the next version
 * itself, if that removes, retypes, renames or reorders a definition.
 */
export function nextCanonicalSince(version: number, current: StoredSchema, next: StoredSchema): number {
  return keepsForm(current, next) ? (current.canonicalSince ?? 1) : version + 1;
}

function keepsForm(current: StoredSchema, next: StoredSchema): boolean {
  const extensions = new Map(next.extensions.map((extension) => [extension.name, extension]));
  return (
    goesOn(current.attributes, next.attributes) &&
    goesOn(current.extensions, next.extensions) &&
    current.extensions.every(({ name, attributes }) => goesOn(attributes, extensions.get(name)?.attributes ?? []))
  );
}

interface Definition extends Pick<StoredAttributeDefinition, 'name' | 'multiValued'> {
  readonly type: string;
}

/** Whether each definition goes on as it is, and so does their order. Others may come in between. */
function goesOn(current: readonly Definition[], next: readonly Definition[]): boolean {
  let place = 0;
  return current.every((definition) => {
    while (place < next.length && next[place]?.name !== definition.name) place += 1;
    const same = next[place++];
    return (
      same !== undefined &&
      same.type === definition.type &&
      (same.multiValued ?? false) === (definition.multiValued ?? false)
    );
  });
}
