import { describeProfileRepository } from 'dossier/conformance';
import { InMemoryProfileRepository } from 'dossier/memory';
import { afterEach, beforeEach, describe, it } from 'mocha';

describeProfileRepository({
  name: 'InMemoryProfileRepository (R12, R14, R17, R19, R20, H1, H5)',
  runner: { describe, it, beforeEach, afterEach },
  createHarness: () => ({ repository: new InMemoryProfileRepository(), dispose: async () => {} }),
  // Instances share nothing: no other repository can use a store.
  capabilities: { anotherConnection: false, history: true, changes: true, erasure: true, serverMode: true },
});
