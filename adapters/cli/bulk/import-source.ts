import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { fileError } from '../file-error.js';

/** What an import reads from. */
export interface ImportSource {
  /** The bytes from the start; those of the standard input come once. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
  /** In bytes; undefined for anything but a regular file. */
  readonly size: number | undefined;
  /** How many bytes have been read so far since the start. */
  readonly position: () => number;
}

/**
 * Finds a file, or the standard input for `-`. Aborting the signal ends a stream of its bytes, even while it waits for input.
 *
 * @throws UserError if the file does not exist; the stream throws it if the file cannot be read
 */
export async function openImportSource(file: string, signal: AbortSignal): Promise<ImportSource> {
  const status =
    file === '-'
      ? undefined
      : await stat(file).catch((error) => {
          throw fileError('read', file, error);
        });
  let position = 0;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    position = 0;
    // Opened when reading begins: an error without a listener would end the process.
    const stream: Readable = status ? createReadStream(file) : process.stdin;
    const end = () => stream.destroy();
    signal.addEventListener('abort', end, { once: true });
    try {
      for await (const chunk of stream) {
        position += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (!signal.aborted) throw fileError('read', file, error as Error);
    } finally {
      signal.removeEventListener('abort', end);
    }
  }
  return { bytes, size: status?.isFile() ? status.size : undefined, position: () => position };
}
