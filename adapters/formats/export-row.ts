import { InvalidOptionsError, type Profile, type Schema } from 'dossier';
import { unknownOptions } from './row-limits.js';

/** A profile as one row of a file, as {@link ndjsonRows} yields it. */
export interface ProfileRow {
  readonly customerId: string;
  readonly segment?: string | undefined;
  /** The revision that the profile must still have when the row replaces it. */
  readonly revision?: number | undefined;
  /** Values that the schema does not know (R23), for people to read: no import takes them. */
  readonly residual?: Profile['residual'];
  /** Attributes and extensions by name, as in the JSON of the HTTP API. */
  readonly members: Readonly<Record<string, unknown>>;
}

export interface ExportRowOptions {
  /**
   * Whether the row has the revision of the profile. It then replaces that revision alone: for files that are edited while
   * others change the profiles. Without it, the row restores the profile, whatever has happened to it. Default false.
   */
  readonly revision?: boolean | undefined;
}

/**
 * The row of a profile that was read with all its extensions, as `profiles.all` reads it. It names each extension of the
 * schema, those without records as `null` or `[]`: imported with `existing: 'replace'`, it leaves no record that the profile
 * did not have (R8). Residual values that were read as well are in it, for {@link ndjsonLine}; CSV cannot carry them.
 *
 * @throws InvalidOptionsError if an option is not valid, or is unknown: a row without its revision replaces any
 */
export function exportRow(
  { customerId, revision, segment, attributes, extensions, residual }: Profile,
  schema: Pick<Schema, 'extensions'>,
  options: ExportRowOptions = {},
): ProfileRow {
  const violations = unknownOptions(options, ['revision']);
  const { revision: withRevision = false } = options;
  if (typeof withRevision !== 'boolean') {
    violations.push({ pointer: '/revision', rule: '', expected: 'true or false' });
  }
  if (violations.length > 0) throw new InvalidOptionsError(violations);
  const given = new Set(Object.keys({ ...attributes, ...extensions }).map(fold));
  const empty: Record<string, unknown> = {};
  for (const { name, type } of extensions ? schema.extensions : []) {
    if (Object.hasOwn(extensions ?? {}, name) || !given.has(fold(name)))
      empty[name] = type === 'multi-valued' ? [] : null;
  }
  // In the order of the schema: a member keeps the place at which it is first named.
  const members = { ...attributes, ...empty, ...extensions };
  const row = { customerId, segment, revision: withRevision ? revision : undefined, members };
  return residual ? { ...row, residual } : row;
}

/** Names are ASCII, and the same in any case (R1). */
function fold(name: string): string {
  return name.toLowerCase();
}
