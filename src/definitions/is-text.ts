import { ValidateBy } from 'class-validator';
import { valueCheck } from '../rules/values/index.js';
import { expects } from './expectation.js';

/** The most code points of a `title` (R25). */
export const MAX_TITLE = 256;

/** The most code points of a `description` (R25). */
export const MAX_DESCRIPTION = 4_096;

/** Validates a text as the value of an attribute, so that every storage keeps it. `MaxLength` counts no code points. */
export function IsText(length: number, rule: string): PropertyDecorator {
  const { accept, expected } = valueCheck('string', length);
  const validate = (value: unknown) => accept(value) !== undefined;
  return ValidateBy({ name: 'isText', validator: { validate } }, expects(rule, expected));
}
