#!/usr/bin/env node
import { isDossierError } from 'dossier';
import { createProgram } from './program.js';
import { UserError } from './user-error.js';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (!(error instanceof UserError || isDossierError(error))) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
