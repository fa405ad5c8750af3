const TYPES = ['string', 'boolean', 'integer', 'long', 'double', 'currency', 'date', 'datetime'];

/** A program that uses the types of a schema with so many attributes, and with some extensions of ten attributes each. */
export function programOf(attributes: number, extensionCount = 1): string {
  const definitions = Array.from({ length: attributes }, (_, index) => attribute(index));
  const extensions = Array.from({ length: extensionCount }, (_, index) => {
    const own = Array.from({ length: 10 }, (_, at) => `{ name: 'A${at}', type: '${TYPES[at % 8]}' }`);
    return `{ name: 'Extension${index}', type: '${index % 2 ? 'single' : 'multi'}-valued', attributes: [${own}] }`;
  });
  return `
    import { defineSchema, type Infer, type InferInput, type Profile, type SchemaDefinition, type TypedProfile } from 'dossier';
    export const schema = defineSchema({ attributes: [${definitions}], extensions: [${extensions}] });
    export const definition: SchemaDefinition = schema;
    export const profile = (typed: TypedProfile<typeof schema>): Profile => typed;
    export const read = ({ attributes }: Infer<typeof schema>): string | undefined => attributes.Attribute8;
    declare const input: InferInput<typeof schema>;
    export const city: InferInput<typeof schema> = { ...input, extensions: { Extension0: [{ A0: 'x' }] } };
    // @ts-expect-error a misspelt attribute
    export const misspelt: InferInput<typeof schema> = { attributes: { ...input.attributes, Attribut8: 'x' } };
  `;
}

/** Next to nothing, for comparison. */
export const SMALL_PROGRAM = programOf(20);

function attribute(index: number): string {
  const members = [`name: 'Attribute${index}'`, `type: '${TYPES[index % 8]}'`];
  if (index % 5 === 0) members.push('multiValued: true');
  if (index % 3 === 0) members.push('mandatory: true');
  if (index % 48 === 0) members.push("default: 'x'");
  return `{ ${members.join(', ')} }`;
}
