import { InvalidArgumentError } from 'commander';

/** A port to listen on; 0 takes a free one. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return port;
}

/** Leading zeros are without meaning (W1). */
export function parseTenant(text: string): string {
  if (!/^[0-9]{1,18}$/.test(text)) throw new InvalidArgumentError('Expected 1 to 18 decimal digits.');
  return BigInt(text).toString();
}

export function parseBasePath(text: string): string {
  if (!/^\/(?:[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*)?$/.test(text)) {
    throw new InvalidArgumentError('Expected / or a path such as /crm.');
  }
  return text;
}

/** A number of lines or errors. */
export function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,14}$/.test(text)) throw new InvalidArgumentError('Expected a number from 1.');
  return Number(text);
}

/** One character; a tab may be written `tab` or `\t`, since it is hard to type. */
export function parseDelimiter(text: string): string {
  return text === 'tab' || text === '\\t' ? '\t' : text;
}

/** The name of a type, which no keyword of TypeScript is, since it begins with a capital. */
export function parseTypeName(text: string): string {
  if (!/^[A-Z][A-Za-z0-9_]{0,63}$/.test(text)) {
    throw new InvalidArgumentError('Expected a capital letter, then at most 63 letters, digits or underscores.');
  }
  return text;
}
