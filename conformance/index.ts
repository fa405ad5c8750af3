export { describeProfileRepository } from './describe-profile-repository.js';
export type {
  Capabilities,
  ConformanceOptions,
  RandomCommandsOptions,
  RepositoryHarness,
  TestRunner,
} from './options.js';
