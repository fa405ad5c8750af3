import { afterEach, beforeEach, describe, it } from 'node:test';
import { describeProfileRepository } from 'dossier/conformance';
import { subject } from './subject.js';

describeProfileRepository({ runner: { describe, it, beforeEach, afterEach }, ...subject });
