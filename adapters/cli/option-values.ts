import { InvalidArgumentError } from 'commander';
import type { ChangesPolicy, HistoryPolicy } from 'dossier';

/** A port to listen on; 0 means any free port. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return port;
}

/** A tenant number, without leading zeros, which are insignificant (W1). */
export function parseTenant(text: string): string {
  if (!/^[0-9]{1,18}$/.test(text)) throw new InvalidArgumentError('Expected a tenant number of 1 to 18 digits.');
  return BigInt(text).toString();
}

export function parseBasePath(text: string): string {
  if (!/^\/(?:[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*)?$/.test(text)) {
    throw new InvalidArgumentError('Expected / or a path such as /crm/v1, without a slash at the end.');
  }
  return text;
}

/** A number of database connections. */
export function parsePoolSize(text: string): number {
  const size = Number(text);
  if (!/^[1-9][0-9]{0,3}$/.test(text) || size > 1_000) {
    throw new InvalidArgumentError('Expected a number of connections from 1 to 1000.');
  }
  return size;
}

/** The size of a body or a page: at least one byte, at most 1 GiB. */
export function parseByteSize(text: string): number {
  const bytes = Number(text);
  if (!/^[1-9][0-9]{0,9}$/.test(text) || bytes > 2 ** 30) {
    throw new InvalidArgumentError('Expected a number of bytes from 1 to 1073741824 (1 GiB).');
  }
  return bytes;
}

export function parsePositiveInteger(text: string): number {
  if (!/^[1-9][0-9]{0,14}$/.test(text)) throw new InvalidArgumentError('Expected a positive integer.');
  return Number(text);
}

/** Names of attributes and extensions, such as `DOB,Address`. The schema tells whether they exist. */
export function parseNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (!names.every((name) => /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name))) {
    throw new InvalidArgumentError('Expected names of attributes or extensions, such as DOB,Address.');
  }
  return names;
}

/** A number of rows with errors, whose lines are kept. */
export function parseMaxErrors(text: string): number {
  const errors = Number(text);
  if (!/^[1-9][0-9]{0,5}$/.test(text) || errors > 100_000) {
    throw new InvalidArgumentError('Expected a number from 1 to 100000.');
  }
  return errors;
}

/** A time in whole seconds, up to an hour. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^[0-9]{1,4}$/.test(text) || seconds > 3_600) {
    throw new InvalidArgumentError('Expected a whole number of seconds from 0 to 3600.');
  }
  return seconds;
}

/** Which former states of profiles are kept. */
export function parseHistory(text: string): 'all' | 'none' | HistoryPolicy {
  if (text === 'all' || text === 'none') return text;
  const limits = historyLimitsIn(text);
  if (limits === undefined) throw new InvalidArgumentError(`Expected all, none, or ${HISTORY_LIMITS}.`);
  return limits;
}

/** How many former states of profiles are kept, or for how long. */
export function parseHistoryLimits(text: string): HistoryPolicy {
  const limits = historyLimitsIn(text);
  if (limits === undefined) throw new InvalidArgumentError(`Expected ${HISTORY_LIMITS}.`);
  return limits;
}

/** How long lines of the feed are kept, or `true` as in an environment variable. */
export function parseChanges(text: string): true | ChangesPolicy {
  const [, digits] = /^days=([1-9][0-9]{0,4})$/.exec(text) ?? [];
  if (text === 'true') return true;
  if (digits !== undefined && Number(digits) <= MOST.days) return { days: Number(digits) };
  throw new InvalidArgumentError('Expected nothing, true, or days=NUMBER (at most 36500).');
}

const HISTORY_LIMITS =
  'revisions=NUMBER (at most 1000000), days=NUMBER (at most 36500), or both, such as revisions=100,days=365';

const MOST = { revisions: 1_000_000, days: 36_500 } as const;

function historyLimitsIn(text: string): HistoryPolicy | undefined {
  const limits = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, name, digits] = /^(revisions|days)=([1-9][0-9]{0,6})$/.exec(part) ?? [];
    if (name === undefined || limits.has(name) || Number(digits) > MOST[name as keyof typeof MOST]) return undefined;
    limits.set(name, Number(digits));
  }
  return Object.fromEntries(limits);
}

/** A time in whole seconds, from one second to an hour. */
export function parsePositiveSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^[1-9][0-9]{0,3}$/.test(text) || seconds > 3_600) {
    throw new InvalidArgumentError('Expected a whole number of seconds from 1 to 3600.');
  }
  return seconds;
}

/** A CSV delimiter. A tab may be written as `tab` or `\t`, since it is hard to type. */
export function parseDelimiter(text: string): string {
  const delimiter = text === 'tab' || text === '\\t' ? '\t' : text;
  if (!/^[\t -!#-~]$/.test(delimiter)) {
    throw new InvalidArgumentError('Expected tab, or one printable ASCII character other than the double quote.');
  }
  return delimiter;
}

/** The name of a type, which no keyword of TypeScript is, since it begins with a capital. */
export function parseTypeName(text: string): string {
  if (!/^[A-Z][A-Za-z0-9_]{0,63}$/.test(text)) {
    throw new InvalidArgumentError('Expected a capital letter, then at most 63 letters, digits or underscores.');
  }
  return text;
}
