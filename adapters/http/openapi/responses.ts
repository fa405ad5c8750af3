import type { Operation } from '../operation.js';
import { problemOf, statusOf } from '../problem.js';
import type { AnswerHeader } from './headers.js';
import { objectOf, oneOf } from './json-schema.js';
import type { AnswerDescription } from './operation-description.js';
import { component } from './wire-schemas.js';

const OF_TENANTS = ['malformed_request', 'unauthenticated', 'not_allowed', 'storage_unavailable'];
const OF_BODIES = ['too_large', 'unsupported_media_type'];

const HEADERS_OF_ERRORS: Readonly<Record<string, readonly AnswerHeader[]>> = {
  401: ['WWW-Authenticate'],
  412: ['ETag'],
  503: ['Retry-After'],
};

/** What an operation answers, by status. */
export function openApiResponses(operation: Operation): object {
  return {
    ...Object.fromEntries(Object.entries(operation.answers).map(([status, answer]) => [status, success(answer)])),
    ...Object.fromEntries(
      Array.from(codesByStatus(operation), ([status, codes]) => [
        status,
        failure(codes, HEADERS_OF_ERRORS[status] ?? []),
      ]),
    ),
    500: failure(['internal_error'], []),
  };
}

function codesByStatus(operation: Operation): ReadonlyMap<number, readonly string[]> {
  const ofTenants = operation.access === 'public' ? [] : OF_TENANTS;
  const ofBodies = operation.access !== 'public' && (operation.body || operation.streams) ? OF_BODIES : [];
  const byStatus = new Map<number, string[]>();
  for (const code of [...ofTenants, ...ofBodies, ...operation.errors]) {
    byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  }
  return byStatus;
}

function success({ description, schema, mediaType = 'application/json', headers = [] }: AnswerDescription): object {
  return {
    description,
    headers: referTo(headers),
    ...(schema && { content: { [mediaType]: { schema } } }),
  };
}

function failure(codes: readonly string[], headers: readonly AnswerHeader[]): object {
  const schema = { allOf: [component('Problem'), objectOf({ code: oneOf(codes) })] };
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    headers: referTo(headers),
    content: { 'application/problem+json': { schema, examples: problemExamples(codes) } },
  };
}

function problemExamples(codes: readonly string[]): object {
  return Object.fromEntries(codes.map((code) => [code, { value: problemOf(code, 'What was wrong, in words.') }]));
}

function referTo(headers: readonly AnswerHeader[]): object {
  const all: readonly AnswerHeader[] = [...headers, 'X-Request-Id'];
  return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
