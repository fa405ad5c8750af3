/**
 * Reads a document as it was stored.
 *
 * @throws Error if it is no JSON; the parser's own error would quote the text, which is personal data
 */
export function documentOf<Document>(text: unknown): Document {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new Error('A stored document is not valid JSON.');
  }
}
