/** Parses a version or revision, which Redis stores as text. Returns `undefined` if it is absent. */
export function parseInteger(text: string | null | undefined): number | undefined {
  return typeof text === 'string' ? Number(text) : undefined;
}

/**
 * Parses a stored JSON document.
 *
 * @throws Error without the parser's message, which would quote the text and so personal data
 */
export function parseDocument<Document>(text: string): Document {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('A stored document is not valid JSON.');
  }
}
