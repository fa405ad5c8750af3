#!/usr/bin/env node
import { createProgram } from './program.js';
import { watchOutput } from './standard-output.js';
import { UserError } from './user-error.js';

watchOutput();
try {
  await createProgram().parseAsync();
} catch (error) {
  // The core is loaded by the commands that use it: the help comes without.
  const { isDossierError } = await import('dossier');
  if (!(error instanceof UserError || isDossierError(error))) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
