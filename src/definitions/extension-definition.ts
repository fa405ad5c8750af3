import { IsArray, IsBoolean, IsIn, IsInt, IsString, Max, Min } from 'class-validator';
import { EXTENSION_TYPES, type ExtensionType } from '../model/schema.js';
import { MAX_COUNT } from '../rules/constraints/index.js';
import { EXPECTED_NAME } from '../rules/names.js';
import { ATTRIBUTE_FORM, type AttributeDefinitionForm } from './attribute-definition.js';
import type { DefinitionForm } from './check-form.js';
import { expects } from './expectation.js';
import { IfPresent } from './if-present.js';
import { IsText, MAX_DESCRIPTION, MAX_TITLE } from './is-text.js';

const RECORD_COUNT = `an integer from 1 to ${MAX_COUNT}`;

/** The form of an extension definition (R10): member names and types, before the rules check their meaning. */
export class ExtensionDefinitionForm {
  @IsString(expects('R1', EXPECTED_NAME))
  declare name: string;

  @IsIn(EXTENSION_TYPES, expects('R10', `one of ${EXTENSION_TYPES.join(', ')}`))
  declare type: ExtensionType;

  @IfPresent()
  @IsArray(expects('R26', 'a list of former names'))
  @IsString(expects('R26', 'former names', { each: true }))
  declare formerly?: string[];

  @IsArray(expects('R10', 'a list of attribute definitions'))
  declare attributes: AttributeDefinitionForm[];

  @IfPresent()
  @IsArray(expects('R10', 'a list of names'))
  @IsString(expects('R10', 'names of attributes of this extension', { each: true }))
  declare unique?: string[];

  @IfPresent()
  @IsInt(expects('R24', RECORD_COUNT))
  @Min(1, expects('R24', RECORD_COUNT))
  @Max(MAX_COUNT, expects('R24', RECORD_COUNT))
  declare maxRecords?: number;

  @IfPresent()
  @IsBoolean(expects('L2', 'true or false'))
  declare protected?: boolean;

  @IfPresent()
  @IsText(MAX_TITLE, 'R25')
  declare title?: string;

  @IfPresent()
  @IsText(MAX_DESCRIPTION, 'R25')
  declare description?: string;
}

export const EXTENSION_FORM: DefinitionForm = {
  form: ExtensionDefinitionForm,
  rule: 'R10',
  expected: 'an extension definition',
  lists: { attributes: ATTRIBUTE_FORM },
};
