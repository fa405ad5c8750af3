import type { JsonSchema } from './json-schema.js';

interface HeaderDescription {
  readonly description: string;
  readonly schema: JsonSchema;
}

const TEXT = { type: 'string' };
const URI = { type: 'string', format: 'uri-reference' };
const ENTITY_TAG = { type: 'string', examples: ['"7"'] };
const SEGMENT = { type: 'string', maxLength: 64 };

/** The headers of requests that some operations heed. */
export const REQUEST_HEADERS = {
  'Cache-Control': {
    description: '`no-cache` asks for what is so now; without it, what is read may be a moment old.',
    schema: { type: 'string', examples: ['no-cache'] },
  },
  'If-Match': {
    description: 'The entity tags of the revisions that are expected, or `*`: 412 where the profile has another one.',
    schema: ENTITY_TAG,
  },
  'If-None-Match': {
    description: 'The entity tags of what the caller has already, or `*`: 304 where it is still that.',
    schema: ENTITY_TAG,
  },
  'X-Genesys-Segment': {
    description: 'A label for the profile, heeded only from a caller that is trusted with it.',
    schema: SEGMENT,
  },
} as const satisfies Readonly<Record<string, HeaderDescription>>;

/** The headers of answers. */
export const ANSWER_HEADERS = {
  ETag: { description: 'The revision of the profile, or the version of the schema, in quotes.', schema: ENTITY_TAG },
  Location: { description: 'Where that which was created is found.', schema: URI },
  'Content-Location': { description: 'Where that which is answered is found.', schema: URI },
  Link: { description: 'Where more is found, with `rel="next"`; absent at the end.', schema: TEXT },
  'Retry-After': { description: 'After how many seconds to try again.', schema: { type: 'integer' } },
  'WWW-Authenticate': { description: 'How to authenticate.', schema: TEXT },
  'X-Genesys-Segment': { description: 'The label of the profile; absent where it has none.', schema: SEGMENT },
  'X-Request-Id': { description: 'The id of the request, taken from it or made.', schema: TEXT },
} as const satisfies Readonly<Record<string, HeaderDescription>>;

export type RequestHeader = keyof typeof REQUEST_HEADERS;
export type AnswerHeader = keyof typeof ANSWER_HEADERS;
