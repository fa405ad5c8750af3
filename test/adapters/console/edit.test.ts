import { expect } from 'chai';
import { ANN, confirmationIn, type Page, type Visitor, visitorOfAnn } from './console-visitor.js';

const EDIT = '/profiles/ann/edit';

describe('console: editing a profile', () => {
  let visitor: Visitor;
  let form: Page;

  beforeEach(async () => {
    visitor = await visitorOfAnn();
    form = await visitor.get(EDIT);
  });

  const stored = async () => {
    const { extensions = {}, ...profile } = await visitor.profiles.get('1', 'ann', { extensions: 'all' });
    return { ...profile, extensions };
  };

  const save = (changes: Record<string, string>, page = form) =>
    visitor.fillIn(page, EDIT, { button: 'save', ...changes });

  it('R13 a form that is sent as it was made changes nothing, whatever its values are', async () => {
    const odd = {
      LastName: ' a <b> & "c" ',
      FirstName: '',
      Notes: '\n first\r\nsecond\rthird\n',
      Level: 'silver',
      Email: ['a@example.com', 'a@example.com'],
    };
    const extensions = {
      Address: {},
      Blocked: {},
      Phone: [
        { Number: '1', Kind: '' },
        { Number: '2', Kind: '\r' },
      ],
    };
    const representation = { attributes: odd, extensions };
    const { revision } = await visitor.profiles.replace('1', 'ann', representation, { allowLoss: ['DOB'] });
    const page = await save({}, await visitor.get(EDIT));
    expect(page.text).to.include('Nothing was different');
    expect((await stored()).revision).to.equal(revision);
  });

  it('sends every value by the type of its attribute', async () => {
    const page = await save({
      '/LastName': 'Bowman',
      '/Points': '8',
      '/Account': '9223372036854775806',
      '/Rate': '2.25',
      '/Credit': '99999999999999.9999',
      '/Seen': '2026-02-01T13:00:00+01:00',
      '/Vip': 'false',
      '/Level': 'silver',
      '/Notes': 'a\r\nb',
      '/Phone/0/Kind': 'mobile',
    });
    expect(page.text).to.include('Saved.');
    const { attributes, extensions, revision } = await stored();
    expect(attributes).to.deep.equal({
      ...ANN.attributes,
      LastName: 'Bowman',
      Points: 8,
      Account: '9223372036854775806',
      Rate: 2.25,
      Credit: '99999999999999.9999',
      Seen: '2026-02-01T12:00:00.000Z',
      Vip: false,
      Level: 'silver',
      Notes: 'a\nb',
    });
    expect(extensions.Phone).to.deep.equal([{ Number: '+44 1', Kind: 'mobile' }, ANN.extensions.Phone[1]]);
    expect(revision).to.equal(2);
  });

  it('R11 says of each value that is refused what was expected, at its field, and keeps what was typed', async () => {
    const page = await save({
      '/LastName': '',
      '/Points': 'many',
      '/Email/0': '',
      '/Email/1': 'nobody',
      '/Phone/1/Number': 'x',
    });
    expect(page.status).to.equal(400);
    for (const target of ['f-LastName', 'f-Points', 'f-Email-0', 'f-Phone-1-Number']) {
      expect(page.html).to.include(`href="#${target}"`).and.to.include(`id="${target}-error"`);
    }
    expect(page.fields.get('/Points')).to.equal('many');
    expect(page.fields.get('/Email/0')).to.equal('nobody');
    expect((await stored()).revision).to.equal(1);
  });

  it('L1, L2 names what would be lost before it saves, and saves only what was confirmed', async () => {
    const cleared = { '/DOB': '', '/Email/0': '', '/Address/City': '' };
    const page = await save(cleared);
    expect(page.text).to.include('Date of birth 1980-01-31').and.to.include('1 of 2 E-mail addresses ann@example.com');
    expect(page.text).to.include('Address – Town Oxford');
    expect((await stored()).revision).to.equal(1);

    const unconfirmed = await save({}, page);
    expect(unconfirmed.text).to.include('Before you save');

    const confirm = confirmationIn(page);
    const more = await save({ confirm, '/FirstName': '' }, page);
    expect(more.text).to.include('First name');
    expect((await stored()).revision).to.equal(1);

    expect((await save({ confirm }, page)).text).to.include('Saved.');
    const { attributes, extensions } = await stored();
    expect(attributes).not.to.have.property('DOB');
    expect(attributes.Email).to.deep.equal(['archer@example.com']);
    expect(extensions.Address).to.deep.equal({ Street: '1 High Street' });
  });

  it('adds and removes rows without saving, and names records that would go', async () => {
    const added = await visitor.fillIn(form, EDIT, { button: 'add:/Phone' });
    const removed = await visitor.fillIn(added, EDIT, { button: 'remove:/Phone/0', '/Phone/2/Number': '+44 3' });
    expect((await stored()).revision).to.equal(1);
    const page = await save({}, removed);
    expect(page.text).to.include('1 record of 2 of Telephones').and.to.include('+44 1 · home');
    const confirm = confirmationIn(page);
    await save({ confirm }, page);
    expect((await stored()).extensions.Phone).to.deep.equal([ANN.extensions.Phone[1], { Number: '+44 3' }]);
  });

  it('R22 leaves alone what has been defined since the form was made', async () => {
    await visitor.schemas.defineAttributes('1', [
      ...(await visitor.schemas.get('1')).attributes,
      { name: 'Fax', type: 'string' },
    ]);
    await visitor.profiles.patch('1', 'ann', { attributes: { Fax: '1' } });
    const { revision } = await stored();
    const page = await save({ '/FirstName': 'Anna' });
    expect(page.text).to.include('Somebody else saved meanwhile');
    const saved = await visitor.fillIn(page, EDIT, { button: 'rebase' });
    expect(saved.text).to.include('Saved on top');
    expect(await stored()).to.deep.include({ revision: revision + 1 });
    expect((await stored()).attributes).to.include({ Fax: '1', FirstName: 'Anna' });
  });

  it('R14, L3 shows both versions where somebody else saved meanwhile, and saves the choice', async () => {
    await visitor.profiles.patch(
      '1',
      'ann',
      { attributes: { FirstName: 'Annie', Points: 9 } },
      { actor: 'bob', reason: 'call' },
    );
    const page = await save({ '/FirstName': 'Anna', '/Rate': '3' });
    expect(page.status).to.equal(412);
    expect(page.text).to.include('Both of you changed: First name').and.to.include('by bob');
    expect(page.html).to.include('Annie').and.to.include('Anna').and.not.to.include('value="rebase"');

    const resolved = await visitor.fillIn(page, EDIT, { button: 'resolve', 'take:/FirstName': 'mine' });
    expect([
      resolved.fields.get('/FirstName'),
      resolved.fields.get('/Points'),
      resolved.fields.get('/Rate'),
    ]).to.deep.equal(['Anna', '9', '3']);
    expect((await save({}, resolved)).text).to.include('Saved.');
    expect((await stored()).attributes).to.include({ FirstName: 'Anna', Points: 9, Rate: 3 });
  });

  it('L4 rebases where both changed other members', async () => {
    await visitor.profiles.patch('1', 'ann', { attributes: { Points: 9 } });
    const page = await save({ '/FirstName': 'Anna', '/DOB': '' });
    expect(page.html).to.include('value="rebase"');
    const confirmation = await visitor.fillIn(page, EDIT, { button: 'rebase' });
    const confirm = confirmationIn(confirmation);
    const saved = await visitor.fillIn(confirmation, EDIT, { button: 'rebase', confirm });
    expect(saved.text).to.include('Saved on top');
    expect((await stored()).attributes)
      .to.include({ FirstName: 'Anna', Points: 9 })
      .and.not.to.have.property('DOB');
  });

  it('L4 rebases where both changed other records of one extension', async () => {
    const [home, work] = ANN.extensions.Phone;
    await visitor.profiles.patch('1', 'ann', { extensions: { Phone: [{ ...home, Kind: 'old' }, work] } } as never);
    const page = await save({ '/Phone/1/Kind': 'office' });
    expect(page.text).to.include('changed by both, in different records');
    const confirmation = await visitor.fillIn(page, EDIT, { button: 'rebase', '/FirstName': '' });
    expect(confirmation.text).to.include('Yes, remove: First name;').and.to.include('the records of both');
    await visitor.fillIn(confirmation, EDIT, { button: 'rebase', confirm: confirmationIn(confirmation) });
    expect((await stored()).extensions.Phone).to.deep.equal([
      { ...home, Kind: 'old' },
      { ...work, Kind: 'office' },
    ]);
  });

  it('without history it still shows both versions, and asks for each that differs', async () => {
    visitor = await visitorOfAnn({ services: { history: 'none' }, onError: () => undefined });
    form = await visitor.get(EDIT);
    await visitor.profiles.patch('1', 'ann', { attributes: { Points: 9 } });
    const page = await save({ '/FirstName': 'Anna' });
    expect(page.status).to.equal(412);
    const choices = { 'take:/FirstName': 'mine', 'take:/Points': 'newest' };
    const resolved = await visitor.fillIn(page, EDIT, {
      button: page.html.includes('"rebase"') ? 'rebase' : 'resolve',
      ...choices,
    });
    if (!page.html.includes('"rebase"')) await save({}, resolved);
    expect((await stored()).attributes).to.include({ FirstName: 'Anna', Points: 9 });
  });

  it('a form without its reading saves nothing', async () => {
    expect((await save({ '/FirstName': 'Anna', reading: '' })).status).to.equal(412);
    expect((await stored()).revision).to.equal(1);
  });

  it('R19 a key that is taken is said in the form', async () => {
    await visitor.profiles.create('1', { attributes: { LastName: 'B' }, extensions: { Phone: [{ Number: '9' }] } });
    const page = await save({ '/Phone/0/Number': '9', confirm: 'x' });
    expect(page.status).to.equal(409);
    expect(page.fields.get('/Phone/0/Number')).to.equal('9');
  });
});
