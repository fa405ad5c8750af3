/** Whether two JSON values are equal, whatever the order of members. A member that is `undefined` equals an absent one. */
export function equalJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((element, index) => equalJson(element, other[index]))
    );
  }
  return isPartOf(one, other) && isPartOf(other, one);
}

function isPartOf(one: object, other: object): boolean {
  return Object.entries(one).every(([name, value]) => {
    return equalJson(value, Object.hasOwn(other, name) ? other[name as keyof typeof other] : undefined);
  });
}
