import { createHash } from 'node:crypto';
import { MalformedRequestError } from 'dossier';

/** An entity tag (RFC 9110 §8.8.3). */
interface EntityTag {
  readonly weak: boolean;
  readonly opaque: string;
}

/** One element of a list, possibly empty, with the comma or the end after it (RFC 9110 §5.6.1). */
const ELEMENT = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*)?(?:,|$)/y;

const REVISION = /^[1-9][0-9]{0,15}$/;

/** The entity tag of a profile revision or a schema version (W3, W7). */
export function entityTag(revision: number): string {
  return `"${revision}"`;
}

/**
 * The entity tag of a former state as it is answered: its revision, and a digest of the answer, which depends on the
 * schema. It is the tag of no present state, so no change matches it (W13).
 */
export function formerTag(revision: number, answer: string): string {
  const digest = createHash('sha256').update(answer).digest('base64url').slice(0, 16);
  return `${revision}.${digest}`;
}

/** The revisions that a header names: any, or those of its tags. */
export type NamedRevisions = readonly number[] | '*';

/** What the headers of a change expect of the current revision. */
export interface Preconditions {
  /** `If-Match`, by strong comparison: weak tags, and tags that are not a revision, match nothing (W3). */
  readonly ifMatch: NamedRevisions | undefined;
  /** The weak tags of `If-Match`, which match nothing, but are worth telling of. */
  readonly weakMatches: readonly number[];
  /** `If-None-Match`, by weak comparison (RFC 9110 §13.1.2). */
  readonly ifNoneMatch: NamedRevisions | undefined;
}

/** @throws MalformedRequestError if a header is neither `*` nor a list of entity tags */
export function preconditionsOf(headers: Headers): Preconditions {
  const matches = parseEntityTags(headers, 'If-Match');
  const noneMatches = parseEntityTags(headers, 'If-None-Match');
  return {
    ifMatch: isList(matches) ? revisionsOf(matches.filter(({ weak }) => !weak)) : matches,
    weakMatches: isList(matches) ? revisionsOf(matches.filter(({ weak }) => weak)) : [],
    ifNoneMatch: isList(noneMatches) ? revisionsOf(noneMatches) : noneMatches,
  };
}

function isList(tags: readonly EntityTag[] | '*' | undefined): tags is readonly EntityTag[] {
  return Array.isArray(tags);
}

function revisionsOf(tags: readonly EntityTag[]): readonly number[] {
  return tags.filter(({ opaque }) => REVISION.test(opaque)).map(({ opaque }) => Number(opaque));
}

/** Whether `If-None-Match` names a revision. */
export type KnownRevisions = (revision: number) => boolean;

/**
 * Parses the revisions of `If-None-Match`. Uses weak comparison (W3).
 *
 * @throws MalformedRequestError if the header is neither `*` nor a list of entity tags
 */
export function knownRevisions(headers: Headers): KnownRevisions {
  const isKnown = knownTags(headers);
  return (revision) => isKnown(String(revision));
}

/**
 * Parses `If-None-Match`. Uses weak comparison.
 *
 * @returns whether the header names an entity tag, given without its quotes
 * @throws MalformedRequestError if the header is neither `*` nor a list of entity tags
 */
export function knownTags(headers: Headers): (opaque: string) => boolean {
  const tags = parseEntityTags(headers, 'If-None-Match');
  if (tags === undefined || tags === '*') return () => tags === '*';
  return (asked) => tags.some(({ opaque }) => opaque === asked);
}

function parseEntityTags(headers: Headers, name: string): readonly EntityTag[] | '*' | undefined {
  const field = headers.get(name)?.trim();
  if (field === undefined || field === '*') return field;
  const tags: EntityTag[] = [];
  for (let at = 0; at < field.length; at = ELEMENT.lastIndex) {
    ELEMENT.lastIndex = at;
    const element = ELEMENT.exec(field);
    if (element === null) {
      throw new MalformedRequestError(`The header ${name} must be * or a list of entity tags, such as "7".`);
    }
    if (element[2] !== undefined) tags.push({ weak: element[1] !== undefined, opaque: element[2] });
  }
  return tags;
}
