import type { Operation } from '../operation.js';
import { problemOf, statusOf } from '../problem.js';
import { changesProfiles } from '../server-mode.js';
import { component } from './component-schemas.js';
import type { ResponseHeader } from './headers.js';
import { objectOf, oneOf } from './json-schema.js';
import type { ResponseDescription } from './operation-description.js';

const TENANT_ERRORS = [
  'malformed_request',
  'unauthenticated',
  'not_allowed',
  'too_many_requests',
  'storage_unavailable',
];
const BODY_ERRORS = ['request_timeout', 'too_large', 'unsupported_media_type'];

const ERROR_HEADERS: Readonly<Record<string, readonly ResponseHeader[]>> = {
  401: ['WWW-Authenticate'],
  412: ['ETag'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** The responses of an operation, by status. */
export function openApiResponses(operation: Operation): object {
  return {
    ...Object.fromEntries(Object.entries(operation.responses).map(([status, response]) => [status, success(response)])),
    ...Object.fromEntries(
      Array.from(codesByStatus(operation), ([status, codes]) => [status, failure(codes, ERROR_HEADERS[status] ?? [])]),
    ),
    500: failure(['internal_error'], []),
  };
}

function codesByStatus(operation: Operation): ReadonlyMap<number, readonly string[]> {
  const tenantErrors = operation.access === 'public' ? [] : TENANT_ERRORS;
  const bodyErrors = operation.access !== 'public' && (operation.body || operation.streams) ? BODY_ERRORS : [];
  const modeErrors = changesProfiles(operation) ? ['maintenance'] : [];
  const byStatus = new Map<number, string[]>();
  for (const code of [...tenantErrors, ...bodyErrors, ...modeErrors, ...operation.errors]) {
    byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  }
  return byStatus;
}

function success(response: ResponseDescription): object {
  const { description, schema, mediaType = 'application/json', stream, headers = [] } = response;
  const events = stream && { 'text/event-stream': { schema: { type: 'string', description: stream } } };
  return {
    description,
    headers: headerReferences(headers),
    ...(schema && { content: { [mediaType]: { schema }, ...events } }),
  };
}

function failure(codes: readonly string[], headers: readonly ResponseHeader[]): object {
  const schema = { allOf: [component('Problem'), objectOf({ code: oneOf(codes) })] };
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    headers: headerReferences(headers),
    content: { 'application/problem+json': { schema, examples: problemExamples(codes) } },
  };
}

function problemExamples(codes: readonly string[]): object {
  return Object.fromEntries(codes.map((code) => [code, { value: problemOf(code, 'What is wrong and what to do.') }]));
}

function headerReferences(headers: readonly ResponseHeader[]): object {
  const all: readonly ResponseHeader[] = [...headers, 'X-Request-Id'];
  return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
