import { IsArray } from 'class-validator';
import { ATTRIBUTE_FORM, type AttributeDefinitionForm } from './attribute-definition.js';
import type { DefinitionForm } from './check-form.js';
import { expects } from './expectation.js';
import { EXTENSION_FORM, type ExtensionDefinitionForm } from './extension-definition.js';
import { type IdentificationKeyDefinitionForm, KEY_FORM } from './identification-key-definition.js';
import { IfPresent } from './if-present.js';

/** The form of a whole schema: member names and types, before the rules check their meaning. */
export class SchemaDefinitionForm {
  @IsArray(expects('R4', 'a list of attribute definitions'))
  declare attributes: AttributeDefinitionForm[];

  @IfPresent()
  @IsArray(expects('R10', 'a list of extension definitions'))
  declare extensions?: ExtensionDefinitionForm[];

  @IfPresent()
  @IsArray(expects('R18', 'a list of identification keys'))
  declare identificationKeys?: IdentificationKeyDefinitionForm[];
}

export const SCHEMA_FORM: DefinitionForm = {
  form: SchemaDefinitionForm,
  rule: 'R11',
  expected: 'an object',
  lists: { attributes: ATTRIBUTE_FORM, extensions: EXTENSION_FORM, identificationKeys: KEY_FORM },
};
