import { describeIdentification } from './stage.js';
import { openMemory } from './stores.js';
import { SUITES } from './suites.js';

describeIdentification('memory', openMemory, SUITES);
