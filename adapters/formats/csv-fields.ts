/** A turn of the event loop goes through about so many characters of a record. */
const CHARACTERS_AT_ONCE = 2 ** 18;

const QUOTE = '"';

/**
 * Splits a record into its fields (RFC 4180). Yields between the parts of a long one, so that the event loop can turn.
 *
 * @param limit the most fields to read: further ones are left out
 * @returns `undefined` if its quotes are misplaced
 */
export function* fieldsOf(
  text: string,
  delimiter: string,
  limit: number,
): Generator<void, readonly string[] | undefined, void> {
  if (!text.includes(QUOTE)) return text.split(delimiter, limit);
  const fields: string[] = [];
  let yielded = 0;
  for (let at = 0; fields.length < limit; at += delimiter.length) {
    if (text.startsWith(QUOTE, at)) {
      const field = yield* quotedField(text, at + 1);
      if (field === undefined) return undefined;
      fields.push(field.text);
      at = field.end;
    } else {
      const next = text.indexOf(delimiter, at);
      const end = next === -1 ? text.length : next;
      const field = text.slice(at, end);
      if (field.includes(QUOTE)) return undefined;
      fields.push(field);
      at = end;
    }
    if (at === text.length) break;
    if (!text.startsWith(delimiter, at)) return undefined;
    if (at - yielded < CHARACTERS_AT_ONCE) continue;
    yielded = at;
    yield;
  }
  return fields;
}

/** Reads up to the closing quote; `undefined` if there is none. */
function* quotedField(
  text: string,
  start: number,
): Generator<void, { readonly text: string; readonly end: number } | undefined, void> {
  const parts: string[] = [];
  let from = start;
  for (let at = text.indexOf(QUOTE, from); at !== -1; at = text.indexOf(QUOTE, at + 2)) {
    const isDoubled = text.startsWith(QUOTE, at + 1);
    if (isDoubled && at - from < CHARACTERS_AT_ONCE) continue;
    // Not by `replaceAll`, which keeps objects of 32 bytes for each quote.
    parts.push(
      text
        .slice(from, isDoubled ? at + 2 : at)
        .split('""')
        .join(QUOTE),
    );
    if (!isDoubled) return { text: parts.join(''), end: at + 1 };
    from = at + 2;
    yield;
  }
  return undefined;
}
