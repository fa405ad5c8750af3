import { ValidateIf } from 'class-validator';

/**
 * Validates a member unless it is absent or `undefined`. `IsOptional` would also accept `null`, which is a fault here.
 */
export function IfPresent(): PropertyDecorator {
  return ValidateIf((_, value: unknown) => value !== undefined);
}
