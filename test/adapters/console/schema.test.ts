import { expect } from 'chai';
import { createVisitor, SCHEMA, type Visitor, visitorOfAnn } from './console-visitor.js';

describe('console: the schema', () => {
  let visitor: Visitor;

  beforeEach(async () => {
    visitor = await visitorOfAnn();
  });

  const attributes = (change: (name: string) => object) =>
    JSON.stringify({ attributes: SCHEMA.attributes.map((one) => ({ ...one, ...change(one.name) })) });

  it('R25 shows definitions, their titles and constraints', async () => {
    const { text } = await visitor.get('/schema');
    expect(text).to.include('Date of birth DOB date minimum 1900-01-01; protected');
    expect(text).to.include('Telephones – extension Phone').and.to.include('no two records with the same Number');
    expect(text).to.include('ByPhone Number of Phone yes matters');
  });

  it('S1, S2 tries a change on the data, and makes it only if it fits', async () => {
    const text = attributes((name) => (name === 'Points' ? { maximum: 5 } : {}));
    const fields = { kind: 'attributes', version: '1', text };
    const page = await visitor.get('/schema');
    const report = await visitor.fillIn(page, '/schema', { ...fields, button: 'try' });
    expect(report.text).to.include('does not fit').and.to.include('/Points : 1 in 1 profile').and.to.include('ann');
    expect(report.html).not.to.include('value="make"');
    expect((await visitor.fillIn(page, '/schema', { ...fields, button: 'make' })).status).to.equal(409);

    const wider = await visitor.fillIn(report, '/schema', {
      text: attributes((name) => (name === 'Points' ? { maximum: 50 } : {})),
      button: 'try',
    });
    expect(wider.text).to.include('fits all 1 profiles');
    expect((await visitor.schemas.get('1')).version).to.equal(1);
    const made = await visitor.fillIn(wider, '/schema', { button: 'make' });
    expect(made.text).to.include('The schema was changed.').and.to.include('maximum 50');
  });

  for (const [kind, change] of Object.entries({
    'add-extension': { text: '{"name": "Note", "type": "multi-valued", "attributes": []}' },
    'add-key': { text: '{"name": "ByLevel", "attributes": ["Level"]}' },
    'remove-key': { name: 'ByName' },
    'remove-extension': { name: 'Blocked' },
  })) {
    it(`S1 tries and makes: ${kind}`, async () => {
      const report = await visitor.fillIn(await visitor.get('/schema'), '/schema', { kind, button: 'try', ...change });
      expect(report.text).to.include('fits all 1 profiles');
      expect((await visitor.schemas.get('1')).version).to.equal(1);
      expect((await visitor.fillIn(report, '/schema', { button: 'make' })).text).to.include('The schema was changed.');
    });
  }

  it('keeps what was typed, and says what is wrong with it', async () => {
    const page = await visitor.fillIn(await visitor.get('/schema'), '/schema', {
      kind: 'add-key',
      text: '{"name": "K", "attributes": ["Nobody"]}',
      button: 'try',
    });
    expect(page.status).to.equal(400);
    expect(page.text).to.include('Invalid schema').and.to.include('"Nobody"');
  });

  it('R15 a tenant without a schema gets its first one', async () => {
    visitor = createVisitor();
    const page = await visitor.get('/schema');
    expect(page.text).to.include('no schema yet');
    const text = JSON.stringify({ attributes: [{ name: 'A', type: 'string' }] });
    const report = await visitor.fillIn(page, '/schema', { text, button: 'try' });
    await visitor.fillIn(report, '/schema', { button: 'make' });
    expect((await visitor.schemas.get('1')).attributes).to.have.length(1);
  });
});
