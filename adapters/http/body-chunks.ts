import { MalformedRequestError } from 'dossier';

/**
 * Yields the chunks of a request body. If the caller stops early, the rest of the body is cancelled.
 *
 * @throws MalformedRequestError if the body is incomplete, as when the client disconnects
 * @throws Error if the host has already read the body
 */
export async function* chunksOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  const reader = request.body.getReader();
  let length = 0;
  let finished = false;
  try {
    while (true) {
      const read = await reader.read().catch(refuseIncomplete);
      if (read.done) break;
      length += read.value.byteLength;
      yield read.value;
    }
    finished = true;
    if (length === 0 && Number(request.headers.get('content-length')) > 0) {
      throw new Error('The host has already read the request body. Mount the API before body parsers.');
    }
  } finally {
    if (!finished) await reader.cancel().catch(() => undefined);
  }
}

function refuseIncomplete(): never {
  throw new MalformedRequestError('The body is incomplete.');
}
