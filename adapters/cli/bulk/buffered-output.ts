import type { FileHandle } from 'node:fs/promises';
import { outputFailure, unwatchOutput } from '../standard-output.js';
import { UserError } from '../user-error.js';

/** In characters. A write costs much more than a profile takes to format. */
const BUFFER_SIZE = 2 ** 16;

/** Collects text and writes it in large chunks. */
export class BufferedOutput {
  readonly #write: (text: string) => Promise<unknown>;
  #buffer = '';

  private constructor(write: (text: string) => Promise<unknown>) {
    this.#write = write;
  }

  static toFile(handle: FileHandle): BufferedOutput {
    return new BufferedOutput((text) => handle.writeFile(text));
  }

  static toStandardOutput(): BufferedOutput {
    // The callback of each write gets the error.
    unwatchOutput();
    return new BufferedOutput(
      (text) =>
        new Promise<void>((resolve, reject) => {
          process.stdout.write(text, (error) => {
            if (error) reject(new UserError(outputFailure(error)));
            else resolve();
          });
        }),
    );
  }

  async write(text: string): Promise<void> {
    this.#buffer += text;
    if (this.#buffer.length >= BUFFER_SIZE) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#buffer;
    this.#buffer = '';
    if (text !== '') await this.#write(text);
  }
}
