import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UserError } from '../user-error.js';

const FORM = /^[^\p{Cc}\p{Cs}]{8,256}$/u;

/**
 * Prompts for a new password, twice and without echo; where the standard input is not a terminal, reads its first line.
 *
 * @throws UserError if the password is invalid, or the two entries differ
 */
export async function readPassword(): Promise<string> {
  const password = process.stdin.isTTY ? await promptTwice() : await firstLine();
  if (!FORM.test(password)) {
    throw new UserError('The password must have 8 to 256 characters, none of them a control character.');
  }
  return password;
}

async function firstLine(): Promise<string> {
  return (await text(process.stdin)).split(/\r?\n/, 1)[0] ?? '';
}

async function promptTwice(): Promise<string> {
  const password = await prompt('Password: ');
  if ((await prompt('Repeat the password: ')) === password) return password;
  throw new UserError('The passwords differ. Nothing was changed; run the command again.');
}

async function prompt(question: string): Promise<string> {
  const noEcho = new Writable({ write: (_, __, done) => done() });
  const lines = createInterface({ input: process.stdin, output: noEcho, terminal: true });
  process.stderr.write(question);
  const interrupted = new Promise<never>((_, reject) => {
    lines.once('SIGINT', () => reject(new UserError('Interrupted. Nothing was changed.')));
    lines.once('close', () => reject(new UserError('The input ended without a password. Nothing was changed.')));
  });
  try {
    return await Promise.race([lines.question(''), interrupted]);
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
