import { addingKeys } from './adding-keys.js';
import { addingKeysUnderLoad } from './adding-keys-under-load.js';
import { asking } from './asking.js';
import { fillingInBatches } from './filling-in-batches.js';
import { foundByKeys } from './found-by-keys.js';
import { matching } from './matching.js';
import { paging } from './paging.js';
import { randomCommands } from './random-commands.js';
import { removingKeys } from './removing-keys.js';
import { schemaChanges } from './schema-changes.js';
import type { Suite } from './stage.js';
import { uniqueKeys } from './unique-keys.js';

/** All that holds of identification on every storage. */
export const SUITES: readonly Suite[] = [
  foundByKeys,
  uniqueKeys,
  matching,
  asking,
  paging,
  addingKeys,
  addingKeysUnderLoad,
  fillingInBatches,
  removingKeys,
  schemaChanges,
  randomCommands,
];
