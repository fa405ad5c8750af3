import type { AttributesDocument, ExtensionsDocument } from '../../src/model/documents.js';
import { hostileNames, hostileTexts, numbers, timestampLikeTexts } from './hostile-values.js';

/** The two documents of a profile. Residual values are a document of the same two members. */
export interface Documents {
  readonly attributes: AttributesDocument;
  readonly extensions: ExtensionsDocument;
}

/** Documents that must be returned exactly as stored, by what is special about them. */
export const hostileDocuments: Readonly<Record<string, () => Documents>> = {
  'empty documents': () => ({ attributes: {}, extensions: {} }),
  'empty values, lists and records': () => ({
    attributes: { Text: '', List: [], Blank: [''] },
    extensions: { None: [], Bare: [{}], Two: [{}, { Text: '' }] },
  }),
  'repeated values and records, in order': () => ({
    attributes: { Texts: ['b', 'a', 'b', 'B', 'a'], Numbers: [10, 9, 10], Flags: [true, false, true] },
    extensions: { Log: [{ Text: 'b' }, { Text: 'a' }, { Text: 'b' }, {}, { Text: 'a' }, {}] },
  }),
  'hostile texts': () => asDocuments(hostileTexts),
  'hostile names': () => ({
    attributes: Object.fromEntries(hostileNames.map((name) => [name, name])),
    extensions: Object.fromEntries(
      hostileNames.map((name) => [name, [Object.fromEntries([[name, name]]), Object.fromEntries([])]]),
    ),
  }),
  'numbers in full precision': () => asDocuments(numbers),
  'both booleans': () => asDocuments([true, false]),
  'texts that look like other types': () =>
    asDocuments([
      '1',
      'true',
      'null',
      'undefined',
      '{}',
      '[]',
      '"',
      '9223372036854775807',
      '-0',
      '1e3',
      ...timestampLikeTexts,
    ]),
  'long texts': () => asDocuments(['x'.repeat(65_535), '😀'.repeat(65_535), '\\"\n'.repeat(20_000)]),
  'documents of 1 MiB': () => ({
    attributes: Object.fromEntries(
      Array.from({ length: 16 }, (_, index) => [`Text${index}`, `${index} `.repeat(32_768)]),
    ),
    extensions: {
      Log: Array.from({ length: 1_024 }, (_, index) => ({
        Number: index,
        Text: `${index}`.padEnd(990, '.'),
        Done: true,
      })),
    },
  }),
};

/** Each value as an attribute, all values as one multi-valued attribute, and each in a record. */
function asDocuments(values: readonly (string | number | boolean)[]): Documents {
  return {
    attributes: { ...Object.fromEntries(values.map((value, index) => [`Value${index}`, value])), All: [...values] },
    extensions: { Records: values.map((value, index) => ({ Index: index, Value: value })) },
  };
}
