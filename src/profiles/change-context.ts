import { MalformedRequestError } from '../errors.js';
import { checkOptionNames, type OptionNames } from '../rules/method-options.js';

const SEGMENT = /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/;

/** Who makes a change, and why. Kept with the state that the change makes (H1), and never logged. */
export interface Attribution {
  /** Who makes the change: 1 to 256 code points without control characters. */
  readonly actor?: string | undefined;
  /** Why: 1 to 256 code points without control characters. */
  readonly reason?: string | undefined;
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
   * The id of an erasure, which stands in its receipt. It says that a customer id which that erasure erased is meant to be
   * used anew (E2). Default: an erased customer id is refused.
   */
  readonly afterErasure?: string | undefined;
}

export const ATTRIBUTION_OPTIONS: OptionNames<Attribution> = { actor: true, reason: true };
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

/** @throws MalformedRequestError for an actor or reason that is not valid */
export function checkAttribution({ actor, reason }: Attribution): void {
  for (const [name, text] of Object.entries({ actor, reason })) {
    if (text !== undefined && !isNote(text)) {
      throw new MalformedRequestError(`\`${name}\` must have 1 to 256 characters, and no control characters.`);
    }
  }
}

/** The attribution of a context, without its other members. */
export function attributionOf({ actor, reason }: Attribution): Attribution {
  return { actor, reason };
}

const MAX_NOTE_LENGTH = 256;

function isNote(text: unknown): boolean {
  if (typeof text !== 'string' || text === '' || text.length > 2 * MAX_NOTE_LENGTH) return false;
  return !/[\p{Cc}\p{Cs}]/u.test(text) && Array.from(text).length <= MAX_NOTE_LENGTH;
}
