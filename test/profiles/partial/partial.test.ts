import { describeSuites } from '../identification/stage.js';
import { openMemory } from '../identification/stores.js';
import { findingOrCreating } from './finding-or-creating.js';
import { patching } from './patching.js';

describeSuites('partial changes (on memory)', openMemory, [patching, findingOrCreating]);
