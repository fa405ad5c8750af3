import { parseDocument } from '../sql/rows.js';

/** The documents and the segment of a state, as they are stored. */
export interface StoredTexts {
  readonly attributes: string;
  readonly extensions: string;
  readonly segment: string | undefined;
}

/** JSON pointers to the members that differ between two states, as a JSON array in the order of `members`. */
export function changedMembers(members: readonly string[], before: StoredTexts, after: StoredTexts): string {
  const [old, fresh] = [membersOf(before), membersOf(after)];
  return JSON.stringify(members.filter((name) => old.get(name) !== fresh.get(name)).map((name) => `/${name}`));
}

function membersOf({ attributes, extensions, segment }: StoredTexts): ReadonlyMap<string, string | undefined> {
  const documents = [attributes, extensions].map((text) => parseDocument<Readonly<Record<string, unknown>>>(text));
  const texts = documents.flatMap(Object.entries).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return new Map<string, string | undefined>([...texts, ['segment', segment]]);
}
