import { MARIADB_SERVER } from './mysql-database.js';
import { openOn } from './mysql-family.js';

export const openMariaDb = openOn(async () => MARIADB_SERVER);
