import type { Answer } from './api-client.js';

/** A violation, as a problem document lists it. */
export interface Violation {
  readonly pointer: string;
  readonly rule: string;
  readonly expected: string;
}

/** The members of a problem document that the console reads. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly violations?: readonly Violation[];
  readonly changed?: readonly string[];
  readonly conflicting?: readonly string[];
  readonly pointers?: readonly string[];
  readonly extensions?: readonly string[];
  readonly import?: unknown;
}

/** The problem document of an answer that is no success. */
export function problemOf({ status, body }: Pick<Answer, 'status' | 'body'>): Problem {
  const members = typeof body === 'object' && body !== null ? body : {};
  return { title: 'Error', code: 'internal_error', detail: 'The server failed.', ...members, status };
}

/** An answer that a page cannot do without, and that is no success. */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly challenge: string | null;
  readonly retryAfter: string | null;

  constructor(answer: Answer) {
    super(problemOf(answer).code);
    this.problem = problemOf(answer);
    this.challenge = answer.headers.get('www-authenticate');
    this.retryAfter = answer.headers.get('retry-after');
  }
}
