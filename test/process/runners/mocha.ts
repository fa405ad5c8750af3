import { describeProfileRepository } from 'dossier/conformance';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createHarness } from './subject.js';

describeProfileRepository({ runner: { describe, it, beforeEach, afterEach }, createHarness });
