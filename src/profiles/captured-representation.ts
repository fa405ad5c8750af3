import { copyInput } from '../model/defensive-copy.js';
import type { Representation } from '../model/representation.js';
import {
  checkRepresentation,
  givenExtensions,
  givesExtensions,
  type RepresentationCheck,
} from '../rules/check-representation.js';
import type { CompiledExtension, CompiledSchema } from '../rules/compiled-schema.js';

/** What a representation comes to by one schema. */
interface Reading {
  readonly schema: CompiledSchema;
  readonly check: RepresentationCheck;
  /** The extensions that it gives; `undefined` where they stay as they are (R7). */
  readonly extensions: ReadonlySet<CompiledExtension> | undefined;
}

/**
 * A representation as it was when it was given, whatever the caller does to it while the operation waits for the storage.
 * Where a schema is known, the operation looks at it by that schema before it waits; where none is, it is copied. Only if
 * the schema turns out to have moved on is it looked at again.
 */
export class CapturedRepresentation {
  readonly #given: Representation;
  #reading: Reading | undefined;

  constructor(given: Representation, known: CompiledSchema | undefined) {
    this.#given = known ? given : copyInput(given);
  }

  /** Whether it replaces the extensions (R8), which is told without checking it. */
  givesExtensions(schema: CompiledSchema): boolean {
    return this.#reading?.schema === schema
      ? this.#reading.extensions !== undefined
      : givesExtensions(schema, this.#given);
  }

  by(schema: CompiledSchema): Reading {
    if (this.#reading?.schema !== schema) this.#reading = read(schema, this.#given);
    return this.#reading;
  }
}

function read(schema: CompiledSchema, given: Representation): Reading {
  return { schema, check: checkRepresentation(schema, given), extensions: givenExtensions(schema, given) };
}
