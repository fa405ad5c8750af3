import { expect } from 'chai';
import { type Visitor, visitorOfAnn } from './console-visitor.js';

describe('console: importing', () => {
  let visitor: Visitor;

  beforeEach(async () => {
    visitor = await visitorOfAnn({ maxImportBytes: 2 ** 20 });
  });

  const send = async (rows: string, fields: Record<string, string> = {}, name = 'customers.csv') => {
    const form = new FormData();
    for (const [field, value] of (await visitor.get('/import')).fields) form.append(field, value);
    for (const [field, value] of Object.entries(fields)) form.set(field, value);
    form.set('file', new File([rows], name));
    return visitor.upload('/import', form);
  };

  const CSV = 'customer_id,LastName,Phone.Number\nbea,"Beck <b>",7\nann,Archer,\nbad,,\n';

  it('tries a file and stores nothing, and then imports it, with progress and the errors by line', async () => {
    const tried = await send(CSV, { button: 'try', max_errors: '100' });
    expect(tried.text).to.include('Rows 3 Created 1 Replaced 0 Skipped 1 With errors 1').and.to.include('Line 4:');
    expect((await visitor.get('/profiles/bea')).status).to.equal(404);

    const { text } = await send(CSV, { button: 'import' });
    expect(text).to.include('100 % of the file read').and.to.include('Created 1');
    expect((await visitor.get('/profiles/bea')).text).to.include('Beck <b>');
  });

  it('a file that is sent twice creates nobody twice', async () => {
    const rows = '{"LastName": "A"}\n{"LastName": "B"}\n';
    expect((await send(rows, {}, 'a.ndjson')).text).to.include('Created 2');
    expect((await send(rows, {}, 'a.ndjson')).text).to.include('Created 0 Replaced 0 Skipped 2');
  });

  it('says what is wrong with a file', async () => {
    expect((await send('Nobody\n1\n')).text)
      .to.include('Line 2:')
      .and.to.include('/Nobody');
    expect((await send('{"LastName"', { id_key: 'Nokey' }, 'a.ndjson')).text).to.include('Not imported to the end');
    expect((await send('')).status).to.equal(400);
    expect((await send('x'.repeat(2 ** 21 + 1))).status).to.equal(413);
  });
});
