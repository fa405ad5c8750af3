import { describeScenarios } from './describe-scenarios.js';
import { scenarios } from './scenarios/http.js';

describeScenarios('HTTP', new URL('./scenarios/http.ts', import.meta.url), scenarios);
