/** What is used here of a connection of better-sqlite3. */
interface Database {
  readonly open: boolean;
  exec(sql: string): unknown;
  pragma(source: string, options: { readonly simple: true }): unknown;
}

/** The host's `busy_timeout` of each connection, in milliseconds. Reading it takes longer than a short query. */
const hostTimeouts = new WeakMap<Database, number>();

/**
 * While Dossier has the connection, SQLite does not wait for locks: it would block the event loop, and with it all reads.
 * The session waits instead, and tries again.
 */
export const withoutBlocking = {
  begin(database: Database): void {
    if (timeoutOf(database) > 0) database.exec('PRAGMA busy_timeout = 0');
  },

  end(database: Database): void {
    const timeout = timeoutOf(database);
    if (timeout > 0 && database.open) database.exec(`PRAGMA busy_timeout = ${timeout}`);
  },
};

function timeoutOf(database: Database): number {
  const known = hostTimeouts.get(database);
  if (known !== undefined) return known;
  const timeout = Number(database.pragma('busy_timeout', { simple: true }));
  hostTimeouts.set(database, timeout);
  return timeout;
}
