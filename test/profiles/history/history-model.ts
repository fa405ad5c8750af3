import { deepStrictEqual } from 'node:assert/strict';
import type { Attributes, Extensions, Profile } from 'dossier';

/** What a state holds, as `get` answers it with all extensions. */
export interface ModelContent {
  readonly attributes: Attributes;
  readonly extensions: Extensions;
  readonly segment: string | undefined;
}

/** A state as the rules say that history has it: without content for a deletion. */
export interface ModelState {
  readonly revision: number;
  readonly operation: string;
  readonly actor: string;
  readonly content: ModelContent | undefined;
}

/** The history of customer ids in its simplest form: a list of states each, the oldest first. */
export class HistoryModel {
  readonly #states = new Map<string, ModelState[]>();
  readonly #retained: number;

  /** @param retained how many former states of each profile are answered */
  constructor(retained: number) {
    this.#retained = retained;
  }

  present(id: string): ModelState | undefined {
    return this.#states.get(id)?.at(-1);
  }

  /** The states that are answered, the newest first. */
  answered(id: string): ModelState[] {
    const oldest = (this.present(id)?.revision ?? 0) - this.#retained;
    return (this.#states.get(id) ?? []).filter(({ revision }) => revision >= oldest).reverse();
  }

  /** The content of a state that is answered; `undefined` for a deletion, or if there is none. */
  contentAt(id: string, revision: number): ModelContent | undefined {
    return this.answered(id).find((state) => state.revision === revision)?.content;
  }

  /** @returns whether it is a state: a change that changes nothing is none, except a merge (R13) */
  add(id: string, operation: string, actor: string, content: ModelContent | undefined): boolean {
    const present = this.present(id);
    if (operation !== 'merge' && present && isSame(present.content, content)) return false;
    const revision = (present?.revision ?? 0) + 1;
    this.#states.set(id, [...(this.#states.get(id) ?? []), { revision, operation, actor, content }]);
    return true;
  }
}

export function contentOf({ attributes, extensions = {}, segment }: Profile): ModelContent {
  return { attributes, extensions, segment };
}

/** Pointers to the members that differ, unordered. */
export function changedIn(before: ModelContent | undefined, after: ModelContent | undefined): Set<string> {
  const [old, fresh] = [membersOf(before), membersOf(after)];
  const names = [...Object.keys(old), ...Object.keys(fresh)];
  return new Set(names.filter((name) => !isSame(old[name], fresh[name])).map((name) => `/${name}`));
}

function membersOf(content: ModelContent | undefined): Record<string, unknown> {
  if (content === undefined) return {};
  const { attributes, extensions, segment } = content;
  const withRecords = Object.entries(extensions).filter(([, records]) => !Array.isArray(records) || records.length > 0);
  return { ...attributes, ...Object.fromEntries(withRecords), ...(segment !== undefined && { segment }) };
}

function isSame(one: unknown, other: unknown): boolean {
  try {
    deepStrictEqual(one, other);
    return true;
  } catch {
    return false;
  }
}
