import { ArrayNotEmpty, IsArray, IsBoolean, IsString } from 'class-validator';
import { EXPECTED_NAME } from '../rules/names.js';
import type { DefinitionForm } from './check-form.js';
import { expects } from './expectation.js';
import { IfPresent } from './if-present.js';

const NAMES = 'one or more names of attributes of the source';

/**
 * The form of the definition of an identification key (R18): member names and types, before the rules check their
 * meaning.
 */
export class IdentificationKeyDefinitionForm {
  @IsString(expects('R1', EXPECTED_NAME))
  declare name: string;

  @IfPresent()
  @IsString(expects('R18', 'profile, or the name of an extension'))
  declare source?: string;

  @IsArray(expects('R18', NAMES))
  @ArrayNotEmpty(expects('R18', NAMES))
  @IsString(expects('R18', NAMES, { each: true }))
  declare attributes: string[];

  @IfPresent()
  @IsBoolean(expects('R19', 'true or false'))
  declare unique?: boolean;

  @IfPresent()
  @IsBoolean(expects('R18', 'true or false'))
  declare caseSensitive?: boolean;
}

export const KEY_FORM: DefinitionForm = {
  form: IdentificationKeyDefinitionForm,
  rule: 'R18',
  expected: 'the definition of an identification key',
};
