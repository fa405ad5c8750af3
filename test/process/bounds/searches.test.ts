import { describeScenarios } from './describe-scenarios.js';
import { scenarios } from './scenarios/searches.js';

describeScenarios('searches', new URL('./scenarios/searches.ts', import.meta.url), scenarios);
