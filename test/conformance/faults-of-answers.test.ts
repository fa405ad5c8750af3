import { describeFaults } from './fault-detection.js';
import { aliasingFaults } from './faults/aliasing-faults.js';
import { nameFaults } from './faults/name-faults.js';
import { pageFaults } from './faults/page-faults.js';
import { profileFaults } from './faults/profile-faults.js';
import { readingFaults } from './faults/reading-faults.js';
import { residualValueFaults } from './faults/residual-value-faults.js';
import { shortPageFaults } from './faults/short-page-faults.js';
import { stateValueFaults } from './faults/state-value-faults.js';
import { tenantFaults } from './faults/tenant-faults.js';
import { timestampFaults } from './faults/timestamp-faults.js';
import { valueFaults } from './faults/value-faults.js';

describeFaults('answers', [
  ...profileFaults,
  ...readingFaults,
  ...timestampFaults,
  ...nameFaults,
  ...tenantFaults,
  ...pageFaults,
  ...shortPageFaults,
  ...valueFaults,
  ...aliasingFaults,
  ...stateValueFaults,
  ...residualValueFaults,
]);
