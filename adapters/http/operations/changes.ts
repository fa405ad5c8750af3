import type { ChangePage } from 'dossier';
import { cloudEvent } from '../cloud-event.js';
import { eventStream } from '../event-stream.js';
import { withLinkedSignal } from '../linked-signal.js';
import { component } from '../openapi/component-schemas.js';
import { listOf, objectOf } from '../openapi/json-schema.js';
import type { Call, TenantHandler } from '../operation.js';
import { integerOf } from '../query.js';
import { jsonResponse } from '../response.js';

const MAX_LINES = 1_000;
const MAX_WAIT_SECONDS = 60;

/** C3 */
export const getChanges: TenantHandler = {
  id: 'getChanges',
  summary: 'Follow the changes of profiles',
  description:
    'Events of CloudEvents 1.0, without values, in an order in which those of one profile come by revision. Go on from ' +
    '`next`, or from the `id` of the last event. With `Accept: text/event-stream` they are streamed; the stream ends now and ' +
    'then, and `Last-Event-ID` goes on, as an `EventSource` does. Who made a change, and why, is told to administrators alone.',
  query: [
    {
      name: 'after',
      description: 'Return the events after this cursor: a `next`, or the `id` of an event. Default: from the oldest.',
    },
    {
      name: 'limit',
      description: 'The most events of the page. Default 100.',
      schema: { type: 'integer', minimum: 1, maximum: MAX_LINES },
    },
    {
      name: 'wait',
      description: 'If there is no event yet, wait so many seconds for one. Default 0.',
      schema: { type: 'integer', minimum: 0, maximum: MAX_WAIT_SECONDS },
    },
  ],
  headers: ['Last-Event-ID'],
  responses: {
    200: {
      description: 'The events, possibly none, and where to go on.',
      schema: objectOf({ changes: listOf(component('ChangeEvent')), next: { type: 'string' } }),
      stream: 'Each event with its `id`, and a comment every 15 seconds.',
    },
  },
  errors: ['cursor_expired', 'not_supported'],

  async run(call) {
    const { query, headers } = call;
    const limit = integerOf(query, 'limit', 1, MAX_LINES);
    const wait = integerOf(query, 'wait', 0, MAX_WAIT_SECONDS);
    const after = headers.get('last-event-id') || query.get('after');
    if (accepts(headers, 'text/event-stream')) return eventStream(call, { after, limit });
    const { items, next } = await changesOf(call, { after, limit, wait });
    const changes = items.map((line) => cloudEvent(line, call.isAdministrator));
    return jsonResponse(200, { changes, next });
  },
};

interface Request {
  readonly after: string | undefined;
  readonly limit: number | undefined;
  readonly wait: number | undefined;
}

/** Does not keep a server from stopping: then it answers at once. */
async function changesOf({ profiles, tenantId, signal, closing }: Call, request: Request): Promise<ChangePage> {
  try {
    return await withLinkedSignal([signal, closing], (linked) =>
      profiles.changes(tenantId, { ...request, signal: linked }),
    );
  } catch (error) {
    if (signal.aborted || !closing?.aborted) throw error;
    return profiles.changes(tenantId, { ...request, wait: 0 });
  }
}

function accepts(headers: Headers, mediaType: string): boolean {
  const accepted = headers.get('accept')?.split(',') ?? [];
  return accepted.some((range) => range.split(';', 1)[0]?.trim().toLowerCase() === mediaType);
}
