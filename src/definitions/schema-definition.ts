import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsArray, ValidateNested } from 'class-validator';
import { AttributeDefinitionForm } from './attribute-definition.js';
import { expects } from './expectation.js';
import { ExtensionDefinitionForm } from './extension-definition.js';
import { IdentificationKeyDefinitionForm } from './identification-key-definition.js';
import { IfPresent } from './if-present.js';

/** The form of a whole schema: member names and types, before the rules check their meaning. */
export class SchemaDefinitionForm {
  @IsArray(expects('R4', 'a list of attribute definitions'))
  @ValidateNested(expects('R4', 'an attribute definition', { each: true }))
  @Type(() => AttributeDefinitionForm)
  declare attributes: AttributeDefinitionForm[];

  @IfPresent()
  @IsArray(expects('R10', 'a list of extension definitions'))
  @ValidateNested(expects('R10', 'an extension definition', { each: true }))
  @Type(() => ExtensionDefinitionForm)
  declare extensions?: ExtensionDefinitionForm[];

  @IfPresent()
  @IsArray(expects('R18', 'a list of identification keys'))
  @ValidateNested(expects('R18', 'the definition of an identification key', { each: true }))
  @Type(() => IdentificationKeyDefinitionForm)
  declare identificationKeys?: IdentificationKeyDefinitionForm[];
}
