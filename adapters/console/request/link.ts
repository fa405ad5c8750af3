/** The cursor in the `Link` to the next page; `undefined` on the last page. */
export function nextIn(headers: Headers, parameter: string): string | undefined {
  const target = /<([^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
  if (target === undefined) return undefined;
  return new URL(target, 'http://localhost').searchParams.get(parameter) ?? undefined;
}
