import { isPlainObject } from '../model/guards.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { CriteriaInput } from '../rules/identification/criteria.js';
import { foldName } from '../rules/names.js';
import { keyNamed } from './profile-search.js';

/**
 * The search values of a row for `identify`: the first value of each attribute of the key. `undefined` if one is
 * missing.
 */
export function keyValuesOf(
  schema: CompiledSchema,
  idKey: string,
  members: Readonly<Record<string, unknown>>,
): CriteriaInput | undefined {
  const key = keyNamed(schema, idKey);
  const source = key.extension ? first(membersNamed(members, [key.extension])[0]) : members;
  if (!isPlainObject(source)) return undefined;
  const given = membersNamed(source, key.attributes);
  const values = key.attributes.map(({ name }, index) => [name, first(given[index])] as const);
  if (values.some(([, value]) => value === undefined || value === null)) return undefined;
  const prefix = key.extension ? `${key.extension.name}.` : '';
  return Object.fromEntries(values.map(([name, value]) => [prefix + name, value]));
}

/** What is given for each of some definitions; `undefined` for none. */
function membersNamed(
  members: Readonly<Record<string, unknown>>,
  definitions: readonly { readonly name: string }[],
): readonly unknown[] {
  const found = new Map<string, unknown>(definitions.map(({ name }) => [foldName(name), undefined]));
  for (const name of Object.keys(members)) {
    const folded = foldName(name);
    if (found.has(folded) && found.get(folded) === undefined) found.set(folded, members[name]);
  }
  return [...found.values()];
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}
