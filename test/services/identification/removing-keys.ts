import { expect } from 'chai';
import { outcome } from '../service-harness.js';
import { BRUCE, CUSTOMERS, JEN, KEYS } from './customers.js';
import { dyingAfter } from './interrupted-repository.js';
import type { Stage, Suite } from './stage.js';

export const removingKeys: Suite = (begin) => {
  describe('removing keys', () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await begin(CUSTOMERS);
      await stage.profiles.createMany(stage.tenant, [BRUCE, JEN]);
    });

    const byLogin = (Login: string) => outcome(stage.profiles.identify(stage.tenant, { values: { Login } }));

    it('R18 a key that is removed answers no more, and others do', async () => {
      await stage.schemas.removeKey(stage.tenant, 'BYLOGIN');
      expect(await byLogin('bruce')).to.equal('malformed_request');
      expect(await outcome(stage.schemas.getKey(stage.tenant, 'byLogin'))).to.equal('not_found');
      expect(await outcome(stage.schemas.removeKey(stage.tenant, 'byLogin'))).to.equal('not_found');
      expect(await stage.find({ Email: 'HULK@example.com' })).to.deep.equal(['bruce']);
      expect(await stage.find({ 'Phone.Number': '3' })).to.deep.equal(['jen']);
    });

    it('R19 a key that is removed is in nobody’s way', async () => {
      await stage.schemas.removeKey(stage.tenant, 'byLogin');
      for (const { profiles } of [stage, stage.other]) {
        await profiles.create(stage.tenant, { attributes: { Login: 'bruce' } });
      }
    });

    it('R18 its entries are removed', async () => {
      const stored = await stage.repository.loadSchema(stage.tenant);
      const indexes = stored?.schema.identificationKeys.map(({ index }) => index) ?? [];
      expect(indexes).to.have.lengthOf(Object.keys(KEYS).length);
      for (const { name } of Object.values(KEYS)) await stage.schemas.removeKey(stage.tenant, name);
      for (const index of indexes) expect(await stage.repository.dropEntries(stage.tenant, index, 10)).to.equal(0);
    });

    it('R21 a key of the same name finds nothing by entries of the former one', async () => {
      const { schemas, tenant, find } = stage;
      await schemas.removeKey(tenant, 'byLogin');
      await stage.profiles.replace(tenant, 'bruce', { attributes: { Login: 'hulk', FirstName: 'bruce' } });
      await schemas.addKey(tenant, { name: 'byLogin', attributes: ['FirstName'] });
      expect(await find({ FirstName: 'bruce' }, { key: 'byLogin' })).to.deep.equal(['bruce']);
      expect(await find({ FirstName: 'jen' }, { key: 'byLogin' })).to.deep.equal([]);
      await schemas.removeKey(tenant, 'byLogin');
      await schemas.addKey(tenant, KEYS.byLogin);
      expect(await find({ Login: 'bruce' })).to.deep.equal([]);
      expect(await find({ Login: 'hulk' })).to.deep.equal(['bruce']);
    });

    it('R21 likewise where the process dies before the entries are removed', async () => {
      const { schemas, tenant, find } = stage;
      const dying = stage.over(dyingAfter(stage.repository, 2));
      expect(await outcome(dying.schemas.removeKey(tenant, 'byLogin'))).to.equal('storage_unavailable');
      expect(await outcome(schemas.getKey(tenant, 'byLogin'))).to.equal('not_found');
      await stage.profiles.replace(tenant, 'bruce', { attributes: { Login: 'hulk' } });
      await schemas.addKey(tenant, KEYS.byLogin);
      expect(await find({ Login: 'bruce' })).to.deep.equal([]);
      await stage.profiles.create(tenant, { customerId: 'new', attributes: { Login: 'bruce' } });
      expect(await find({ Login: 'bruce' })).to.deep.equal(['new']);
    });

    it('R15 R18 a tenant without a schema has no keys to add or to remove', async () => {
      const { schemas, tenant } = await begin();
      expect(await outcome(schemas.addKey(tenant, KEYS.byLogin))).to.equal('schema_not_defined');
      expect(await outcome(schemas.removeKey(tenant, 'byLogin'))).to.equal('not_found');
      expect(await outcome(schemas.getKey(tenant, 'byLogin'))).to.equal('not_found');
    });
  });
};
