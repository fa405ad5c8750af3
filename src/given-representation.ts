import { checkRepresentation, givenExtensions, type RepresentationCheck } from './rules/check-representation.js';
import type { CompiledExtension, CompiledSchema } from './rules/compiled-schema.js';
import { copyGiven } from './rules/given-copy.js';
import type { Representation } from './rules/representation.js';

/** What a representation comes to by one schema. */
interface Reading {
  readonly schema: CompiledSchema;
  readonly check: RepresentationCheck;
  /** The extensions that it gives; `undefined` where they stay as they are (R7). */
  readonly extensions: ReadonlySet<CompiledExtension> | undefined;
}

/**
 * A representation as it was when it was given, whatever the caller does to it while the operation waits for the storage.
 * It is checked at once by the schema that is known, which takes no longer than to check it later; where none is known, it is
 * copied. Only if the schema turns out to have moved on is it looked at again.
 */
export class GivenRepresentation {
  readonly #given: Representation;
  #reading: Reading | undefined;

  constructor(given: Representation, known: CompiledSchema | undefined) {
    this.#given = known ? given : copyGiven(given);
    this.#reading = known && read(known, given);
  }

  by(schema: CompiledSchema): Reading {
    if (this.#reading?.schema !== schema) this.#reading = read(schema, this.#given);
    return this.#reading;
  }
}

function read(schema: CompiledSchema, given: Representation): Reading {
  return { schema, check: checkRepresentation(schema, given), extensions: givenExtensions(schema, given) };
}
