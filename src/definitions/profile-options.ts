import { Exclude } from 'class-transformer';
import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { expects } from './expectation.js';
import { IfGiven } from './if-given.js';

const BYTES = 'an integer from 1024 to 16777216';
const TENANTS = 'an integer from 1 to 1000000';

/** The form of the options of the services; functions and repositories are checked off the raw options. */
export class ProfileOptionsForm {
  @IfGiven()
  @IsInt(expects('', BYTES))
  @Min(1024, expects('', BYTES))
  @Max(16_777_216, expects('', BYTES))
  declare maxProfileBytes?: number;

  @IfGiven()
  @IsBoolean(expects('', 'true or false'))
  declare requireExpectedRevision?: boolean;

  @IfGiven()
  @IsInt(expects('', TENANTS))
  @Min(1, expects('', TENANTS))
  @Max(1_000_000, expects('', TENANTS))
  declare schemaCacheSize?: number;

  @Exclude()
  declare replica?: unknown;

  @Exclude()
  declare now?: unknown;

  @Exclude()
  declare generateCustomerId?: unknown;
}
