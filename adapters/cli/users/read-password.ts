import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UserError } from '../user-error.js';

const FORM = /^[^\p{Cc}\p{Cs}]{8,256}$/u;

/**
 * Asks for a new password, twice and without showing it; where the standard input is no terminal, it is its first line.
 *
 * @throws UserError if it is too short, or both times another one
 */
export async function readPassword(): Promise<string> {
  const password = process.stdin.isTTY ? await askTwice() : await firstLine();
  if (!FORM.test(password)) throw new UserError('A password has 8 to 256 characters, and no control characters.');
  return password;
}

async function firstLine(): Promise<string> {
  return (await text(process.stdin)).split(/\r?\n/, 1)[0] ?? '';
}

async function askTwice(): Promise<string> {
  const password = await ask('Password: ');
  if ((await ask('The same again: ')) === password) return password;
  throw new UserError('The passwords are not the same.');
}

async function ask(question: string): Promise<string> {
  const unseen = new Writable({ write: (_, __, done) => done() });
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
  process.stderr.write(question);
  const interrupted = new Promise<never>((_, reject) => {
    lines.once('SIGINT', () => reject(new UserError('Nothing was changed.')));
    lines.once('close', () => reject(new UserError('Nothing was changed.')));
  });
  try {
    return await Promise.race([lines.question(''), interrupted]);
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
