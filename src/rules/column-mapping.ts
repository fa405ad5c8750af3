import { MalformedRequestError } from '../errors.js';
import { isPlainObject } from '../model/guards.js';
import type { CompiledSchema } from './compiled-schema.js';
import { columnNamed } from './table-column.js';

/** Which columns of a table are read as which attributes, and which are left out. Names of columns match exactly. */
export class ColumnMapping {
  readonly #targets: ReadonlyMap<string, string>;
  readonly #ignored: ReadonlySet<string>;

  /**
   * @param map the attribute for each column, as a column of that name would give it: `EmailAddress`, `Phone.Number`
   * @param ignore the columns to leave out
   * @throws MalformedRequestError if an argument has the wrong form, or a column is in both
   */
  constructor(map: Readonly<Record<string, string>> = {}, ignore: readonly string[] = []) {
    if (!isPlainObject(map) || !Object.values(map).every((target) => typeof target === 'string')) {
      throw new MalformedRequestError("`map` must be an object of columns, such as { 'E-mail': 'EmailAddress' }.");
    }
    if (!Array.isArray(ignore) || !ignore.every((name) => typeof name === 'string')) {
      throw new MalformedRequestError('`ignore` must be an array of names of columns.');
    }
    this.#targets = new Map(Object.entries(map));
    this.#ignored = new Set(ignore);
    const twice = ignore.find((name) => this.#targets.has(name));
    if (twice === undefined) return;
    throw new MalformedRequestError(`The column ${JSON.stringify(twice)} is in \`map\` and in \`ignore\`. Choose one.`);
  }

  /** Whether it maps or ignores anything. */
  get isEmpty(): boolean {
    return this.#targets.size === 0 && this.#ignored.size === 0;
  }

  /** The name that a column stands for; `undefined` if it is left out. */
  targetOf(name: string): string | undefined {
    return this.#ignored.has(name) ? undefined : (this.#targets.get(name) ?? name);
  }

  /** @throws MalformedRequestError if a column is mapped to a name that the schema does not know */
  assertKnown(schema: CompiledSchema): void {
    for (const [name, target] of this.#targets) {
      if (columnNamed(schema, target)) continue;
      throw new MalformedRequestError(
        `\`map\` has ${JSON.stringify(target)} for the column ${JSON.stringify(name)}, which the schema does not know. Use the name of an attribute, or of one of an extension, such as Phone.Number.`,
      );
    }
  }
}
