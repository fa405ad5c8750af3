import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import { addMapped, columnsOf, columnsText } from '../../../adapters/cli/bulk/column-options.js';
import { UserError } from '../../../adapters/cli/user-error.js';

describe('options of columns', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dossier-columns-'));
  });
  after(() => rm(directory, { recursive: true }));

  const written = async (content: string) => {
    const file = join(directory, 'mapping.json');
    await writeFile(file, content);
    return file;
  };
  const failure = (columns: Promise<unknown>) =>
    columns.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('--map takes COLUMN=NAME, with any = in the column', () => {
    expect(addMapped('a=b=Name', addMapped('E-mail=Email'))).to.deep.equal({ 'E-mail': 'Email', 'a=b': 'Name' });
    expect(Object.keys(addMapped('__proto__=Name'))).to.deep.equal(['__proto__']);
    for (const wrong of ['Name', '=Name', 'E-mail=', '', 'E-mail=Name']) {
      expect(() => addMapped(wrong, { 'E-mail': 'Email' }), wrong).to.throw(InvalidArgumentError);
    }
  });

  it('go before those of the mapping file', async () => {
    const mapping = await written('{"map": {"A": "Name", "B": "Name"}, "ignore": ["C", "D"]}');
    expect(await columnsOf({ mapping, map: { C: 'Email' }, ignore: ['B'] }, 'csv')).to.deep.equal({
      map: { A: 'Name', C: 'Email' },
      ignore: ['D', 'B'],
    });
    expect(await columnsOf({}, 'ndjson')).to.deep.equal({ map: {}, ignore: [] });
  });

  it('a mapping file has map and ignore, and nothing else', async () => {
    expect(await columnsOf({ mapping: await written('{"map": {"A": "Name"}}') }, 'csv')).to.have.property('ignore');
    for (const wrong of ['', '[]', 'null', '{"map": []}', '{"map": {"A": 1}}', '{"ignore": "A"}', '{"maps": {}}']) {
      expect(await failure(columnsOf({ mapping: await written(wrong) }, 'csv')), wrong).to.be.instanceOf(UserError);
    }
  });

  it('a mapping file that is no JSON, or maps a column twice, is refused with the place', async () => {
    for (const [wrong, place] of [
      ['{"map": {"A": "Name",}}', 'column 22'],
      ['{\n "map": {\n  "A" "Name"\n }\n}', 'line 3, column 7'],
      ['{"map": {"A": "Name", "A": "Email"}}', 'repeats the member /map/A'],
    ] as const) {
      const error = await failure(columnsOf({ mapping: await written(wrong) }, 'csv'));
      expect(error, wrong).to.be.instanceOf(UserError);
      expect((error as UserError).message, wrong)
        .to.include('mapping.json: ')
        .and.to.include(place);
    }
  });

  it('are for CSV', async () => {
    for (const options of [{ map: { A: 'Name' } }, { ignore: ['A'] }]) {
      expect(await failure(columnsOf(options, 'ndjson'))).to.be.instanceOf(UserError);
    }
  });

  it('have one text whatever their order', () => {
    const text = '--map "A=Name" --map "B=Email" --ignore "C" --ignore "D"';
    expect(columnsText({ map: { B: 'Email', A: 'Name' }, ignore: ['D', 'C', 'D'] })).to.equal(text);
    expect(columnsText({ map: {}, ignore: [] })).to.equal(undefined);
  });
});
