import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { UserError } from '../user-error.js';

/** What an import reads. */
export interface Input {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** In bytes; absent where it is not known. */
  readonly size: number | undefined;
  /** How many bytes were read so far. */
  readonly position: () => number;
}

/**
 * Opens a file, or the standard input for `-`. When the signal is aborted, reading ends, also where nothing comes.
 *
 * @throws UserError if there is no such file
 */
export async function openInput(file: string, signal: AbortSignal): Promise<Input> {
  const status = file === '-' ? undefined : await stat(file).catch((error: Error) => cannotRead(file, error));
  let position = 0;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    // Only here, where somebody listens: a file that cannot be opened would end the process.
    const stream: Readable = status ? createReadStream(file) : process.stdin;
    const end = () => stream.destroy();
    signal.addEventListener('abort', end, { once: true });
    try {
      for await (const chunk of stream) {
        position += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (!signal.aborted) cannotRead(file, error as Error);
    } finally {
      signal.removeEventListener('abort', end);
    }
  }
  return { bytes: bytes(), size: status?.isFile() ? status.size : undefined, position: () => position };
}

function cannotRead(file: string, error: NodeJS.ErrnoException): never {
  throw new UserError(`Cannot read ${file}: ${error.code ?? error.name}.`);
}
