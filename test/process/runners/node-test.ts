import { afterEach, beforeEach, describe, it } from 'node:test';
import { describeProfileRepository } from 'dossier/conformance';
import { createHarness } from './subject.js';

describeProfileRepository({ runner: { describe, it, beforeEach, afterEach }, createHarness });
