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

/** The entity tag of a bare revision of a profile, or of a schema version (W3, W7). */
export function entityTag(revision: number): string {
  return `"${revision}"`;
}

/** The entity tag of a profile as it is answered: its reading (R22, W3). */
export function readingTag({ reading }: { readonly reading: string }): string {
  return `"${reading}"`;
}

/**
 * The entity tag of a former state as it is answered: its revision, and a digest of the answer, which depends on the
 * schema. It is the tag of no present state, so no change matches it (W13).
 */
export function formerTag(revision: number, answer: string): string {
  const digest = createHash('sha256').update(answer).digest('base64url').slice(0, 16);
  return `${revision}.${digest}`;
}

/** What the entity tags of a header name: bare revisions or versions, and readings of profiles. */
export interface NamedStates {
  readonly revisions: readonly number[];
  /** Of any form but that of a revision: what is no reading matches nothing. */
  readonly readings: readonly string[];
}

/** What a request changes: its revision or version, and for a profile its reading. */
export interface CurrentState {
  readonly revision: number;
  readonly reading?: string;
}

/** What the headers of a change expect of the current state. */
export interface Preconditions {
  /** `If-Match`, by strong comparison: weak tags match nothing (W3). */
  readonly ifMatch: NamedStates | '*' | undefined;
  /** The weak tags of `If-Match`, which match nothing, but are worth telling of. */
  readonly weakMatches: NamedStates;
  /** `If-None-Match`, by weak comparison (RFC 9110 §13.1.2). */
  readonly ifNoneMatch: NamedStates | '*' | undefined;
}

/** @throws MalformedRequestError if a header is neither `*` nor a list of entity tags */
export function preconditionsOf(headers: Headers): Preconditions {
  const matches = parseEntityTags(headers, 'If-Match');
  const noneMatches = parseEntityTags(headers, 'If-None-Match');
  return {
    ifMatch: typeof matches === 'object' ? statesOf(matches.filter(({ weak }) => !weak)) : matches,
    weakMatches: statesOf(typeof matches === 'object' ? matches.filter(({ weak }) => weak) : []),
    ifNoneMatch: typeof noneMatches === 'object' ? statesOf(noneMatches) : noneMatches,
  };
}

/** Those tags that name the current state; a reading does so whatever it showed and by whichever schema. */
export function statesNaming({ revisions, readings }: NamedStates, current: CurrentState): NamedStates {
  const { revision, reading } = current;
  return {
    revisions: revisions.filter((one) => one === revision),
    readings: readings.filter((one) => reading !== undefined && stateIn(one) === stateIn(reading)),
  };
}

/** The first tag that names the current state. */
export function tagNaming(named: NamedStates, current: CurrentState): string | undefined {
  const { revisions, readings } = statesNaming(named, current);
  const [revision] = revisions;
  const [reading] = readings;
  if (revision !== undefined) return entityTag(revision);
  return reading === undefined ? undefined : readingTag({ reading });
}

/** Whether tags name the current state. */
export function namesState(named: NamedStates | '*', current: CurrentState): boolean {
  return named === '*' || tagNaming(named, current) !== undefined;
}

/** The revision and the state that a reading begins with. */
function stateIn(reading: string): string {
  return reading.slice(0, Math.max(0, reading.indexOf('.')));
}

function statesOf(tags: readonly EntityTag[]): NamedStates {
  const opaque = tags.map((tag) => tag.opaque);
  return {
    revisions: opaque.filter((one) => REVISION.test(one)).map(Number),
    readings: opaque.filter((one) => !REVISION.test(one)),
  };
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
