import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileError } from './file-error.js';
import { UserError } from './user-error.js';

/**
 * Reads a JSON file, or the standard input for `-`.
 *
 * @throws UserError if it cannot be read, is no JSON, with the position, or repeats a member
 */
export async function readJsonFile(file: string): Promise<unknown> {
  const json = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((error) => {
    throw fileError('read', file, error);
  });
  const { parseJsonDocument } = await import('dossier');
  try {
    return parseJsonDocument(json);
  } catch (error) {
    throw new UserError(`${file === '-' ? 'stdin' : file}: ${(error as Error).message}`);
  }
}
