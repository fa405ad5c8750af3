const TYPES: Readonly<Record<string, string>> = { revision: 'bigint' };

/** The rows of a batch, as `c`. They are bound as one array per column. */
export function batch(columns: readonly string[]): string {
  const arrays = columns.map((column) => `:${column}::${TYPES[column] ?? 'text'}[]`);
  return `unnest(${arrays.join(', ')}) AS c(${columns.map((column) => `"${column}"`).join(', ')})`;
}
