/**
 * Whether two JSON documents are equal. The order of arrays matters, the order of members does not. Much faster than
 * `isDeepStrictEqual`, which supports more than JSON.
 */
export function equalJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) return Array.isArray(other) && equalArrays(one, other);
  return !Array.isArray(other) && equalObjects(one as Members, other as Members);
}

type Members = Readonly<Record<string, unknown>>;

function equalArrays(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((element, index) => equalJson(element, other[index]));
}

function equalObjects(one: Members, other: Members): boolean {
  let surplus = 0;
  for (const name in one) {
    if (!Object.hasOwn(other, name) || !equalJson(one[name], other[name])) return false;
    surplus -= 1;
  }
  for (const _ in other) surplus += 1;
  return surplus === 0;
}
