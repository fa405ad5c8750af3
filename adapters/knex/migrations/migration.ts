/** One step from an older form of the tables to a newer one. What has been released never changes. */
export interface Migration {
  /** Begins with a number, by which migrations are ordered. */
  readonly name: string;
  /** Whether versions of the package that do not know it cannot work with the tables any more. */
  readonly breaking: boolean;
  /** Statements that do no harm when run again, since not every database can undo them. */
  readonly statements: readonly string[];
}
