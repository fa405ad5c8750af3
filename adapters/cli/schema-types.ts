import type { AttributeDefinition, ExtensionDefinition, Schema, SchemaDefinition, ValueType } from 'dossier';

export interface SchemaTypesOptions {
  /** The name of the type of a profile that is read; the type of what is sent has `Input` behind it. Default `Customer`. */
  readonly name?: string | undefined;
}

const READ_TYPES: Readonly<Record<ValueType, string>> = {
  string: 'string',
  boolean: 'boolean',
  integer: 'number',
  long: 'number | string',
  double: 'number',
  currency: 'string',
  date: 'string',
  datetime: 'string',
};

const SENT_TYPES: Readonly<Record<ValueType, string>> = { ...READ_TYPES, currency: 'string | number' };

/** Not `{}`, which takes everything but null. */
const NO_MEMBERS = '{ [name: string]: never }';

/**
 * Prints, as TypeScript, the types that `Infer` and `InferInput` have for a schema that is declared at run time.
 *
 * They are aliases and no interfaces, since an interface is not assignable to the records that the services take.
 */
export function printSchemaTypes(
  schema: Schema | SchemaDefinition,
  { name = 'Customer' }: SchemaTypesOptions = {},
): string {
  const { attributes, extensions = [] } = schema;
  const version = 'version' in schema ? `, version ${schema.version}` : '';
  return `// Printed by \`dossier schema types\` from the schema of a tenant${version}. Print it again when the schema changes.

/** A profile as it is read. Mandatory attributes may be missing, since the schema may have required them later. */
export type ${name} = {
  attributes: ${indent(object(attributes.map(readAttribute)))};
  extensions?: ${indent(object(extensions.map(readExtension)))};
};

/** What creates or replaces a profile. \`null\` means no value; without \`extensions\` all of them stay. */
export type ${name}Input = {
  attributes: ${indent(object(attributes.map(sentAttribute)))};
  extensions?: ${indent(object(extensions.map((extension) => sentExtension(extension, `${name}Records`))))} | undefined;
};
${extensions.some(isMultiValued) ? `\ntype ${name}Records<Record> = Record | readonly Record[];\n` : ''}`;
}

function readAttribute(definition: AttributeDefinition): string {
  const one = choices(definition) ?? READ_TYPES[definition.type];
  return `${member(definition.name)}?: ${definition.multiValued ? listOf(one) : one}`;
}

function sentAttribute(definition: AttributeDefinition): string {
  const { name, type, multiValued, mandatory, default: fallback } = definition;
  const one = choices(definition) ?? SENT_TYPES[type];
  const sent = multiValued ? `${one} | readonly ${listOf(one)}` : one;
  return mandatory && fallback === undefined ? `${member(name)}: ${sent}` : optional(name, sent);
}

/** The union of the values of `oneOf`. A `currency` is stored in another form than it may be declared in. */
function choices({ type, oneOf }: AttributeDefinition): string | undefined {
  if (oneOf === undefined || type === 'currency') return undefined;
  return [...new Set(oneOf.map((value) => JSON.stringify(value)))].join(' | ');
}

function readExtension(extension: ExtensionDefinition): string {
  const record = object(extension.attributes.map(readAttribute));
  return `${member(extension.name)}?: ${record}${isMultiValued(extension) ? '[]' : ''}`;
}

function sentExtension(extension: ExtensionDefinition, records: string): string {
  const record = object(extension.attributes.map(sentAttribute));
  return optional(extension.name, isMultiValued(extension) ? `${records}<${record}>` : `${record} | readonly []`);
}

function isMultiValued({ type }: ExtensionDefinition): boolean {
  return type === 'multi-valued';
}

function optional(name: string, sent: string): string {
  // What every object inherits under such a name would otherwise make the compiler demand the member.
  const inherited = name in Object.prototype ? ` | {}['${name}']` : '';
  return `${member(name)}?: ${sent} | null | undefined${inherited}`;
}

/** Names of a schema are identifiers (R1), but who calls this may not have had it checked. */
function member(name: string): string {
  return /^[A-Za-z]\w*$/.test(name) ? name : JSON.stringify(name);
}

function listOf(type: string): string {
  return type.includes(' ') ? `(${type})[]` : `${type}[]`;
}

function object(members: readonly string[]): string {
  return members.length === 0 ? NO_MEMBERS : `{\n${members.map((line) => `  ${indent(line)};\n`).join('')}}`;
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n  ');
}
