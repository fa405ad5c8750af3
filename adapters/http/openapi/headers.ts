import type { JsonSchema } from './json-schema.js';

interface HeaderDescription {
  readonly description: string;
  readonly schema: JsonSchema;
}

const TEXT = { type: 'string' };
const URI = { type: 'string', format: 'uri-reference' };
const ENTITY_TAG = { type: 'string', examples: ['"7"', '"7-3f9a1c0b-mimq1abc-421113-mimq2def-113574.3.*9.*9"'] };
const NOTE = { type: 'string', examples: ['Zo%C3%AB'] };
const SEGMENT = { type: 'string', maxLength: 64 };

/** The request headers of some operations. */
export const REQUEST_HEADERS = {
  'Cache-Control': {
    description: '`no-cache` returns the latest data; otherwise a read may come from a replica that lags behind.',
    schema: { type: 'string', examples: ['no-cache'] },
  },
  'If-Match': {
    description:
      'The expected entity tags, or `*`: tags of answers that showed the profile, or revisions such as `"7"`. The request ' +
      'fails with 412 if none is of the current state.',
    schema: ENTITY_TAG,
  },
  'If-None-Match': {
    description:
      'The entity tags that the caller has, or `*`. If the answer to GET would have one of them, it is 304 without a body; ' +
      'a change fails with 412 if one is of the current state.',
    schema: ENTITY_TAG,
  },
  'Last-Event-ID': {
    description: 'The `id` of the last event that was received: as `after`, and before it.',
    schema: TEXT,
  },
  'X-Genesys-Actor': {
    description:
      'Who makes the change, as percent-encoded UTF-8. Ignored unless the caller may set it. Default: the name of the caller.',
    schema: NOTE,
  },
  'X-Genesys-Origin': {
    description:
      'The system that makes the change, as percent-encoded UTF-8 of at most 64 code points. Stands in the feed of changes.',
    schema: { type: 'string', examples: ['billing'] },
  },
  'X-Genesys-Reason': {
    description: 'Why, as percent-encoded UTF-8. Ignored unless the caller may set it.',
    schema: NOTE,
  },
  'X-Genesys-Segment': {
    description: 'The segment to set on the profile. Ignored unless the caller may set segments.',
    schema: SEGMENT,
  },
} as const satisfies Readonly<Record<string, HeaderDescription>>;

/** The response headers. */
export const RESPONSE_HEADERS = {
  ETag: {
    description:
      'If the body is a profile: its state and what of it is shown. Otherwise the revision of the profile, or the version ' +
      'of the schema, in quotes.',
    schema: ENTITY_TAG,
  },
  Location: { description: 'The path of the created resource.', schema: URI },
  'Content-Location': { description: 'The path of the returned profile.', schema: URI },
  Link: { description: 'The next page, with `rel="next"`; absent on the last page.', schema: TEXT },
  'Retry-After': { description: 'The number of seconds after which to retry.', schema: { type: 'integer' } },
  'WWW-Authenticate': { description: 'The authentication scheme.', schema: TEXT },
  'X-Dossier-Residual': {
    description:
      'Pointers to the values of the former state that the schema of today does not know; absent if it knows all.',
    schema: TEXT,
  },
  'X-Genesys-Segment': { description: 'The segment of the profile; absent if it has none.', schema: SEGMENT },
  'X-Request-Id': { description: 'The id of the request: the one that it sent, or a generated one.', schema: TEXT },
} as const satisfies Readonly<Record<string, HeaderDescription>>;

export type RequestHeader = keyof typeof REQUEST_HEADERS;
export type ResponseHeader = keyof typeof RESPONSE_HEADERS;
