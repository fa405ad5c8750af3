import type { ChangeLine } from 'dossier';
import { cloudEvent } from './cloud-event.js';
import { withLinkedSignal } from './linked-signal.js';
import type { Call } from './operation.js';

/** How often an idle stream has a comment, which keeps proxies from taking it for dead. */
const COMMENT_SECONDS = 15;

/** How long a stream lasts at most. A client goes on with the next one, whose credentials are checked anew. */
const LIFETIME_MS = 5 * 60_000;

/** When a client should come back, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * A stream of server-sent events, one for each line, with the line's cursor as its id. Reads only as fast as the client does.
 *
 * @throws as `profiles.changes`, before the stream begins; an error within it ends it, and the client comes back
 */
export async function eventStream(
  call: Pick<Call, 'profiles' | 'tenantId' | 'isAdministrator' | 'signal' | 'closing'>,
  { after, limit }: { readonly after: string | undefined; readonly limit: number | undefined },
): Promise<Response> {
  const { profiles, tenantId, isAdministrator, signal, closing } = call;
  const gone = new AbortController();
  const ends = performance.now() + LIFETIME_MS;
  const first = await profiles.changes(tenantId, { after, limit });
  let { next } = first;
  const textOf = (lines: readonly ChangeLine[]) => lines.map((line) => eventText(line, isAdministrator)).join('');
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // Sent at once, so that the client knows that it is connected.
      controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n: \n\n${textOf(first.items)}`));
    },
    async pull(controller) {
      try {
        const page = await withLinkedSignal([signal, closing, gone.signal], (linked) =>
          profiles.changes(tenantId, { after: next, limit, wait: COMMENT_SECONDS, signal: linked }),
        );
        next = page.next;
        controller.enqueue(encoder.encode(page.items.length > 0 ? textOf(page.items) : ': \n\n'));
        if (performance.now() > ends) controller.close();
      } catch {
        if (!gone.signal.aborted) controller.close();
      }
    },
    cancel() {
      gone.abort();
    },
  });
  return new Response(body, {
    status: 200,
    // nginx buffers otherwise.
    headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
  });
}

function eventText(line: ChangeLine, isAdministrator: boolean): string {
  return `id: ${line.cursor}\ndata: ${JSON.stringify(cloudEvent(line, isAdministrator))}\n\n`;
}
