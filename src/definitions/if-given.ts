import { ValidateIf } from 'class-validator';

/** Checks a member only if it is there. `IsOptional` would let `null` pass as well, which no definition means. */
export function IfGiven(): PropertyDecorator {
  return ValidateIf((_, value: unknown) => value !== undefined);
}
