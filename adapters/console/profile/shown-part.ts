import type { ConsoleSchema } from './schema.js';

/** The most values of lists that a page shows of one profile, which may have half a million: each costs kilobytes of memory. */
const MAX_SHOWN = 1_000;

/** A profile as far as a page shows it. */
export interface ShownPart {
  readonly members: Readonly<Record<string, unknown>>;
  /** How many values or records of a member are left out. */
  readonly left: ReadonlyMap<string, number>;
}

/** Cuts the longest lists of a profile, so that all of them together have no more values than a page shows. */
export function shownPart(schema: ConsoleSchema, profile: Readonly<Record<string, unknown>>): ShownPart {
  const members: Record<string, unknown> = Object.assign(Object.create(null), profile);
  const left = new Map<string, number>();
  let room = MAX_SHOWN;
  const lists = listsOf(schema, profile).toSorted((one, other) => one.values - other.values);
  for (const { name, list, values } of lists) {
    if (values > room) {
      const shown = Math.floor((room / values) * list.length);
      members[name] = list.slice(0, shown);
      left.set(name, list.length - shown);
    }
    room -= Math.min(values, room);
  }
  return { members, left };
}

interface List {
  readonly name: string;
  readonly list: readonly unknown[];
  readonly values: number;
}

function listsOf({ attributes, extensions }: ConsoleSchema, profile: Readonly<Record<string, unknown>>): List[] {
  const columns = new Map([
    ...attributes.map(({ name }) => [name, 1] as const),
    ...extensions.map((extension) => [extension.name, Math.max(1, extension.attributes.length)] as const),
  ]);
  return [...columns].flatMap(([name, width]) => {
    const list = profile[name];
    return Array.isArray(list) ? [{ name, list, values: list.length * width }] : [];
  });
}
