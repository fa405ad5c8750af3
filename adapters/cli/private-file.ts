import { open } from 'node:fs/promises';

/**
 * Creates a file that only its owner may read, unless it exists. SQLite gives its `-wal` and `-shm` files the same mode. A
 * failure is left to SQLite to report.
 */
export async function createPrivateFile(path: string): Promise<void> {
  if (path === ':memory:') return;
  const file = await open(path, 'a', 0o600).catch(() => undefined);
  await file?.close();
}
