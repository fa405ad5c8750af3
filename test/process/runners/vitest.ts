import { describeProfileRepository } from 'dossier/conformance';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { subject } from './subject.js';

describeProfileRepository({ runner: { describe, it, beforeEach, afterEach }, ...subject });
