import { expect } from 'chai';
import { createDossier, InvalidOptionsError, MalformedRequestError } from 'dossier';
import { type CsvOptions, csvRows } from 'dossier/formats';
import { InMemoryProfileRepository } from 'dossier/memory';
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
    const text = '"First_Name",Note\n"a,b","say ""hi"""\n"one\n\ntwo\r\n",x\nlast,"y"';
    expect(await read(text)).to.deep.equal([
      {
        line: 2,
        cells: [
          ['First_Name', 'a,b'],
          ['Note', 'say "hi"'],
        ],
      },
      {
        line: 3,
        cells: [
          ['First_Name', 'one\n\ntwo\r\n'],
          ['Note', 'x'],
        ],
      },
      {
        line: 7,
        cells: [
          ['First_Name', 'last'],
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
    const text = '\ufeff"Name",B\r\n"日本, 𝒳\r\n""q""",2\r\nbad"quote,3\r\n\r\n4,5';
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

  it('of a row with more columns than any may have, no more are read', async () => {
    expect(await read('A,B\n1,2,3,4\n"1",2,3,4', { maxColumns: 2 })).to.deep.equal([
      { line: 2, fault: 'The row must have 2 columns, as the first row has, but has more than 2.' },
      { line: 3, fault: 'The row must have 2 columns, as the first row has, but has more than 2.' },
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
      { line: 2, fault: 'The row is longer than the limit of 20 bytes (option `maxRowBytes`).' },
      { line: 53, cells: [['A', '1']] },
    ]);
  });

  it('throws if the column names cannot be read', async () => {
    for (const header of ['A,\n', 'A,"B', 'A,b"c\n', Buffer.of(0xff, 10)]) {
      expect(await failure(read(header)), String(header)).to.be.instanceOf(MalformedRequestError);
    }
    expect(await failure(read('A,B,C\n', { maxColumns: 2 }))).to.be.instanceOf(MalformedRequestError);
    expect(await read('A,B\n1,2\n', { maxColumns: 2 })).to.have.length(1);
  });

  const headers: Record<string, [header: string, message: string]> = {
    'a column without a name': ['A,,B', 'Column 2 has no name. Name every column.'],
    'trailing separators': ['A,B,,', 'Column 3 has no name, nor has any after it.'],
    semicolons: ['Secret;Name;Email', '--delimiter ";"'],
    'quoted names between semicolons': ['"Secret";"Name"', '--delimiter ";"'],
    tabs: ['Secret\tName', '--delimiter tab'],
    'vertical bars': ['Secret|Name', '--delimiter "|"'],
    'a line for spreadsheets': ['sep=;\r\nSecret;Name', '(sep=), and does not name the columns. Remove it.'],
    'a line for spreadsheets with the delimiter that is used': ['sep=,\r\nSecret,Name', 'Remove it.'],
    'line ends of carriage returns alone': ['Secret,Name\r1,2\r', 'save the file with the line ends LF or CRLF'],
    'zero bytes': ['Se\0cret,Name', 'save it as UTF-8'],
  };
  for (const [what, [header, message]] of Object.entries(headers)) {
    it(`throws before the first row, and without the text, if the first row has ${what}`, async () => {
      const error = await failure(read(`${header}\n1,2\n`));
      expect(error).to.be.instanceOf(MalformedRequestError);
      expect((error as Error).message).to.contain(message);
      expect((error as Error).message).not.to.match(/secret|bruce/i);
    });
  }

  it('names commas as the delimiter if another was given', async () => {
    expect(await failure(read('A,B\n', { delimiter: '\t' })))
      .to.have.property('message')
      .that.contains('--delimiter ","');
  });

  it('refuses UTF-16, with or without a byte-order mark', async () => {
    for (const text of ['\ufeffA,B\r\n1,2\r\n', 'A,B\r\n1,2\r\n']) {
      const little = Buffer.from(text, 'utf16le');
      for (const bytes of [little, Buffer.from(little).swap16()]) {
        for (const size of [1, 1_000]) {
          const error = await failure(read(bytes, {}, size));
          expect(error).to.be.instanceOf(MalformedRequestError);
          expect((error as Error).message).to.contain('Save or convert it as UTF-8');
        }
      }
    }
  });

  it('accepts any names, which the import knows, maps, ignores or refuses', async () => {
    const names = ['customer_id', 'E-mail 1 - Value', ' Sécret ', 'A.B.C', 'Name', 'name'];
    const [row] = await read(`${names.join(',')}\n1,2,3,4,5,6\n`);
    expect(row)
      .to.have.property('cells')
      .that.deep.equals(names.map((name, index) => [name, `${index + 1}`]));
  });

  it('gives the columns of a table without rows, whose names the import checks', async () => {
    expect(await read('Name,Phone.Number\n\n,\n')).to.deep.equal([{ line: 1, columns: ['Name', 'Phone.Number'] }]);
    const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() });
    await schemas.define('1', { attributes: [{ name: 'Name', type: 'string' }] });
    const importing = (text: string) => profiles.import('1', csvRows(chunksOf(text)));
    expect(await importing('Name\n')).to.include({ rows: 0, lastLine: 0, complete: true });
    const error = await importing('Ann Archer\n').catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(MalformedRequestError);
    expect(String(error)).to.include('Is the first row the one that names the columns?').and.not.include('Ann');
    expect(await importing('').catch(String)).to.include({ rows: 0 });
  });

  it('skips lines of separators alone, before the names and after them, but counts them', async () => {
    expect(await read(',,\r\n\r\nA,B,C\r\n,,\r\n,,,,\r\n"","",\r\n1,,\r\n')).to.deep.equal([
      {
        line: 7,
        cells: [
          ['A', '1'],
          ['B', ''],
          ['C', ''],
        ],
      },
    ]);
  });

  it('a row that repeats the names is a fault, as in files that were joined', async () => {
    const fault = 'The row repeats the names of the columns. Remove it.';
    expect(await read('A,B\nA,B\n\ufeffA,B\n')).to.deep.equal([
      { line: 2, fault },
      { line: 3, fault },
    ]);
    expect(await read('A,B\na,b\n'), 'in another case').to.deep.equal([{ line: 2, fault }]);
    expect(await read('A,B\nA,\n')).to.have.nested.property('[0].cells');
  });

  it('refuses all limits that are not positive integers at once, and misspelt options', () => {
    const wrong = { maxRowBytes: 1.5, maxColumns: -1, delimitr: ';' };
    expect(() => csvRows(chunksOf(''), wrong))
      .to.throw(InvalidOptionsError)
      .with.property('violations')
      .with.length(3);
    for (const none of [null, 'x']) {
      expect(() => csvRows(chunksOf(''), none as never), String(none)).to.throw(InvalidOptionsError);
    }
  });
});
