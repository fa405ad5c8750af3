/** What a schema change means for one definition. */
export type SchemaChange = SchemaChangePlace & (DefinitionChange | MemberChange | KeyChange);

/** Which definition changes. */
export interface SchemaChangePlace {
  readonly definition: 'attribute' | 'extension' | 'key';
  /** Its name in the next schema, or in the current one if it goes. `Phone.Number` for an attribute of records. */
  readonly name: string;
}

/** What becomes of a definition of an attribute or extension as a whole. */
export type DefinitionChange =
  /** `mandatory`: it must have a value, and has no default, so stored profiles break R9 until they are replaced. */
  | { readonly change: 'added'; readonly mandatory: boolean }
  /** Its values become residual (R23). Records of an extension conflict with that (W8). */
  | { readonly change: 'removed' }
  /** Renamed from one, or joined from several, which keep their values (R26). */
  | { readonly change: 'renamed'; readonly from: readonly string[] }
  /** Residual values under these names come back (R26). */
  | { readonly change: 'names_taken'; readonly names: readonly string[] }
  /** Values under these former names become residual. */
  | { readonly change: 'names_released'; readonly names: readonly string[] }
  /** `fits`: whether all values fit the new type, or only some, while others become residual (R23). */
  | {
      readonly change: 'retyped';
      readonly before: string;
      readonly after: string;
      readonly fits: 'all' | 'some';
    };

/**
 * What becomes of a member of a definition. `tightened`: values that were valid may break it, and a replacement has to mend
 * them. `loosened`: all that was valid still is. `changed`: it does not say what is valid.
 */
export interface MemberChange {
  readonly change: 'tightened' | 'loosened' | 'changed';
  /** Such as `minimum`. */
  readonly member: string;
  /** As declared; absent if it is not. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * What becomes of an identification key: it is new, and `backfilled` from all profiles (R21); `dropped`; `rebuilt`, since its
 * definition or the multiplicity of what it uses changes, which is both; `continued` under other names (R26); or `refused`, since it uses an attribute that is
 * retyped, or joined with another one (W8).
 */
export interface KeyChange {
  readonly change: 'backfilled' | 'dropped' | 'rebuilt' | 'continued' | 'refused';
}

/** What a schema change means, whatever is stored. */
export interface SchemaDifference {
  /** In the order of the next schema, what goes last: attributes, extensions, keys. Empty if nothing changes. */
  readonly changes: readonly SchemaChange[];
  /** Whether no key stands against it. What is stored may (W8): `schemas.tryOut` tells. */
  readonly allowed: boolean;
}
