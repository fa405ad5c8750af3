import { describeFaults } from './fault-detection.js';
import { changesFaults } from './faults/changes-faults.js';
import { erasureFaults } from './faults/erasure-faults.js';
import { historyFaults } from './faults/history-faults.js';
import { historyReadingFaults } from './faults/history-reading-faults.js';
import { keptDeletionFaults } from './faults/kept-deletion-faults.js';
import { pruneFaults } from './faults/prune-faults.js';

describeFaults('history, the feed and erasure', [
  ...pruneFaults,
  ...keptDeletionFaults,
  ...historyFaults,
  ...historyReadingFaults,
  ...changesFaults,
  ...erasureFaults,
]);
