import { describeScenarios } from './describe-scenarios.js';
import { scenarios } from './scenarios/console.js';

describeScenarios('the console', new URL('./scenarios/console.ts', import.meta.url), scenarios);
