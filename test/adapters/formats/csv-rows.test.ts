import { expect } from 'chai';
import { InvalidOptionsError, MalformedRequestError } from 'dossier';
import { type CsvOptions, csvRows } from 'dossier/formats';
import { allOf, chunksOf } from './read-rows.js';

const read = (text: string | Uint8Array, options?: CsvOptions, size?: number) =>
  allOf(csvRows(chunksOf(text, size), options));

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('csvRows', () => {
  it('reads the column names from the first row', async () => {
    expect(await read('customer_id,FirstName\r\na,Ann\r\nb,\r\n')).to.deep.equal([
      {
        line: 2,
        cells: [
          ['customer_id', 'a'],
          ['FirstName', 'Ann'],
        ],
      },
      {
        line: 3,
        cells: [
          ['customer_id', 'b'],
          ['FirstName', ''],
        ],
      },
    ]);
  });

  it('reads quoted delimiters, quotes and line breaks; the line of a row is its first', async () => {
    const text = '"First\r\nName",Note\n"a,b","say ""hi"""\n"one\n\ntwo\r\n",x\nlast,"y"';
    expect(await read(text)).to.deep.equal([
      {
        line: 3,
        cells: [
          ['First\r\nName', 'a,b'],
          ['Note', 'say "hi"'],
        ],
      },
      {
        line: 4,
        cells: [
          ['First\r\nName', 'one\n\ntwo\r\n'],
          ['Note', 'x'],
        ],
      },
      {
        line: 8,
        cells: [
          ['First\r\nName', 'last'],
          ['Note', 'y'],
        ],
      },
    ]);
  });

  it('skips empty lines but counts them, and keeps blanks', async () => {
    expect(await read('\nA\n\r\n x \n\n')).to.deep.equal([{ line: 4, cells: [['A', ' x ']] }]);
  });

  it('accepts LF and CRLF, and keeps a lone carriage return in a value', async () => {
    expect(await read('A,B\n1,2\r\n3\r,4\n')).to.deep.equal([
      {
        line: 2,
        cells: [
          ['A', '1'],
          ['B', '2'],
        ],
      },
      {
        line: 3,
        cells: [
          ['A', '3\r'],
          ['B', '4'],
        ],
      },
    ]);
  });

  it('accepts several columns with the same name', async () => {
    expect(await read('Email,Email\na,b')).to.deep.equal([
      {
        line: 2,
        cells: [
          ['Email', 'a'],
          ['Email', 'b'],
        ],
      },
    ]);
  });

  for (const delimiter of [';', '\t', '|', ' ']) {
    it(`accepts the delimiter ${JSON.stringify(delimiter)}`, async () => {
      expect(await read(['A', 'B\n1,5', '"x"'].join(delimiter), { delimiter })).to.deep.equal([
        {
          line: 2,
          cells: [
            ['A', '1,5'],
            ['B', 'x'],
          ],
        },
      ]);
    });
  }

  for (const delimiter of ['', '"', '\n', '\r', ',,', 'é', '\0']) {
    it(`refuses the delimiter ${JSON.stringify(delimiter)}`, () => {
      expect(() => csvRows(chunksOf(''), { delimiter })).to.throw(MalformedRequestError);
    });
  }

  it('returns the same rows for chunks of any size', async () => {
    const text = '\ufeff"Näme",B\r\n"日本, 𝒳\r\n""q""",2\r\nbad"quote,3\r\n\r\n4,5';
    const whole = await read(text);
    expect(whole).to.have.length(3);
    for (const size of [1, 2, 3, 5, 7]) expect(await read(text, {}, size), `${size}`).to.deep.equal(whole);
  });

  it('a row with more or fewer columns than the first is a fault', async () => {
    expect(await read('A,B\n1\n1,2,3\n1,2')).to.deep.equal([
      { line: 2, fault: 'The row must have 2 columns, as the first row has, but has 1.' },
      { line: 3, fault: 'The row must have 2 columns, as the first row has, but has 3.' },
      {
        line: 4,
        cells: [
          ['A', '1'],
          ['B', '2'],
        ],
      },
    ]);
  });

  for (const row of ['Secret"x",1', '"Secret"x,1', '"Sec"ret",1']) {
    it(`a misplaced quote, ${row}, is a fault without values, and the other rows are read`, async () => {
      const rows = await read(`A,B\n1,2\n${row}\n3,4\n`);
      expect(rows[1]).to.deep.equal({
        line: 3,
        fault: 'The row has a misplaced quote. Quote the whole field, and double each quote inside it.',
      });
      expect([rows[0], rows[2]]).to.deep.equal([
        {
          line: 2,
          cells: [
            ['A', '1'],
            ['B', '2'],
          ],
        },
        {
          line: 4,
          cells: [
            ['A', '3'],
            ['B', '4'],
          ],
        },
      ]);
    });
  }

  it('an unclosed quote is a fault of the row that opens it', async () => {
    expect(await read('A,B\n1,2\n"3,4\n5,6\n')).to.deep.equal([
      {
        line: 2,
        cells: [
          ['A', '1'],
          ['B', '2'],
        ],
      },
      { line: 3, fault: 'The row has an unclosed quote.' },
    ]);
  });

  it('invalid UTF-8 is a fault, and the next row is read', async () => {
    const bytes = Buffer.concat([Buffer.from('A\n'), Buffer.of(0xff), Buffer.from('\n1\n')]);
    expect(await read(bytes)).to.deep.equal([
      { line: 2, fault: 'The row must be well-formed UTF-8.' },
      { line: 3, cells: [['A', '1']] },
    ]);
  });

  it('a row over maxRowBytes is a fault, even with quoted line breaks, and the next row is read', async () => {
    const rows = await read(`A\n"${'x\n'.repeat(50)}"\n1\n`, { maxRowBytes: 20 }, 7);
    expect(rows).to.deep.equal([
      { line: 2, fault: 'The row is longer than the limit of 20 bytes.' },
      { line: 53, cells: [['A', '1']] },
    ]);
  });

  it('throws if the column names cannot be read', async () => {
    for (const header of ['A,\n', 'A,"B', 'A,b"c\n', Buffer.of(0xff, 10)]) {
      expect(await failure(read(header)), String(header)).to.be.instanceOf(MalformedRequestError);
    }
    expect(await failure(read('A,B,C\n', { maxColumns: 2 }))).to.be.instanceOf(MalformedRequestError);
    expect(await read('A,B\n', { maxColumns: 2 })).to.deep.equal([]);
  });

  it('R2: throws if customer_id or _segment repeats, since one value would be lost', async () => {
    for (const names of ['customer_id,Name,Customer_ID', '_segment,_segment', 'customer_id,CUSTOMER_ID']) {
      expect(await failure(read(`${names}\n`)), names).to.be.instanceOf(MalformedRequestError);
    }
  });

  it('refuses all limits that are not positive integers at once', () => {
    expect(() => csvRows(chunksOf(''), { maxRowBytes: 1.5, maxColumns: -1 }))
      .to.throw(InvalidOptionsError)
      .with.property('violations')
      .with.length(2);
  });
});
