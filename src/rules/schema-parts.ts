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

/**
 * Whether a definition as given is plain data that has the member. Looks for the member first: a definition may have any
 * number of others.
 */
export function hasMember(definition: unknown, member: string): boolean {
  if (typeof definition !== 'object' || definition === null || !Object.hasOwn(definition, member)) return false;
  return isPlainObject(definition) && definition[member] !== undefined;
}
