import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { databaseName } from './database-name.js';
import { openOn } from './mysql-family.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/mysql-server.sh', import.meta.url));

/** On a server with default settings that ends with this process, unless the environment names another. */
export const openMySql = openOn(async () => {
  const given = process.env.DOSSIER_TEST_MYSQL;
  if (given !== undefined) return given;
  const folder = join(tmpdir(), databaseName());
  const { stdout } = await promisify(execFile)(SCRIPT, ['start', folder, String(process.pid)]);
  return stdout.trim();
});
