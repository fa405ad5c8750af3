import { describeFaults } from './fault-detection.js';
import { atomicCommitFaults } from './faults/atomic-commit-faults.js';
import { batchFaults } from './faults/batch-faults.js';
import { commitResultFaults } from './faults/commit-result-faults.js';
import { compareAndSetFaults } from './faults/compare-and-set-faults.js';
import { connectionFaults } from './faults/connection-faults.js';
import { dropEntriesFaults } from './faults/drop-entries-faults.js';
import { entryFaults } from './faults/entry-faults.js';
import { lostChangeFaults } from './faults/lost-change-faults.js';
import { manyFaults } from './faults/many-faults.js';
import { replaceFaults } from './faults/replace-faults.js';
import { schemaFaults } from './faults/schema-faults.js';
import { serverModeFaults } from './faults/server-mode-faults.js';

describeFaults('changes', [
  ...compareAndSetFaults,
  ...atomicCommitFaults,
  ...batchFaults,
  ...connectionFaults,
  ...entryFaults,
  ...dropEntriesFaults,
  ...schemaFaults,
  ...manyFaults,
  ...lostChangeFaults,
  ...commitResultFaults,
  ...replaceFaults,
  ...serverModeFaults,
]);
