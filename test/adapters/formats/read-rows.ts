import type { ImportRow } from 'dossier';

/** The bytes of a text, in chunks of the given size. */
export async function* chunksOf(text: string | Uint8Array, size = 1_000): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

export async function allOf(rows: AsyncIterable<ImportRow>): Promise<ImportRow[]> {
  const list: ImportRow[] = [];
  for await (const row of rows) list.push(row);
  return list;
}
