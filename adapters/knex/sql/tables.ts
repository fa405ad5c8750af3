/** Which tables to use. */
export interface TableOptions {
  /** The prefix of all table names: a letter, then up to 29 letters, digits or `_`. Default `dossier_`. */
  readonly tablePrefix?: string | undefined;
  /**
   * The database schema that holds the tables (on MySQL and MariaDB: the database): a letter or `_`, then up to 62
   * letters, digits or `_`. SQLite has no schemas. Default: the connection's default schema.
   */
  readonly schema?: string | undefined;
}

/** The qualified and quoted table names. */
export interface Tables {
  readonly profiles: string;
  readonly keys: string;
  readonly schemas: string;
  readonly history: string;
  /** Lines that have no position yet. */
  readonly pending: string;
  readonly changes: string;
  readonly counters: string;
  readonly erasures: string;
  /** One row, or none: all tenants share it. */
  readonly serverMode: string;
  readonly migrations: string;
  /** The database schema, quoted; absent if the options name none. */
  readonly schema?: string | undefined;
  /** A name for an index, quoted but not qualified: it belongs to the schema of its table. */
  index(name: string): string;
  /** The name of the migration lock: unique for these tables in their database. */
  readonly lockName: string;
}

const DEFAULT_PREFIX = 'dossier_';

/** @param options already validated */
export function tablesOf(
  { tablePrefix = DEFAULT_PREFIX, schema }: TableOptions,
  quote: (name: string) => string,
): Tables {
  const qualifier = schema === undefined ? '' : `${quote(schema)}.`;
  const table = (name: string) => `${qualifier}${quote(`${tablePrefix}${name}`)}`;
  return {
    profiles: table('profiles'),
    keys: table('profile_keys'),
    schemas: table('profile_schemas'),
    history: table('profile_history'),
    pending: table('pending_changes'),
    changes: table('profile_changes'),
    counters: table('change_counters'),
    erasures: table('profile_erasures'),
    serverMode: table('server_mode'),
    migrations: table('migrations'),
    schema: schema === undefined ? undefined : quote(schema),
    index: (name) => quote(`${tablePrefix}${name}`),
    lockName: `dossier/${schema ?? ''}/${tablePrefix}`,
  };
}
