import { describeIdentification } from './stage.js';
import { openMemory, openSqlite } from './stores.js';
import { SUITES } from './suites.js';

describeIdentification('memory', openMemory, SUITES);
describeIdentification('SQLite', openSqlite, SUITES);
