import type { AttributeDefinition, ExtensionDefinition, IdentificationKeyDefinition } from 'dossier';
import type { ApiClient } from '../request/api-client.js';
import { ProblemError } from '../request/problem-error.js';

/** The schema of a tenant, as the interface answers it. */
export interface ConsoleSchema {
  readonly version: number;
  readonly attributes: readonly AttributeDefinition[];
  readonly attributesByName: ReadonlyMap<string, AttributeDefinition>;
  readonly extensions: readonly ExtensionDefinition[];
  readonly keys: readonly IdentificationKeyDefinition[];
}

/** A profile as the interface answers it: one flat object. */
export type WireProfile = Readonly<Record<string, unknown>> & { readonly customer_id: string };

/** The schema of the tenant; `undefined` if it has none yet. */
export async function findSchema(api: ApiClient): Promise<ConsoleSchema | undefined> {
  try {
    return await readSchema(api);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'not_found') return undefined;
    throw error;
  }
}

/** @throws ProblemError if the tenant has no schema */
export async function readSchema(api: ApiClient): Promise<ConsoleSchema> {
  const [profile, extensions, keys] = await Promise.all([
    api.get('/metadata/profiles'),
    api.get('/metadata/profiles/extensions'),
    api.get('/metadata/identification-keys'),
  ]);
  const { version, attributes } = profile.body as Pick<ConsoleSchema, 'version' | 'attributes'>;
  return {
    version,
    attributes,
    attributesByName: new Map(attributes.map((attribute) => [attribute.name, attribute])),
    extensions: extensions.body as ConsoleSchema['extensions'],
    keys: keys.body as ConsoleSchema['keys'],
  };
}

/** What a definition is called for people (R25). */
export function titleOf({ name, title }: { readonly name: string; readonly title?: string | undefined }): string {
  return title ?? name;
}

/** What the member of a profile is called that a pointer names. */
export function titleAt({ attributesByName, extensions }: ConsoleSchema, pointer: string): string {
  const [, name = '', ...rest] = pointer.split('/');
  const attribute = attributesByName.get(name);
  if (attribute) return rest.length > 0 ? `${titleOf(attribute)} ${Number(rest[0]) + 1}` : titleOf(attribute);
  const extension = extensions.find((one) => one.name === name);
  if (!extension) return name === 'segment' ? 'Segment' : name;
  const [first, second] = rest;
  const position = first !== undefined && /^\d+$/.test(first) ? Number(first) + 1 : undefined;
  const member = extension.attributes.find((one) => one.name === (position === undefined ? first : second));
  return [titleOf(extension), position, member && `– ${titleOf(member)}`].filter(Boolean).join(' ');
}

export function isMultiValued({ type }: ExtensionDefinition): boolean {
  return type === 'multi-valued';
}

/** The records of an extension, also of a single-valued one. */
export function recordsOf(
  members: Readonly<Record<string, unknown>>,
  { name }: ExtensionDefinition,
): readonly Record<string, unknown>[] {
  const stored = members[name];
  if (stored === undefined || stored === null) return [];
  return (Array.isArray(stored) ? stored : [stored]) as Record<string, unknown>[];
}
