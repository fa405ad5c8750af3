import { addingKeys } from './adding-keys.js';
import { addingKeysUnderLoad } from './adding-keys-under-load.js';
import { asking } from './asking.js';
import { backfillingInBatches } from './backfilling-in-batches.js';
import { foundByKeys } from './found-by-keys.js';
import { keysAcrossSchemas } from './keys-across-schemas.js';
import { matching } from './matching.js';
import { paging } from './paging.js';
import { randomCommands } from './random-commands.js';
import { removingKeys } from './removing-keys.js';
import { schemaChanges } from './schema-changes.js';
import type { Suite } from './stage.js';
import { uniqueKeys } from './unique-keys.js';

/** The tests of identification that run on every storage. */
export const SUITES: readonly Suite[] = [
  foundByKeys,
  uniqueKeys,
  matching,
  asking,
  paging,
  addingKeys,
  addingKeysUnderLoad,
  backfillingInBatches,
  removingKeys,
  schemaChanges,
  keysAcrossSchemas,
  randomCommands,
];
