import { expect } from 'chai';
import { InvalidOptionsError, MalformedRequestError } from 'dossier';
import { ndjsonLine, ndjsonRows } from 'dossier/formats';
import { allOf, chunksOf } from './read-rows.js';

const read = (text: string | Uint8Array, size?: number) => allOf(ndjsonRows(chunksOf(text, size)));

describe('ndjsonRows', () => {
  it('reads each line as a profile, with its customer id apart from the members', async () => {
    expect(await read('{"customer_id":"a","FirstName":"Ann"}\n{"FirstName":"Bob","Phone":[]}\n')).to.deep.equal([
      { line: 1, customerId: 'a', members: { FirstName: 'Ann' } },
      { line: 2, customerId: undefined, members: { FirstName: 'Bob', Phone: [] } },
    ]);
  });

  it('accepts CRLF and a last line without a line break; skips blank lines but counts them', async () => {
    expect(await read('\r\n{"a":1}\r\n \t\n\n{"b":2}')).to.deep.equal([
      { line: 2, customerId: undefined, members: { a: 1 } },
      { line: 5, customerId: undefined, members: { b: 2 } },
    ]);
  });

  it('returns no rows for an empty file', async () => {
    expect(await read('')).to.deep.equal([]);
    expect(await read('\n\n')).to.deep.equal([]);
    expect(await read('\ufeff')).to.deep.equal([]);
  });

  it('ignores a byte-order mark at the start only', async () => {
    const rows = await read('\ufeff{"a":1}\n\ufeff{"a":1}\n');
    expect(rows[0]).to.deep.equal({ line: 1, customerId: undefined, members: { a: 1 } });
    expect(rows[1]).to.deep.equal({ line: 2, fault: 'The text is not valid JSON: see column 1.' });
  });

  it('returns the same rows for chunks of any size', async () => {
    const text = '\ufeff{"customer_id":"a","Näme":"日本 𝒳"}\r\n\nnull\n{"b":"\\u00e9"}';
    const whole = await read(text);
    expect(whole).to.have.length(3);
    for (const size of [1, 2, 3, 5, 7]) expect(await read(text, size), `${size}`).to.deep.equal(whole);
  });

  const broken: Record<string, string> = {
    'invalid JSON': '{"Secret":',
    'a list': '["Secret"]',
    null: 'null',
    'a string': '"Secret"',
    'a customer_id that is not a string': '{"customer_id":7,"a":"Secret"}',
    'residual values (R23)': '{"a":1,"_residual":{"attributes":{"b":"Secret"}}}',
    'a repeated member (R2)': '{"a":"Secret","a":1}',
    'two objects': '{"a":"Secret"}{"a":1}',
  };
  for (const [what, line] of Object.entries(broken)) {
    it(`a line with ${what} is a fault without values, and the next line is read`, async () => {
      const [row, next] = await read(`${line}\n{"a":1}`);
      expect(row).to.have.keys('line', 'fault');
      expect(JSON.stringify(row)).not.to.contain('Secret');
      expect(next).to.deep.equal({ line: 2, customerId: undefined, members: { a: 1 } });
    });
  }

  const overLines: Record<string, [value: unknown, advice: string]> = {
    'an array': [[{ a: 'Secret' }, { a: 1 }], "with jq -c '.[]'"],
    'an object': [{ a: 'Secret' }, 'with jq -c .'],
  };
  for (const [what, [value, advice]] of Object.entries(overLines)) {
    it(`refuses ${what} over several lines, before the first row and with what to do`, async () => {
      const indented = JSON.stringify(value, null, 2);
      for (const text of [indented, `\ufeff\r\n${indented.replaceAll('\n', '\r\n')}`]) {
        const error = await read(text).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(MalformedRequestError);
        expect((error as Error).message)
          .to.contain(advice)
          .and.not.to.contain('Secret');
      }
    });
  }

  it('refuses an array with an object on each line', async () => {
    const error = await read('[{"a":1},\n{"a":2}]\n').catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(MalformedRequestError);
  });

  it('an array on one line is a fault that says what to do', async () => {
    expect(await read('[{"a":1},{"a":2}]\n')).to.deep.equal([
      { line: 1, fault: 'The line must be a JSON object, not an array. Write each object on a line of its own.' },
    ]);
  });

  it('a later line that opens an array or an object is a fault', async () => {
    expect(await read('{"a":1}\n[\n{\n')).to.have.length(3);
  });

  it('refuses UTF-16', async () => {
    const error = await read(Buffer.from('\ufeff{"a":1}\r\n', 'utf16le')).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(MalformedRequestError);
  });

  it('invalid UTF-8 is a fault, and the next line is read', async () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xc3, 0x28), Buffer.from('"}\n{"a":1}\n')]);
    expect(await read(bytes)).to.deep.equal([
      { line: 1, fault: 'The row must be well-formed UTF-8.' },
      { line: 2, customerId: undefined, members: { a: 1 } },
    ]);
  });

  it('a line over maxRowBytes is a fault, and one of exactly maxRowBytes is not', async () => {
    const rows = ndjsonRows(chunksOf(`{"a":"xxx"}\n{"a":"xxxx"}\n{"a":1}\n`, 4), { maxRowBytes: 12 });
    expect(await allOf(rows)).to.deep.equal([
      { line: 1, customerId: undefined, members: { a: 'xxx' } },
      { line: 2, fault: 'The row is longer than the limit of 12 bytes (option `maxRowBytes`).' },
      { line: 3, customerId: undefined, members: { a: 1 } },
    ]);
  });

  it('R2: a member named __proto__ stays a member', async () => {
    const [row] = await read('{"__proto__":{"a":1}}');
    expect(Object.keys((row as { members: object }).members)).to.deep.equal(['__proto__']);
  });

  it('R2: a line with an object of more than maxObjectMembers is a fault', async () => {
    const rows = ndjsonRows(chunksOf('{"a":1,"b":2}\n{"a":{"b":1,"c":2,"d":3}}\n'), { maxObjectMembers: 2 });
    const [first, second] = await allOf(rows);
    expect(first).to.have.property('members');
    expect(second).to.have.property('fault').that.includes('more than 2 members (option `maxObjectMembers`)');
  });

  it('refuses a limit that is not a positive integer, and a misspelt one', () => {
    for (const limits of [{ maxRowBytes: 0 }, { maxObjectMembers: '9' }, { maxRowByte: 9 }, { maxColumns: 9 }]) {
      expect(() => ndjsonRows(chunksOf(''), limits as never)).to.throw(InvalidOptionsError);
    }
  });

  it('reads back the line that ndjsonLine writes', async () => {
    const line = ndjsonLine({
      customerId: 'a',
      members: { FirstName: 'Ann\n', Email: ['a', 'b'], Phone: [{ Number: '1' }] },
    });
    expect(line.indexOf('\n')).to.equal(line.length - 1);
    expect(await read(line)).to.deep.equal([
      { line: 1, customerId: 'a', members: { FirstName: 'Ann\n', Email: ['a', 'b'], Phone: [{ Number: '1' }] } },
    ]);
  });

  it('W1: reads the segment from the member _segment, which must be a string', async () => {
    expect(await read(ndjsonLine({ customerId: 'a', segment: 'gold', members: {} }))).to.deep.equal([
      { line: 1, customerId: 'a', segment: 'gold', members: {} },
    ]);
    expect(await read('{"_segment":null}\n{"_segment":1}')).to.deep.equal([
      { line: 1, fault: 'The member _segment must be a string.' },
      { line: 2, fault: 'The member _segment must be a string.' },
    ]);
  });

  it('R14: reads the revision from the member _revision, which must be a number', async () => {
    expect(await read(ndjsonLine({ customerId: 'a', revision: 7, members: {} }))).to.deep.equal([
      { line: 1, customerId: 'a', revision: 7, members: {} },
    ]);
    expect(await read('{"_revision":"7"}\n{"_revision":null}')).to.deep.equal([
      { line: 1, fault: 'The member _revision must be a number.' },
      { line: 2, fault: 'The member _revision must be a number.' },
    ]);
  });
});
