/** Overwrites every member of a document, at every depth, and adds one. */
export function mutateDeep(document: unknown): void {
  if (typeof document !== 'object' || document === null) return;
  for (const name of Object.keys(document)) {
    mutateDeep(Reflect.get(document, name));
    if (typeof Reflect.get(document, name) !== 'object') Reflect.set(document, name, 'mutated');
  }
  Reflect.set(document, 'added', 'mutated');
  if (Array.isArray(document)) document.push('mutated');
}
