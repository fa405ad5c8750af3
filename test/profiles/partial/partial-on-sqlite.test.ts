import { openSqlite } from '../identification/sqlite-store.js';
import { describeSuites } from '../identification/stage.js';
import { findingOrCreating } from './finding-or-creating.js';
import { patching } from './patching.js';

describeSuites('partial changes (on SQLite)', openSqlite, [patching, findingOrCreating]);
