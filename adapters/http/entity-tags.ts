import { MalformedRequestError } from 'dossier';

/** An entity tag (RFC 9110 §8.8.3). */
interface EntityTag {
  readonly weak: boolean;
  readonly opaque: string;
}

/** One element of a list, which may be empty, with the comma or the end behind it (RFC 9110 §5.6.1). */
const ELEMENT = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*)?(?:,|$)/y;

const REVISION = /^[1-9][0-9]{0,15}$/;

/** The entity tag of a revision or schema version (W3, W7). */
export function entityTag(revision: number): string {
  return `"${revision}"`;
}

/**
 * The revisions that a request expects, by strong comparison: any of them will do, and none does where the list is empty
 * (W3). Weak tags and tags that are no revision match nothing.
 *
 * @returns absent without `If-Match`; `'*'` where it is enough that there is one
 * @throws MalformedRequestError if the header is neither `*` nor a list of entity tags
 */
export function expectedRevisions(headers: Headers): readonly number[] | '*' | undefined {
  const tags = parseEntityTags(headers, 'If-Match');
  if (tags === undefined || tags === '*') return tags;
  return tags.filter(({ weak, opaque }) => !weak && REVISION.test(opaque)).map(({ opaque }) => Number(opaque));
}

/** Whether the caller has a revision already. */
export type KnownRevisions = (revision: number) => boolean;

/**
 * Reads which revisions the caller has already, by weak comparison (W3).
 *
 * @throws MalformedRequestError if `If-None-Match` is neither `*` nor a list of entity tags
 */
export function knownRevisions(headers: Headers): KnownRevisions {
  const isKnown = knownTags(headers);
  return (revision) => isKnown(String(revision));
}

/**
 * Reads which entity tags, without their quotes, the caller has already, by weak comparison.
 *
 * @throws MalformedRequestError if `If-None-Match` is neither `*` nor a list of entity tags
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
    if (element === null) throw new MalformedRequestError(`The header ${name} must be * or a list of entity tags.`);
    if (element[2] !== undefined) tags.push({ weak: element[1] !== undefined, opaque: element[2] });
  }
  return tags;
}
