import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { UserError } from '../user-error.js';

/** Where a question is asked: by default on the terminal, and its answer read from the standard input. */
interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/**
 * Asks to type a word, since what follows cannot be undone.
 *
 * @throws UserError if something else is typed, or the input is no terminal
 */
export async function confirmByTyping(
  word: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  if (!input.isTTY) throw new UserError('Nothing was erased. Add --yes to confirm, since nobody can be asked here.');
  const lines = createInterface({ input, output });
  const ended = new Promise<string>((resolve) => {
    for (const event of ['SIGINT', 'close']) lines.once(event, () => resolve(''));
  });
  try {
    const typed = await Promise.race([lines.question(`This cannot be undone. Type ${word} to erase: `), ended]);
    if (typed.trim() !== word) throw new UserError('Nothing was erased: that was not the customer id.');
  } finally {
    lines.close();
  }
}
