import type { StoredContent } from '../model/documents.js';
import { pointerTo } from '../model/violation.js';
import type { CompiledExtensions, CompiledSchema } from './compiled-schema.js';
import { equalJson } from './json-equality.js';
import { projectContent } from './projection.js';

/** What a state of a profile holds. */
export interface StateContent extends StoredContent {
  readonly segment?: string | undefined;
}

/**
 * Which members of the flat profile differ between two states, by their names in the schema: attributes, extensions, and
 * `segment`.
 *
 * @param before `undefined` for no profile, as is `after`
 * @param extensions those to compare: by default the ones that the schema declares, without draining ones
 * @returns pointers such as `/Phone`, in the order of the schema
 */
export function changedMembers(
  schema: CompiledSchema,
  before: StateContent | undefined,
  after: StateContent | undefined,
  extensions: CompiledExtensions = schema,
): string[] {
  const old = membersOf(schema, before, extensions);
  const fresh = membersOf(schema, after, extensions);
  return schema.members.filter((name) => !equalJson(old.get(name), fresh.get(name))).map((name) => pointerTo('', name));
}

function membersOf(
  schema: CompiledSchema,
  content: StateContent | undefined,
  compared: CompiledExtensions,
): ReadonlyMap<string, unknown> {
  if (content === undefined) return new Map();
  const { attributes, extensions } = projectContent(schema, content, compared);
  const { segment } = content;
  return new Map<string, unknown>([
    ...Object.entries(attributes),
    ...Object.entries(extensions),
    ...(segment === undefined ? [] : [['segment', segment] as const]),
  ]);
}
