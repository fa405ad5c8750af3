import type { Answer } from './api-harness.js';

/** The entity tag of an answer. */
export function tagOf({ headers }: Pick<Answer, 'headers'>): string {
  const tag = headers.get('etag');
  if (tag === null) throw new Error('The answer has no entity tag.');
  return tag;
}

/** The revision that an entity tag names: alone, or as the beginning of a reading (W3). */
export function revisionOf(answer: Pick<Answer, 'headers'>): number {
  const [, revision] = /^"([1-9][0-9]*)(?:-[^"]+)?"$/.exec(tagOf(answer)) ?? [];
  return Number(revision);
}
