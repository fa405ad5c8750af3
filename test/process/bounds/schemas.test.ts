import { describeScenarios } from './describe-scenarios.js';
import { scenarios } from './scenarios/schemas.js';

describeScenarios('schemas', new URL('./scenarios/schemas.ts', import.meta.url), scenarios);
