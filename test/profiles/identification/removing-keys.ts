import { expect } from 'chai';
import { outcome } from '../../service-harness.js';
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

    it('R18 a removed key finds nothing any more, and other keys still do', async () => {
      await stage.schemas.removeKey(stage.tenant, 'BYLOGIN');
      expect(await byLogin('bruce')).to.equal('malformed_request');
      expect(await outcome(stage.schemas.getKey(stage.tenant, 'byLogin'))).to.equal('not_found');
      expect(await outcome(stage.schemas.removeKey(stage.tenant, 'byLogin'))).to.equal('not_found');
      expect(await stage.find({ Email: 'HULK@example.com' })).to.deep.equal(['bruce']);
      expect(await stage.find({ 'Phone.Number': '3' })).to.deep.equal(['jen']);
    });

    it('R19 a removed unique key causes no conflicts', async () => {
      await stage.schemas.removeKey(stage.tenant, 'byLogin');
      for (const { profiles } of [stage, stage.other]) {
        await profiles.create(stage.tenant, { attributes: { Login: 'bruce' } });
      }
    });

    it('R18 the index entries of a removed key are dropped', async () => {
      const stored = await stage.repository.loadSchema(stage.tenant);
      const indexes = stored?.schema.identificationKeys.map(({ index }) => index) ?? [];
      expect(indexes).to.have.lengthOf(Object.keys(KEYS).length);
      for (const { name } of Object.values(KEYS)) await stage.schemas.removeKey(stage.tenant, name);
      for (const index of indexes) expect(await stage.repository.dropEntries(stage.tenant, index, 10)).to.equal(0);
    });

    it('R21 a new key of the same name does not find profiles by entries of the removed one', async () => {
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

    it('R21 nor does it if the process dies before the entries are dropped', async () => {
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

    for (const [what, change] of Object.entries({
      'another key is added': ({ schemas, tenant }: Stage) =>
        schemas.addKey(tenant, { name: 'byFirstName', attributes: ['FirstName'] }),
      'the same schema is defined again': async ({ schemas, tenant }: Stage) => {
        const { version, ...schema } = await schemas.get(tenant);
        expect((await schemas.define(tenant, schema)).version).to.equal(version);
      },
      'an extension is removed': ({ schemas, tenant }: Stage) => schemas.removeExtension(tenant, 'Tags'),
    })) {
      it(`R18 entries that a process left behind when it died are dropped when ${what}`, async () => {
        const { schemas, tenant, repository } = stage;
        await schemas.addExtension(tenant, { name: 'Tags', type: 'single-valued', attributes: [] });
        const stored = await repository.loadSchema(tenant);
        const index = stored?.schema.identificationKeys.find(({ name }) => name === 'byEmail')?.index ?? '';
        // The process loads the schema, commits the next one, and dies before it drops entries.
        const dying = stage.over(dyingAfter(repository, 2));
        expect(await outcome(dying.schemas.removeKey(tenant, 'byEmail'))).to.equal('storage_unavailable');
        expect(await repository.dropEntries(tenant, index, 1)).to.equal(1);
        await change(stage);
        expect(await repository.dropEntries(tenant, index, 10)).to.equal(0);
        expect(await stage.find({ Login: 'bruce' })).to.deep.equal(['bruce']);
        expect(await stage.find({ 'Phone.Number': '3' })).to.deep.equal(['jen']);
      });
    }

    it('R21 entries of a key that was refused for its collisions are dropped, wherever the process dies', async () => {
      const key = { name: 'byTag', attributes: ['Tag'], unique: true };
      for (let calls = 1; ; calls += 1) {
        const { repository, schemas, tenant, profiles, over, find } = await begin(CUSTOMERS);
        await profiles.createMany(tenant, [BRUCE, JEN]);
        const { version = 0 } = (await repository.loadSchema(tenant)) ?? {};
        const refused = await outcome(over(dyingAfter(repository, calls)).schemas.addKey(tenant, key));
        await schemas.define(tenant, CUSTOMERS);
        expect(await repository.dropEntries(tenant, `byTag#${version + 1}`, 10), `after ${calls} calls`).to.equal(0);
        expect(await find({ Login: 'bruce' })).to.deep.equal(['bruce']);
        if (refused === 'schema_in_use') break;
      }
    });

    it('R15 R18 without a schema, no key can be added or removed', async () => {
      const { schemas, tenant } = await begin();
      expect(await outcome(schemas.addKey(tenant, KEYS.byLogin))).to.equal('schema_not_defined');
      expect(await outcome(schemas.removeKey(tenant, 'byLogin'))).to.equal('not_found');
      expect(await outcome(schemas.getKey(tenant, 'byLogin'))).to.equal('not_found');
    });
  });
};
