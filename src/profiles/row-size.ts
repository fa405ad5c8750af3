import { MAX_DEPTH } from '../model/defensive-copy.js';

/**
 * The approximate number of characters in an import row, names included. Deeper nesting is not valid, and may be
 * cyclic.
 */
export function rowSize(value: unknown, depth = MAX_DEPTH): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth === 0) return 8;
  let size = 0;
  if (Array.isArray(value)) {
    for (const element of value) size += rowSize(element, depth - 1);
  } else {
    for (const name in value) size += name.length + rowSize(value[name as keyof typeof value], depth - 1);
  }
  return size;
}
