import type { StoredContent } from '../model/documents.js';
import { pointerTo } from '../model/violation.js';
import type { CompiledExtensions, CompiledSchema } from './compiled-schema.js';
import { equalJson } from './json-equality.js';
import { type KnownContent, projectContent } from './projection.js';

/** What a state of a profile holds. */
export interface StateContent extends StoredContent {
  readonly segment?: string | undefined;
}

/** What a schema knows of a state. */
export interface KnownState extends KnownContent {
  readonly segment?: string | undefined;
}

/**
 * Projects a state, to be compared by {@link differingMembers}. A step of its own, since each state may have a megabyte of
 * values.
 *
 * @param extensions those to compare: by default the ones that the schema declares, without draining ones
 */
export function knownState(
  schema: CompiledSchema,
  state: StateContent,
  extensions: CompiledExtensions = schema,
): KnownState {
  return { ...projectContent(schema, state, extensions), segment: state.segment };
}

/**
 * Which members of the flat profile differ between two states, by their names in the schema: attributes, extensions, and
 * `segment`.
 *
 * @param before `undefined` for no profile, as is `after`
 * @param extensions as of {@link knownState}
 * @returns pointers such as `/Phone`, in the order of the schema
 */
export function changedMembers(
  schema: CompiledSchema,
  before: StateContent | undefined,
  after: StateContent | undefined,
  extensions: CompiledExtensions = schema,
): string[] {
  const known = (state: StateContent | undefined) => state && knownState(schema, state, extensions);
  return differingMembers(schema, known(before), known(after));
}

/** The same of what the schema knows of the states. */
export function differingMembers(
  schema: CompiledSchema,
  before: KnownState | undefined,
  after: KnownState | undefined,
): string[] {
  const [old, fresh] = [membersOf(before), membersOf(after)];
  const { attributes, extensions } = schema.names;
  return [...attributes, ...extensions, 'segment']
    .filter((name) => !equalJson(old.get(name), fresh.get(name)))
    .map((name) => pointerTo('', name));
}

function membersOf(state: KnownState | undefined): ReadonlyMap<string, unknown> {
  if (state === undefined) return new Map();
  const { attributes, extensions, segment } = state;
  return new Map<string, unknown>([
    ...Object.entries(attributes),
    ...Object.entries(extensions),
    ...(segment === undefined ? [] : [['segment', segment] as const]),
  ]);
}
