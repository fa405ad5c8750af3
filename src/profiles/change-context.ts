import { MalformedRequestError } from '../errors.js';
import { checkOptionNames, type OptionNames } from '../rules/method-options.js';

const SEGMENT = /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/;

/** Who makes a change, and why. Kept with the state that the change makes (H1), and never logged. */
export interface Attribution {
  /** Who makes the change: 1 to 256 code points without control characters. */
  readonly actor?: string | undefined;
  /** Why: 1 to 256 code points without control characters. */
  readonly reason?: string | undefined;
  /**
   * The system that makes the change: 1 to 64 code points without control characters. Stands in the feed alone, so that who
   * follows it and writes can tell its own changes (C4).
   */
  readonly origin?: string | undefined;
}

/** Metadata of a change. */
export interface ChangeContext extends Attribution {
  /**
   * A label set by trusted infrastructure, never by the customer: 1 to 64 printable ASCII characters, without a blank
   * at either end. If absent, the profile keeps its segment (W1).
   */
  readonly segment?: string | undefined;
}

/** Metadata of a change that creates profiles. */
export interface CreationContext extends ChangeContext, AfterErasure {}

/** For a change that may bring back an erased customer id. */
export interface AfterErasure {
  /**
   * The id of an erasure, from its receipt. Allows a customer id that it erased to be used again (E2). Default: an erased
   * customer id is refused.
   */
  readonly afterErasure?: string | undefined;
}

export const ATTRIBUTION_OPTIONS: OptionNames<Attribution> = { actor: true, reason: true, origin: true };
export const CONTEXT_OPTIONS: OptionNames<ChangeContext> = { ...ATTRIBUTION_OPTIONS, segment: true };
const CREATION_OPTIONS: OptionNames<CreationContext> = { ...CONTEXT_OPTIONS, afterErasure: true };

/**
 * @throws MalformedRequestError for an unknown option, an actor or reason that is not valid, or a segment that is not
 *   valid: it must fit into an HTTP header
 */
export function checkContext(context: ChangeContext): void {
  checkOptionNames(context, CONTEXT_OPTIONS);
  checkAttribution(context);
  checkSegment(context);
}

/** The same for a change that creates profiles. */
export function checkCreationContext(context: CreationContext): void {
  checkOptionNames(context, CREATION_OPTIONS);
  checkAttribution(context);
  checkSegment(context);
  checkAfterErasure(context);
}

/** @throws MalformedRequestError if it is no text */
export function checkAfterErasure({ afterErasure }: AfterErasure): void {
  if (afterErasure === undefined || (typeof afterErasure === 'string' && afterErasure !== '')) return;
  throw new MalformedRequestError('`afterErasure` must be the id of an erasure, which stands in its receipt.');
}

function checkSegment({ segment }: Pick<ChangeContext, 'segment'>): void {
  if (segment !== undefined && !(typeof segment === 'string' && SEGMENT.test(segment))) {
    throw new MalformedRequestError(
      '`segment` must have 1 to 64 printable ASCII characters, without a blank at either end.',
    );
  }
}

/** @throws MalformedRequestError for an actor, reason or origin that is not valid */
export function checkAttribution({ actor, reason, origin }: Attribution): void {
  const most = { actor: MAX_NOTE_LENGTH, reason: MAX_NOTE_LENGTH, origin: MAX_ORIGIN_LENGTH };
  for (const [name, text] of Object.entries({ actor, reason, origin })) {
    const length = most[name as keyof typeof most];
    if (text !== undefined && !isNote(text, length)) {
      throw new MalformedRequestError(`\`${name}\` must have 1 to ${length} characters, and no control characters.`);
    }
  }
}

/** The attribution of a context, without its other members. */
export function attributionOf({ actor, reason, origin }: Attribution): Attribution {
  return { actor, reason, origin };
}

const MAX_NOTE_LENGTH = 256;
const MAX_ORIGIN_LENGTH = 64;

function isNote(text: unknown, length: number): boolean {
  if (typeof text !== 'string' || text === '' || text.length > 2 * length) return false;
  return !/[\p{Cc}\p{Cs}]/u.test(text) && Array.from(text).length <= length;
}
