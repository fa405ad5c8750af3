import type { IdentificationKeyDefinition } from 'dossier';

/** Values by name: an array for a multi-valued attribute. */
export type ModelRecord = Readonly<Record<string, string | readonly string[]>>;

/** A profile of the model: attributes, and records by extension. */
export interface ModelProfile {
  readonly attributes: ModelRecord;
  readonly extensions: Readonly<Record<string, readonly ModelRecord[]>>;
}

/** Identification without an index: every search reads every profile. */
export class PlainModel {
  readonly profiles = new Map<string, ModelProfile>();
  readonly keys: IdentificationKeyDefinition[] = [];

  create(id: string, profile: ModelProfile): string {
    if (this.profiles.has(id)) return 'already_exists';
    if (this.#isTaken(id, profile)) return 'identity_taken';
    this.profiles.set(id, profile);
    return 'ok';
  }

  replace(id: string, attributes: ModelRecord, extensions: ModelProfile['extensions'] | undefined): string {
    const former = this.profiles.get(id);
    if (!former) return 'not_found';
    const profile = { attributes, extensions: extensions ?? former.extensions };
    if (this.#isTaken(id, profile)) return 'identity_taken';
    this.profiles.set(id, profile);
    return 'ok';
  }

  delete(id: string): string {
    return this.profiles.delete(id) ? 'ok' : 'not_found';
  }

  addKey(key: IdentificationKeyDefinition): string {
    if (this.key(key.name)) return 'already_exists';
    const collisions = key.unique ? this.#collisions(key) : 0;
    if (collisions > 0) return `schema_in_use: ${collisions}`;
    this.keys.push(key);
    return 'ok';
  }

  removeKey(name: string): string {
    const key = this.key(name);
    if (!key) return 'not_found';
    this.keys.splice(this.keys.indexOf(key), 1);
    return 'ok';
  }

  key(name: string): IdentificationKeyDefinition | undefined {
    return this.keys.find((key) => key.name.toLowerCase() === name.toLowerCase());
  }

  /** The sorted ids of the profiles that have these values for the attributes of a key. */
  find(key: IdentificationKeyDefinition, values: readonly string[]): string[] {
    const found = [...this.profiles].filter(([, profile]) =>
      tuplesOf(key, profile).some((one) => same(key, one, values)),
    );
    return found.map(([id]) => id).toSorted();
  }

  #isTaken(id: string, profile: ModelProfile): boolean {
    const unique = this.keys.filter((key) => key.unique);
    return unique.some((key) =>
      tuplesOf(key, profile).some((values) => this.find(key, values).some((other) => other !== id)),
    );
  }

  /** The number of entries that could not be added to a unique index. */
  #collisions(key: IdentificationKeyDefinition): number {
    const values: (readonly string[])[] = [];
    for (const tuple of [...this.profiles.values()].flatMap((profile) => tuplesOf(key, profile))) {
      if (!values.some((known) => same(key, known, tuple))) values.push(tuple);
    }
    return values.reduce((count, tuple) => count + this.find(key, tuple).length - 1, 0);
  }
}

function tuplesOf({ source, attributes }: IdentificationKeyDefinition, profile: ModelProfile): string[][] {
  const records = source === undefined ? [profile.attributes] : (profile.extensions[source] ?? []);
  return records.flatMap((record) =>
    attributes.reduce<string[][]>(
      (tuples, name) => tuples.flatMap((tuple) => [record[name] ?? []].flat().map((value) => [...tuple, value])),
      [[]],
    ),
  );
}

function same(key: IdentificationKeyDefinition, one: readonly string[], other: readonly string[]): boolean {
  return one.every((value, index) => {
    const against = other[index] ?? '';
    return key.caseSensitive === false ? sameButForCase(value, against) : value === against;
  });
}

/** Compares by ECMAScript regular expressions, which use simple case folding. */
function sameButForCase(one: string, other: string): boolean {
  const points = Array.from(one.normalize('NFKC'), (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
  return new RegExp(`^${points.join('')}$`, 'iu').test(other.normalize('NFKC'));
}
