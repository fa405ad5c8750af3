import { describeScenarios } from './describe-scenarios.js';
import { scenarios } from './scenarios/conflicts.js';

describeScenarios('conflicts', new URL('./scenarios/conflicts.ts', import.meta.url), scenarios);
