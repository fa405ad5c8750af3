import { expect } from 'chai';
import { delimiterOf, formatOf } from '../../../adapters/cli/shared-options.js';

describe('format and delimiter of a file', () => {
  for (const [file, format, delimiter] of [
    ['a.csv', 'csv', ','],
    ['a.CSV', 'csv', ','],
    ['a.tsv', 'csv', '\t'],
    ['A.TSV', 'csv', '\t'],
    ['a.ndjson', 'ndjson', ','],
    ['tsv', 'ndjson', ','],
    ['-', 'ndjson', ','],
  ] as const) {
    it(`${file} is ${format}, separated by ${JSON.stringify(delimiter)} in a table`, () => {
      expect([formatOf(file, undefined), delimiterOf(file, undefined)]).to.deep.equal([format, delimiter]);
    });
  }

  it('options take precedence over the file name', () => {
    expect([formatOf('a.tsv', 'ndjson'), delimiterOf('a.tsv', ';'), delimiterOf('a.csv', '\t')]).to.deep.equal([
      'ndjson',
      ';',
      '\t',
    ]);
  });
});
