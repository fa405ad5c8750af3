import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { fieldsOf } from '../../../adapters/formats/csv-fields.js';
import { propertyRuns } from '../../property-runs.js';

function split(text: string, delimiter = ',', limit = 100): readonly string[] | undefined {
  const steps = fieldsOf(text, delimiter, limit);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** What another parser makes of the same text, as one record. */
function parsedElsewhere(text: string, delimiter: string): readonly string[] | undefined {
  try {
    return parse(text, { delimiter, record_delimiter: '\0', relax_column_count: true })[0];
  } catch {
    return undefined;
  }
}

describe('fieldsOf', () => {
  it('splits and refuses what csv-parse does', () => {
    const text = fc.string({
      unit: fc.constantFrom('"', '""', ',', ';', 'a', '\u{1F600}', '\r', '\n', ' '),
      minLength: 1,
    });
    fc.assert(
      fc.property(text, fc.constantFrom(',', ';'), (given, delimiter) => {
        expect(split(given, delimiter)).to.deep.equal(parsedElsewhere(given, delimiter));
      }),
      { numRuns: propertyRuns({ full: 20_000, quick: 2_000 }) },
    );
  });

  it('reads no more fields than the limit', () => {
    for (const text of ['1,2,3,4', '"1","2","3","4"', '"1","2","3"x'])
      expect(split(text, ',', 2)).to.deep.equal(['1', '2']);
  });

  it('keeps each quote of a text that takes several steps', () => {
    const field = '"a'.repeat(500_000);
    expect(split(`"${field.replaceAll('"', '""')}",b`)).to.deep.equal([field, 'b']);
  });
});
