import { Exclude } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsString, Max, Min } from 'class-validator';
import { type AttributeDefinition, FORMATS, type Format, VALUE_TYPES, type ValueType } from '../model/schema.js';
import { MAX_COUNT, MAX_PATTERN } from '../rules/constraints/index.js';
import { EXPECTED_NAME } from '../rules/names.js';
import { MAX_STRING_LENGTH } from '../rules/values/index.js';
import type { DefinitionForm } from './check-form.js';
import { expects } from './expectation.js';
import { IfPresent } from './if-present.js';
import { IsText, MAX_DESCRIPTION, MAX_TITLE } from './is-text.js';

const LENGTH = `an integer from 1 to ${MAX_STRING_LENGTH}`;
const LEAST_LENGTH = `an integer from 0 to ${MAX_STRING_LENGTH}`;
const LEAST_COUNT = `an integer from 0 to ${MAX_COUNT}`;
const MOST_COUNT = `an integer from 1 to ${MAX_COUNT}`;

/** The form of an attribute definition (R4): member names and types, before the rules check their meaning. */
export class AttributeDefinitionForm implements AttributeDefinition {
  @IsString(expects('R1', EXPECTED_NAME))
  declare name: string;

  @IsIn(VALUE_TYPES, expects('R4', `one of ${VALUE_TYPES.join(', ')}`))
  declare type: ValueType;

  @IfPresent()
  @IsArray(expects('R26', 'a list of former names'))
  @IsString(expects('R26', 'former names', { each: true }))
  declare formerly?: string[];

  @IfPresent()
  @IsBoolean(expects('R4', 'true or false'))
  declare multiValued?: boolean;

  @IfPresent()
  @IsBoolean(expects('R4', 'true or false'))
  declare mandatory?: boolean;

  @IfPresent()
  @IsInt(expects('R4', LENGTH))
  @Min(1, expects('R4', LENGTH))
  @Max(MAX_STRING_LENGTH, expects('R4', LENGTH))
  declare length?: number;

  @IfPresent()
  @IsInt(expects('R24', LEAST_LENGTH))
  @Min(0, expects('R24', LEAST_LENGTH))
  @Max(MAX_STRING_LENGTH, expects('R24', LEAST_LENGTH))
  declare minLength?: number;

  @IfPresent()
  @IsText(MAX_PATTERN, 'R24')
  declare pattern?: string;

  @IfPresent()
  @IsIn(FORMATS, expects('R24', `one of ${FORMATS.join(', ')}`))
  declare format?: Format;

  @IfPresent()
  @IsInt(expects('R24', LEAST_COUNT))
  @Min(0, expects('R24', LEAST_COUNT))
  @Max(MAX_COUNT, expects('R24', LEAST_COUNT))
  declare minItems?: number;

  @IfPresent()
  @IsInt(expects('R24', MOST_COUNT))
  @Min(1, expects('R24', MOST_COUNT))
  @Max(MAX_COUNT, expects('R24', MOST_COUNT))
  declare maxItems?: number;

  @IfPresent()
  @IsBoolean(expects('L2', 'true or false'))
  declare protected?: boolean;

  @IfPresent()
  @IsText(MAX_TITLE, 'R25')
  declare title?: string;

  @IfPresent()
  @IsText(MAX_DESCRIPTION, 'R25')
  declare description?: string;

  // Values of the attribute: the rules check them, on the raw definition.

  @Exclude()
  declare default?: unknown;

  @Exclude()
  declare oneOf?: (string | number)[];

  @Exclude()
  declare minimum?: string | number;

  @Exclude()
  declare maximum?: string | number;
}

export const ATTRIBUTE_FORM: DefinitionForm = {
  form: AttributeDefinitionForm,
  rule: 'R4',
  expected: 'an attribute definition',
};
