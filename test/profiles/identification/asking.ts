import { expect } from 'chai';
import type { IdentifyOptions } from 'dossier';
import { outcome, refusal } from '../../service-harness.js';
import { BRUCE, CUSTOMERS, JEN } from './customers.js';
import type { Stage, Suite } from './stage.js';

export const asking: Suite = (begin) => {
  describe('search criteria and options', () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await begin(CUSTOMERS);
      await stage.profiles.createMany(stage.tenant, [BRUCE, JEN]);
    });

    const ask = (options: unknown) => stage.profiles.identify(stage.tenant, options as IdentifyOptions);

    it('W6 criteria that cover no key, or no criteria at all, are refused', async () => {
      for (const values of [
        {},
        { LastName: 'Banner' },
        { Account: 7 },
        { 'Phone.Kind': 'home' },
        { 'Address.City': 'x' },
      ]) {
        expect(await outcome(ask({ values })), JSON.stringify(values)).to.equal('malformed_request');
      }
      expect(await outcome(ask({ key: 'byName', values: { LastName: 'Banner' } }))).to.equal('malformed_request');
      expect(await outcome(ask({ key: 'byLogin', values: { Email: 'x' } }))).to.equal('malformed_request');
      expect(await outcome(ask({}))).to.equal('malformed_request');
    });

    it('W6 a key that the schema does not have is not_found', async () => {
      for (const key of ['Nope', '', 'constructor', '__proto__', 'byLogin ', 'byLogin#1', 'Login', 'b\u0443Login']) {
        expect(await outcome(ask({ key, values: { Login: 'bruce' } })), key).to.equal('not_found');
      }
    });

    it('W6 criteria beyond the key must match too, those on one extension in the same record', async () => {
      const { find } = stage;
      expect(await find({ Login: 'bruce', FirstName: 'Bruce', Tag: 'strong' })).to.deep.equal(['bruce']);
      expect(await find({ Login: 'bruce', FirstName: 'bruce' })).to.deep.equal([]);
      expect(await find({ 'Phone.Number': '1', 'Phone.Kind': 'home' })).to.deep.equal(['bruce']);
      expect(await find({ 'Phone.Number': '2', 'Phone.Kind': 'home' })).to.deep.equal([]);
      expect(await find({ Login: 'bruce', 'Address.City': 'Dayton', 'Phone.Number': '2' })).to.deep.equal(['bruce']);
      expect(await find({ Login: 'bruce', 'Address.City': 'Dayton', 'Address.PostCode': '0' })).to.deep.equal([]);
    });

    it('W6 the named key decides how its attributes are compared', async () => {
      const shared = { values: { Email: 'HULK@EXAMPLE.COM', Login: 'bruce' } };
      expect((await ask({ ...shared, key: 'byEmail' })).items).to.have.lengthOf(1);
      expect((await ask({ ...shared, key: 'byLogin' })).items).to.have.lengthOf(0);
    });

    it('W4 W6 returns the requested extensions, and refuses an unknown name as not_found', async () => {
      const values = { Email: 'bruce@example.com' };
      const answered = async (options: object) => (await ask({ values, ...options })).items[0]?.extensions;
      expect(await answered({})).to.equal(undefined);
      expect(await answered({ extensions: [] })).to.equal(undefined);
      expect(await answered({ extensions: ['phone'] })).to.deep.equal({ Phone: BRUCE.extensions.Phone });
      expect(await answered({ extensions: 'all' })).to.deep.equal(BRUCE.extensions);
      expect(await answered({ extensions: 'all', includeExtensions: 'unique' })).to.deep.equal(BRUCE.extensions);
      expect(await outcome(answered({ extensions: ['Nope'] }))).to.equal('not_found');
    });

    it('W6 criteria on an extension do not include it in the result', async () => {
      const [found] = (await ask({ values: { 'Phone.Number': '1', 'Phone.Kind': 'home' } })).items;
      expect(found).to.deep.equal(await stage.profiles.get(stage.tenant, 'bruce'));
    });

    it('W6 arguments of the wrong form are refused with an error that contains no value', async () => {
      const values = { Login: 'bruce' };
      for (const wrong of [
        { values, limit: 0 },
        { values, limit: 101 },
        { values, limit: 1.5 },
        { values, limit: '1' },
        { values, after: '' },
        { values, after: 'a/b' },
        { values, after: 7 },
        { values, key: 7 },
        { values, key: null },
        { values, key: {} },
        { values, extensions: 'Phone' },
        { values, extensions: [7] },
        { values, extensions: null },
        { values, includeExtensions: 'never' },
        { values: 'Login' },
        { values: null },
        { values: [] },
        { values: { Login: 7 } },
        { values: { Login: ['bruce'] } },
        { values: { Login: null } },
        { values: { Login: 'bruce', login: 'bruce' } },
        { text: null },
        { text: 'Login=bruce' },
        { text: { Login: 7 } },
        { text: { Login: 'bruce', Account: 'seven' } },
        { values, text: { Login: 'bruce' } },
        null,
        undefined,
        'bruce',
      ]) {
        const error = await refusal(ask(wrong));
        expect(error.code, JSON.stringify(wrong)).to.equal('malformed_request');
        expect(error.message).not.to.match(/bruce|seven/);
      }
    });

    it('R15 without a schema, nothing is found', async () => {
      const { profiles, tenant } = await begin();
      expect(await outcome(profiles.identify(tenant, { values: { Login: 'bruce' } }))).to.equal('not_found');
    });

    it('R16 another process searches by the newest schema, whatever it has cached', async () => {
      const { schemas, other, tenant } = stage;
      const byAccount = { values: { Account: 7 } };
      expect(await outcome(other.profiles.identify(tenant, byAccount))).to.equal('malformed_request');
      await schemas.addKey(tenant, { name: 'byAccount', attributes: ['Account'] });
      expect(await other.find(byAccount.values)).to.deep.equal(['jen']);
      await schemas.removeKey(tenant, 'byAccount');
      expect(await outcome(other.profiles.identify(tenant, byAccount))).to.equal('malformed_request');
      await schemas.removeKey(tenant, 'byLogin');
      expect(await outcome(other.profiles.identify(tenant, { key: 'byLogin', values: { Login: 'jen' } }))).to.equal(
        'not_found',
      );
    });
  });
};
