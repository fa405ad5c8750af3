/** A version or a revision as Redis keeps it, which is as text; absent where there is none. */
export function countOf(text: string | null | undefined): number | undefined {
  return typeof text === 'string' ? Number(text) : undefined;
}
