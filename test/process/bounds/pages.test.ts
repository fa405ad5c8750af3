import { describeScenarios } from './describe-scenarios.js';
import { scenarios } from './scenarios/pages.js';

describeScenarios('pages', new URL('./scenarios/pages.ts', import.meta.url), scenarios);
