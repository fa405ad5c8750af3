import { randomSchemaChanges } from './random-schema-changes.js';
import { openSqlite } from './sqlite-store.js';
import { describeIdentification } from './stage.js';
import { SUITES } from './suites.js';

describeIdentification('SQLite', openSqlite, [...SUITES, randomSchemaChanges({ full: 100, quick: 15 })]);
