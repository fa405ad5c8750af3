import { openOn } from './mysql-family.js';

export const openMariaDb = openOn(async () => process.env.DOSSIER_TEST_MARIADB ?? 'mysql://root@127.0.0.1:3306/');
