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

describe('rows of comma-separated values', () => {
  it('the first row names the columns of the others', async () => {
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

  it('quotes enclose delimiters, quotes and line breaks; a row counts from the line on which it begins', async () => {
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

  it('empty lines are passed over and counted; blanks are kept', async () => {
    expect(await read('\nA\n\r\n x \n\n')).to.deep.equal([{ line: 4, cells: [['A', ' x ']] }]);
  });

  it('line breaks of both kinds may be mixed, and a lone carriage return is part of a value', async () => {
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

  it('the same name may head several columns', async () => {
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
    it(`the delimiter may be ${JSON.stringify(delimiter)}`, async () => {
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
    it(`the delimiter ${JSON.stringify(delimiter)} is refused`, () => {
      expect(() => csvRows(chunksOf(''), { delimiter })).to.throw(MalformedRequestError);
    });
  }

  it('however the bytes come in chunks, the rows are the same', async () => {
    const text = '\ufeff"Näme",B\r\n"日本, 𝒳\r\n""q""",2\r\nbad"quote,3\r\n\r\n4,5';
    const whole = await read(text);
    expect(whole).to.have.length(3);
    for (const size of [1, 2, 3, 5, 7]) expect(await read(text, {}, size), `${size}`).to.deep.equal(whole);
  });

  it('a row with more or fewer columns than names is a fault', async () => {
    expect(await read('A,B\n1\n1,2,3\n1,2')).to.deep.equal([
      { line: 2, fault: 'The row has 1 columns, and there are 2 names.' },
      { line: 3, fault: 'The row has 3 columns, and there are 2 names.' },
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
    it(`a row with quotes in the wrong place, ${row}, is a fault, which repeats no value, and others are read`, async () => {
      const rows = await read(`A,B\n1,2\n${row}\n3,4\n`);
      expect(rows[1]).to.deep.equal({ line: 3, fault: 'The row has a quote that does not enclose a whole field.' });
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

  it('a quote that is never closed is a fault of the row that opens it', async () => {
    expect(await read('A,B\n1,2\n"3,4\n5,6\n')).to.deep.equal([
      {
        line: 2,
        cells: [
          ['A', '1'],
          ['B', '2'],
        ],
      },
      { line: 3, fault: 'A quote is never closed.' },
    ]);
  });

  it('a row that is no well-formed UTF-8 is a fault, and the next one is read', async () => {
    const bytes = Buffer.concat([Buffer.from('A\n'), Buffer.of(0xff), Buffer.from('\n1\n')]);
    expect(await read(bytes)).to.deep.equal([
      { line: 2, fault: 'The row is not well-formed UTF-8.' },
      { line: 3, cells: [['A', '1']] },
    ]);
  });

  it('a row over the limit is a fault, quoted line breaks and all, and the next one is read', async () => {
    const rows = await read(`A\n"${'x\n'.repeat(50)}"\n1\n`, { maxRowBytes: 20 }, 7);
    expect(rows).to.deep.equal([
      { line: 2, fault: 'The row is longer than 20 bytes.' },
      { line: 53, cells: [['A', '1']] },
    ]);
  });

  it('names of columns that cannot be read end the import', async () => {
    for (const header of ['A,\n', 'A,"B', 'A,b"c\n', Buffer.of(0xff, 10)]) {
      expect(await failure(read(header)), String(header)).to.be.instanceOf(MalformedRequestError);
    }
    expect(await failure(read('A,B,C\n', { maxColumns: 2 }))).to.be.instanceOf(MalformedRequestError);
    expect(await read('A,B\n', { maxColumns: 2 })).to.deep.equal([]);
  });

  it('R2: two columns of customer ids, or of segments, end the import, since one of them would be lost', async () => {
    for (const names of ['customer_id,Name,Customer_ID', '_segment,_segment', 'customer_id,CUSTOMER_ID']) {
      expect(await failure(read(`${names}\n`)), names).to.be.instanceOf(MalformedRequestError);
    }
  });

  it('limits that are no positive integers are refused, all at once', () => {
    expect(() => csvRows(chunksOf(''), { maxRowBytes: 1.5, maxColumns: -1 }))
      .to.throw(InvalidOptionsError)
      .with.property('violations')
      .with.length(2);
  });
});
