import type { FileHandle } from 'node:fs/promises';
import { UserError } from '../user-error.js';

/** Text is gathered up to this many characters, since each write costs much more than a profile. */
const CHUNK = 2 ** 16;

/** Writes text, in pieces that are worth a write. */
export class TextOutput {
  readonly #write: (text: string) => Promise<unknown>;
  #gathered = '';

  private constructor(write: (text: string) => Promise<unknown>) {
    this.#write = write;
  }

  static toFile(handle: FileHandle): TextOutput {
    return new TextOutput((text) => handle.writeFile(text));
  }

  static toStandardOutput(): TextOutput {
    // The error comes to the callback of the write, and would end the process here.
    process.stdout.on('error', () => undefined);
    return new TextOutput(
      (text) =>
        new Promise<void>((resolve, reject) => {
          process.stdout.write(text, (error) => {
            if (error) reject(new UserError('Cannot write to the standard output.'));
            else resolve();
          });
        }),
    );
  }

  async write(text: string): Promise<void> {
    this.#gathered += text;
    if (this.#gathered.length >= CHUNK) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#gathered;
    this.#gathered = '';
    if (text !== '') await this.#write(text);
  }
}
