import { describeScenarios } from './describe-scenarios.js';
import { scenarios } from './scenarios/history.js';

describeScenarios('history', new URL('./scenarios/history.ts', import.meta.url), scenarios);
