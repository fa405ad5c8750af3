import { copyInput } from '../model/defensive-copy.js';
import type { Representation } from '../model/representation.js';
import { checkRepresentation, type RepresentationCheck } from '../rules/check-representation.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';

/**
 * A captured input, checked once per schema. If the schema is in memory, the input is checked at once, before anything
 * is awaited. Otherwise it is copied: the caller may mutate it while the schema is loaded.
 */
export class CapturedRepresentation {
  readonly #input: Representation;
  readonly #maxBytes: number;
  #schema: CompiledSchema | undefined;
  #check: RepresentationCheck | undefined;

  /** @param maxBytes the most bytes of JSON in UTF-8 that attributes and extensions may take, each */
  constructor(input: Representation, known: CompiledSchema | undefined, maxBytes: number) {
    this.#input = known ? input : copyInput(input);
    this.#maxBytes = maxBytes;
    if (known) this.by(known);
  }

  /** The result of checking the input against a schema. */
  by(schema: CompiledSchema): RepresentationCheck {
    if (this.#check && this.#schema === schema) return this.#check;
    this.#schema = schema;
    this.#check = checkRepresentation(schema, this.#input, this.#maxBytes);
    return this.#check;
  }
}
