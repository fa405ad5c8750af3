import { expect } from 'chai';
import type { Principal } from 'dossier/http';
import { type Visitor, visitorOfAnn } from './console-visitor.js';

const ERASE = '/profiles/ann/erase';

describe('console: erasing a person', () => {
  let principal: Principal;
  let visitor: Visitor;

  beforeEach(async () => {
    principal = { name: 'ada', role: 'administrator', maySetActor: true };
    visitor = await visitorOfAnn({ authenticate: () => principal });
  });

  it('E3 is for administrators', async () => {
    principal = { name: 'will', role: 'writer' };
    expect((await visitor.get('/profiles/ann')).html).not.to.include(ERASE);
    expect((await visitor.get(ERASE)).status).to.equal(404);
    const { fields } = await visitor.get('/profiles/ann/merge');
    expect((await visitor.post(ERASE, fields)).status).to.equal(404);
  });

  describe('where the interface offers it', () => {
    before(async function () {
      const { html } = await (await visitorOfAnn({ authenticate: () => ({ name: 'ada', role: 'administrator' }) })).get(
        '/profiles/ann',
      );
      if (!html.includes(ERASE)) this.skip();
    });

    it('E1, E3 shows what would be removed, asks for the id, and shows the receipt', async () => {
      await visitor.profiles.patch('1', 'ann', { attributes: { Points: 8 } });
      const page = await visitor.get(ERASE);
      expect(page.text).to.include('Profiles 1').and.to.include('Former states 1');
      const mistyped = await visitor.fillIn(page, ERASE, { typed: 'anne' });
      expect(mistyped.status).to.equal(409);
      expect((await visitor.profiles.get('1', 'ann')).revision).to.equal(2);

      const receipt = await visitor.fillIn(page, ERASE, { typed: 'ann', reason: 'she asked <us>' });
      expect(receipt.text).to.include('Receipt: customer ann is erased').and.to.include('By ada Reason she asked <us>');
      expect(receipt.text).to.include('Former states 1');
      expect((await visitor.get('/profiles/ann')).status).to.equal(404);
      expect((await visitor.get(ERASE)).text).to.include('Receipt');
    });

    it('R14 erases nothing that was changed meanwhile', async () => {
      const page = await visitor.get(ERASE);
      await visitor.profiles.patch('1', 'ann', { attributes: { Points: 8 } });
      expect((await visitor.fillIn(page, ERASE, { typed: 'ann' })).text).to.include('changed meanwhile');
      expect((await visitor.profiles.get('1', 'ann')).revision).to.equal(2);
    });
  });
});
