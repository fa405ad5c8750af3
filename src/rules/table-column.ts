import type { CompiledAttribute, CompiledExtension, CompiledSchema } from './compiled-schema.js';
import { foldName } from './names.js';

/** What the cells of a column are. */
export type Column =
  | { readonly kind: 'ignored' | 'customer_id' | '_segment' | '_revision' }
  | { readonly kind: 'attribute'; readonly attribute: CompiledAttribute }
  /** The extension as a whole: `[]` gives it without records (R8). */
  | { readonly kind: 'extension'; readonly extension: CompiledExtension }
  | {
      readonly kind: 'record';
      readonly extension: CompiledExtension;
      readonly attribute: CompiledAttribute;
      /** The index of the record: the second column of an attribute belongs to the second record. */
      readonly record: number;
    };

/** What a name stands for, without regard to case (R1); `undefined` if the schema does not know it. */
export function columnNamed(schema: CompiledSchema, name: string): Column | undefined {
  const folded = foldName(name);
  if (folded === 'customer_id' || folded === '_segment' || folded === '_revision') return { kind: folded };
  const dot = folded.indexOf('.');
  const attribute = schema.attributes.byName.get(folded);
  if (attribute) return { kind: 'attribute', attribute };
  const extension = schema.extensionsByName.get(dot === -1 ? folded : folded.slice(0, dot));
  if (!extension) return undefined;
  if (dot === -1) return { kind: 'extension', extension };
  const inner = extension.attributes.byName.get(folded.slice(dot + 1));
  return inner && { kind: 'record', extension, attribute: inner, record: 0 };
}
