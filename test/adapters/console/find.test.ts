import { expect } from 'chai';
import { type Visitor, visitorOfAnn } from './console-visitor.js';

describe('console: finding customers', () => {
  let visitor: Visitor;

  beforeEach(async () => {
    visitor = await visitorOfAnn();
  });

  for (const [what, query] of Object.entries({
    'an attribute, in another case': 'id_key=ByEmail&Email=ARCHER%40example.com',
    'two attributes': 'id_key=ByName&LastName=Archer&FirstName=Ann',
    'a record of an extension': 'id_key=ByPhone&Phone.Number=%2B44+2',
  })) {
    it(`R18 by ${what}`, async () => {
      const { html, text } = await visitor.get(`/?${query}`);
      expect(text).to.include('1 customer').and.to.include('1980-01-31');
      expect(html).to.include('href="/profiles/ann"');
    });
  }

  it('by customer id', async () => {
    const answer = await visitor.app.request('/?customer_id=%20ann');
    expect([answer.status, answer.headers.get('location')]).to.deep.equal([303, '/profiles/ann']);
  });

  it('says that nobody was found, and keeps what was typed', async () => {
    const { text, html } = await visitor.get('/?id_key=ByEmail&Email=x%40y');
    expect(text).to.include('Nobody was found.');
    expect(html).to.include('value="x@y"');
  });

  it('W6 leads on from page to page', async () => {
    for (let index = 0; index < 101; index++) {
      await visitor.profiles.create('1', { customerId: `c${index}`, attributes: { LastName: 'Z', FirstName: 'Z' } });
    }
    const { html, text } = await visitor.get('/?id_key=ByName&LastName=Z&FirstName=Z');
    expect(text).to.include('100 customers on this page');
    const next = /href="([^"]*_after=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect((await visitor.get(next)).text).to.include('1 customer ');
  });
});
