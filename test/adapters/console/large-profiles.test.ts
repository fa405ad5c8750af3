import { expect } from 'chai';
import { confirmationIn, createVisitor, type Page, type Visitor } from './console-visitor.js';

const MANY = 20_000;

describe('console: a profile with more values than a page can have', () => {
  let visitor: Visitor;

  beforeEach(async () => {
    visitor = createVisitor({ services: { history: 'all' } });
    await visitor.schemas.define('1', {
      attributes: [
        { name: 'Few', type: 'integer', multiValued: true },
        { name: 'Numbers', type: 'integer', multiValued: true },
      ],
      extensions: [
        { name: 'Note', type: 'multi-valued', attributes: [{ name: 'Id', type: 'integer' }], unique: ['Id'] },
      ],
    });
  });

  const create = (first: number) =>
    visitor.profiles.create('1', {
      customerId: 'x',
      attributes: { Few: [71, 72, 73], Numbers: Array(MANY).fill(first) },
      extensions: { Note: Array.from({ length: MANY }, (_, index) => ({ Id: first + index })) },
    });

  it('shows as many values as there is room for, the short lists whole, and how many more there are', async () => {
    await create(5);
    const page = await visitor.get('/profiles/x');
    expect(page.status).to.equal(200);
    expect(page.text).to.include('71').and.to.include('72').and.to.include('73');
    expect(page.text).to.match(/and \d{5} more values, which are not shown/);
    expect(page.text).to.include(`${MANY} records`);
    expect(page.html.length).to.be.below(2 ** 17);
  });

  it('offers no form for it, but says what else there is', async () => {
    await create(5);
    const page = await visitor.get('/profiles/x/edit');
    expect(page.status).to.equal(413);
    expect(page.text).to.include('more values than a form can carry').and.to.include('PATCH /profiles/x');
  });

  it('H3 names a hundred of the losses of a restore, and counts the others', async () => {
    await create(5);
    await visitor.profiles.replace('1', 'x', { attributes: {}, extensions: { Note: [{ Id: 1 }] } });
    await visitor.profiles.restore('1', 'x', 1);
    const page = await visitor.get('/profiles/x/history/2');
    const confirmation = await visitor.fillIn(page, '/profiles/x/history/2', { button: 'preview' });
    expect(confirmation.text)
      .to.include(`${MANY} records of Note`)
      .and.to.include(`and ${MANY - 100} more`);
    expect(confirmation.html.length).to.be.below(2 ** 17);
    const restored = await visitor.fillIn(confirmation, '/profiles/x/history/2', {
      button: 'restore',
      confirm: confirmationIn(confirmation),
    });
    expect(restored.text).to.include('Restored');
  });

  it('refuses a form of more fields than any has, and takes rows for no more than there are fields', async () => {
    await visitor.profiles.create('1', { customerId: 'x', attributes: { Numbers: [7] } });
    const form = await visitor.get('/profiles/x/edit');
    const fields = new URLSearchParams(form.fields);
    fields.set('button', 'save');
    fields.set('rows:/Numbers', '100000');
    const claimed = await visitor.post('/profiles/x/edit', fields);
    expect(claimed.status).to.equal(200);
    for (let index = 0; index < 20_000; index += 1) fields.append(`/Numbers/${index}`, '1');
    const page = await visitor.post('/profiles/x/edit', fields);
    expect(page.status).to.equal(413);
    expect(page.text).to.include('at most 10000 fields');
  });

  it('shows the fields of as many records as there is room for, the one first that was opened last', async () => {
    const attributes = Array.from({ length: 900 }, (_, index) => ({ name: `A${index}`, type: 'string' as const }));
    await visitor.schemas.define('1', {
      attributes: [],
      extensions: [{ name: 'Wide', type: 'multi-valued', attributes }],
    });
    const Wide = Array.from({ length: 4 }, (_, index) => ({ A7: `value ${index}` }));
    await visitor.profiles.create('1', { customerId: 'x', attributes: {}, extensions: { Wide } });
    const openIn = ({ html }: Page) => [0, 1, 2, 3].filter((index) => html.includes(`<label for="f-Wide-${index}-A7"`));
    const form = await visitor.get('/profiles/x/edit');
    expect(openIn(form)).to.deep.equal([0, 1]);
    expect(form.text).to.include('2 records, to change or remove').and.to.include('value 3');
    const opened = await visitor.fillIn(form, '/profiles/x/edit', { button: 'open:/Wide/3' });
    expect(openIn(opened)).to.deep.equal([0, 3]);
    const asked = await visitor.fillIn(opened, '/profiles/x/edit', { '/Wide/3/A7': 'another', button: 'save' });
    const confirmed = { confirm: confirmationIn(asked), button: 'save' };
    const saved = await visitor.fillIn(asked, '/profiles/x/edit', confirmed);
    expect(saved.text).to.include('Saved.');
    const { extensions } = await visitor.profiles.get('1', 'x', { extensions: 'all' });
    expect(extensions).to.deep.equal({ Wide: Wide.with(3, { A7: 'another' }) });
  });

  it('lists choices once where many fields have them, and saves what was chosen', async () => {
    const oneOf = Array.from({ length: 300 }, (_, index) => index);
    await visitor.schemas.define('1', {
      attributes: [{ name: 'Choices', type: 'integer', multiValued: true, oneOf }],
      extensions: [],
    });
    await visitor.profiles.create('1', { customerId: 'x', attributes: { Choices: Array(100).fill(7) } });
    const form = await visitor.get('/profiles/x/edit');
    expect(form.html.split('<option').length - 1).to.equal(300);
    const fields = new URLSearchParams(form.fields);
    fields.set('/Choices/0', '8');
    fields.set('button', 'save');
    expect((await visitor.post('/profiles/x/edit', fields)).text).to.include('Saved.');
    expect((await visitor.profiles.get('1', 'x')).attributes).to.deep.equal({ Choices: [8, ...Array(99).fill(7)] });
  });
});
