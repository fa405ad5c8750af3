import { isPlainObject } from '../model/guards.js';

/** The list that is a member of a definition as given. What is no list is empty. */
export function listIn(definition: unknown, member: string): readonly unknown[] {
  const list = isPlainObject(definition) ? definition[member] : undefined;
  return Array.isArray(list) ? list : [];
}

/** All attribute definitions of a schema, or of an extension, as given: those of its extensions included. */
export function attributesIn(definition: unknown): readonly unknown[] {
  const extensions = listIn(definition, 'extensions');
  return [definition, ...extensions].flatMap((owner) => listIn(owner, 'attributes'));
}
