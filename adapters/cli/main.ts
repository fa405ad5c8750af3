#!/usr/bin/env node
import { anyFileError } from './file-error.js';
import { createProgram } from './program.js';
import { watchOutput } from './standard-output.js';
import { UserError } from './user-error.js';

watchOutput();
try {
  await createProgram().parseAsync();
} catch (error) {
  // The core is loaded by the commands that use it: the help comes without.
  const { isDossierError } = await import('dossier');
  const told = error instanceof UserError || isDossierError(error) ? error : anyFileError(error);
  if (told === undefined) throw error;
  console.error(`error: ${told.message}`);
  process.exitCode = 1;
}
