/** Where the tables are. */
export interface TableOptions {
  /** What the names of all tables begin with: a letter, then up to 29 letters, digits or `_`. Default `dossier_`. */
  readonly tablePrefix?: string | undefined;
  /**
   * The database schema that holds the tables (on MySQL and MariaDB: the database), a letter or `_`, then up to 62
   * letters, digits or `_`. SQLite has none. Default: where the connection looks first.
   */
  readonly schema?: string | undefined;
}

/** The names of the tables, quoted and complete, as they stand in a statement. */
export interface Tables {
  readonly profiles: string;
  readonly keys: string;
  readonly schemas: string;
  readonly migrations: string;
  /** The database schema, quoted; absent when none is named. */
  readonly schema?: string | undefined;
  /** Tells these tables from others in the same database. */
  readonly lockName: string;
}

const DEFAULT_PREFIX = 'dossier_';

/** The tables that checked options name. */
export function tablesOf(
  { tablePrefix = DEFAULT_PREFIX, schema }: TableOptions,
  quote: (name: string) => string,
): Tables {
  const within = schema === undefined ? '' : `${quote(schema)}.`;
  const table = (name: string) => `${within}${quote(`${tablePrefix}${name}`)}`;
  return {
    profiles: table('profiles'),
    keys: table('profile_keys'),
    schemas: table('profile_schemas'),
    migrations: table('migrations'),
    schema: schema === undefined ? undefined : quote(schema),
    lockName: `dossier/${schema ?? ''}/${tablePrefix}`,
  };
}
