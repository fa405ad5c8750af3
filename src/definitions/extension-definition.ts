import { IsArray, IsIn, IsString } from 'class-validator';
import { EXTENSION_TYPES, type ExtensionType } from '../model/schema.js';
import { EXPECTED_NAME } from '../rules/names.js';
import { ATTRIBUTE_FORM, type AttributeDefinitionForm } from './attribute-definition.js';
import type { DefinitionForm } from './check-form.js';
import { expects } from './expectation.js';
import { IfPresent } from './if-present.js';

/** The form of an extension definition (R10): member names and types, before the rules check their meaning. */
export class ExtensionDefinitionForm {
  @IsString(expects('R1', EXPECTED_NAME))
  declare name: string;

  @IsIn(EXTENSION_TYPES, expects('R10', `one of ${EXTENSION_TYPES.join(', ')}`))
  declare type: ExtensionType;

  @IsArray(expects('R10', 'a list of attribute definitions'))
  declare attributes: AttributeDefinitionForm[];

  @IfPresent()
  @IsArray(expects('R10', 'a list of names'))
  @IsString(expects('R10', 'names of attributes of this extension', { each: true }))
  declare unique?: string[];
}

export const EXTENSION_FORM: DefinitionForm = {
  form: ExtensionDefinitionForm,
  rule: 'R10',
  expected: 'an extension definition',
  lists: { attributes: ATTRIBUTE_FORM },
};
