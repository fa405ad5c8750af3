/** Changes every member of a document at every depth. */
export function deface(document: unknown): void {
  if (typeof document !== 'object' || document === null) return;
  for (const name of Object.keys(document)) {
    deface(Reflect.get(document, name));
    if (typeof Reflect.get(document, name) !== 'object') Reflect.set(document, name, 'defaced');
  }
  Reflect.set(document, 'added', 'defaced');
  if (Array.isArray(document)) document.push('defaced');
}
