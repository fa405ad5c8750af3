import { describeScenarios } from './describe-scenarios.js';
import { scenarios } from './scenarios/imports.js';

describeScenarios('imports', new URL('./scenarios/imports.ts', import.meta.url), scenarios);
