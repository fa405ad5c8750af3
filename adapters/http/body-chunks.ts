import { MalformedRequestError, RequestTimeoutError } from 'dossier';

/** How slowly a body may arrive: within `timeoutMs`, plus one second for each `minRate` bytes that have arrived. */
export interface BodyPace {
  readonly timeoutMs: number;
  /** In bytes per second. */
  readonly minRate: number;
}

/**
 * Yields the chunks of a request body. If the caller stops early, the rest of the body is cancelled.
 *
 * @param pace counts only the time that is spent waiting for the client
 * @throws MalformedRequestError if the body is incomplete, as when the client disconnects
 * @throws RequestTimeoutError if the body arrives too slowly
 * @throws Error if the host has already read the body
 */
export async function* chunksOf(request: Request, pace: BodyPace): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  const reader = request.body.getReader();
  let length = 0;
  let waitedMs = 0;
  let finished = false;
  try {
    while (true) {
      const started = performance.now();
      const allowedMs = pace.timeoutMs + (length / pace.minRate) * 1000 - waitedMs;
      const read = await within(allowedMs, reader.read().catch(refuseIncomplete), pace);
      waitedMs += performance.now() - started;
      if (read.done) break;
      length += read.value.byteLength;
      yield read.value;
    }
    finished = true;
    if (length === 0 && Number(request.headers.get('content-length')) > 0) {
      throw new Error('The host has already read the request body. Mount the API before body parsers.');
    }
  } finally {
    if (!finished) reader.cancel().catch(() => undefined);
  }
}

/** The longest delay of a timer, about 25 days. */
const MAX_DELAY_MS = 2 ** 31 - 1;

async function within<Result>(delayMs: number, reading: Promise<Result>, pace: BodyPace): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(pace)), Math.min(Math.max(delayMs, 0), MAX_DELAY_MS));
  });
  try {
    return await Promise.race([reading, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function tooSlow({ timeoutMs, minRate }: BodyPace): RequestTimeoutError {
  return new RequestTimeoutError(
    `The body arrives too slowly. It must arrive within ${timeoutMs} ms, plus one second for each ${minRate} bytes.`,
  );
}

function refuseIncomplete(): never {
  throw new MalformedRequestError('The body is incomplete.');
}
