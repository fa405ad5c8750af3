import { Exclude } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsString, Max, Min } from 'class-validator';
import { type AttributeDefinition, VALUE_TYPES, type ValueType } from '../model/schema.js';
import { EXPECTED_NAME } from '../rules/names.js';
import { MAX_STRING_LENGTH } from '../rules/values/index.js';
import type { DefinitionForm } from './check-form.js';
import { expects } from './expectation.js';
import { IfPresent } from './if-present.js';

const LENGTH = `an integer from 1 to ${MAX_STRING_LENGTH}`;

/** The form of an attribute definition (R4): member names and types, before the rules check their meaning. */
export class AttributeDefinitionForm implements Omit<AttributeDefinition, 'default'> {
  @IsString(expects('R1', EXPECTED_NAME))
  declare name: string;

  @IsIn(VALUE_TYPES, expects('R4', `one of ${VALUE_TYPES.join(', ')}`))
  declare type: ValueType;

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

  /** Any value that the type accepts. The rules check it, on the raw definition. */
  @Exclude()
  declare default?: unknown;
}

export const ATTRIBUTE_FORM: DefinitionForm = {
  form: AttributeDefinitionForm,
  rule: 'R4',
  expected: 'an attribute definition',
};
