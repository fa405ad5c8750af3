import { describeScenarios } from './describe-scenarios.js';
import { scenarios } from './scenarios/profiles.js';

describeScenarios('profiles', new URL('./scenarios/profiles.ts', import.meta.url), scenarios);
