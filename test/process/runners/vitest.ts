import { describeProfileRepository } from 'dossier/conformance';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { createHarness } from './subject.js';

describeProfileRepository({ runner: { describe, it, beforeEach, afterEach }, createHarness });
