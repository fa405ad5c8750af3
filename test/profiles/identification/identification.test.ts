import { randomSchemaChanges } from './random-schema-changes.js';
import { describeIdentification } from './stage.js';
import { openMemory } from './stores.js';
import { SUITES } from './suites.js';

describeIdentification('memory', openMemory, [...SUITES, randomSchemaChanges({ full: 400, quick: 50 })]);
