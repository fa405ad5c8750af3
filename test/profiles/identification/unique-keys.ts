import { expect } from 'chai';
import type { IdentityTakenError } from 'dossier';
import { outcome, refusal } from '../../service-harness.js';
import { BRUCE, CUSTOMERS, JEN } from './customers.js';
import type { Stage, Suite } from './stage.js';

const TWENTY = Array.from({ length: 20 }, (_, index) => index);

export const uniqueKeys: Suite = (begin) => {
  describe('unique keys', () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await begin(CUSTOMERS);
      await stage.profiles.create(stage.tenant, BRUCE);
      await stage.profiles.create(stage.tenant, JEN);
    });

    const state = () =>
      Promise.all(['bruce', 'jen'].map((id) => stage.profiles.get(stage.tenant, id, { extensions: 'all' })));
    const login = (Login: string) => ({ attributes: { Login } });

    it('R19 a write that would share an entry is refused with the name of the key, and changes nothing', async () => {
      const { profiles, tenant } = stage;
      const before = await state();
      const Phone = [{ Number: '9' }, { Number: '1' }];
      for (const [key, write] of [
        ['byLogin', () => profiles.create(tenant, { customerId: 'new', ...login('bruce') })],
        ['byPhone', () => profiles.create(tenant, { customerId: 'new', attributes: {}, extensions: { Phone } })],
        ['byLogin', () => profiles.replace(tenant, 'jen', login('bruce'))],
        ['byPhone', () => profiles.replace(tenant, 'jen', { attributes: {}, extensions: { Phone } })],
        ['byPhone', () => profiles.insertRecords(tenant, 'jen', { Phone })],
        ['byLogin', () => profiles.createMany(tenant, [login('new'), login('free'), login('bruce')])],
        ['byLogin', () => profiles.createMany(tenant, [login('new'), login('new')])],
      ] as const) {
        const error = await refusal<IdentityTakenError>(write());
        expect([error.code, error.key]).to.deep.equal(['identity_taken', key]);
        expect(error.message).not.to.match(/bruce|9/);
      }
      expect(await state()).to.deep.equal(before);
      expect(await outcome(profiles.get(tenant, 'new'))).to.equal('not_found');
      for (const values of [{ Login: 'new' }, { Login: 'free' }, { 'Phone.Number': '9' }]) {
        expect(await stage.find(values)).to.deep.equal([]);
      }
      expect(await stage.find({ 'Phone.Number': '3' })).to.deep.equal(['jen']);
    });

    it('R19 values of a key that is not unique may be shared, and missing values never collide', async () => {
      const { Email, Tag, LastName, FirstName } = BRUCE.attributes;
      const shared = {
        attributes: { Email, Tag, LastName, FirstName },
        extensions: { Address: BRUCE.extensions.Address },
      };
      for (const customerId of ['bella', 'carla']) await stage.profiles.create(stage.tenant, { customerId, ...shared });
      expect(await stage.find({ Email: 'hulk@example.com' })).to.deep.equal(['bella', 'bruce', 'carla']);
    });

    it('R19 a value is available again once its profile has another one, or is deleted', async () => {
      const { profiles, tenant } = stage;
      await profiles.replace(tenant, 'bruce', login('hulk'));
      await profiles.replace(tenant, 'jen', login('bruce'));
      expect(await stage.find({ Login: 'bruce' })).to.deep.equal(['jen']);
      expect(await outcome(profiles.create(tenant, login('hulk')))).to.equal('identity_taken');
      await profiles.delete(tenant, 'bruce');
      await profiles.create(tenant, { customerId: 'new', ...login('hulk'), extensions: BRUCE.extensions });
      expect(await stage.find({ Login: 'hulk' })).to.deep.equal(['new']);
      expect(await stage.find({ 'Phone.Number': '2' })).to.deep.equal(['new']);
    });

    it('R19 a profile never collides with itself', async () => {
      const { profiles, tenant } = stage;
      const { attributes, extensions } = BRUCE;
      for (const representation of [
        { attributes, extensions },
        { attributes: { Login: 'bruce' }, extensions },
        { attributes: { Login: 'bruce' }, extensions: { Phone: [{ Number: '2' }, { Number: '1' }] } },
        { attributes: { Login: 'bruce', LastName: 'x' } },
      ]) {
        await profiles.replace(tenant, 'bruce', representation);
        expect(await stage.find({ Login: 'bruce' })).to.deep.equal(['bruce']);
        expect(await stage.find({ 'Phone.Number': '1' })).to.deep.equal(['bruce']);
      }
    });

    it('R19 two profiles can swap their values by way of a third value', async () => {
      const { profiles, tenant } = stage;
      expect(await outcome(profiles.replace(tenant, 'bruce', login('jen')))).to.equal('identity_taken');
      await profiles.replace(tenant, 'bruce', login('meanwhile'));
      await profiles.replace(tenant, 'jen', login('bruce'));
      await profiles.replace(tenant, 'bruce', login('jen'));
      expect([await stage.find({ Login: 'jen' }), await stage.find({ Login: 'bruce' })]).to.deep.equal([
        ['bruce'],
        ['jen'],
      ]);
      expect(await stage.find({ Login: 'meanwhile' })).to.deep.equal([]);
    });

    it('R19 W11 a merge transfers the values of the source', async () => {
      const { profiles, tenant } = stage;
      await profiles.create(tenant, { customerId: 'new', attributes: {} });
      await profiles.merge(tenant, 'new', 'bruce');
      expect(await stage.find({ Login: 'bruce' })).to.deep.equal(['new']);
      expect(await stage.find({ 'Phone.Number': '2' })).to.deep.equal(['new']);
    });

    it('R17 the same value in two tenants does not collide', async () => {
      const elsewhere = await begin(CUSTOMERS);
      await elsewhere.profiles.create(elsewhere.tenant, BRUCE);
      expect(await elsewhere.find({ Login: 'bruce' })).to.deep.equal(['bruce']);
      await stage.profiles.delete(stage.tenant, 'bruce');
      expect(await elsewhere.find({ Login: 'bruce' })).to.deep.equal(['bruce']);
      expect(await outcome(elsewhere.profiles.create(elsewhere.tenant, login('bruce')))).to.equal('identity_taken');
    });

    it('R19 of twenty concurrent creations with one value, in two processes, exactly one succeeds', async () => {
      const outcomes = await Promise.all(
        TWENTY.map((index) => {
          const { profiles } = index % 2 ? stage : stage.other;
          return outcome(profiles.create(stage.tenant, { customerId: `racer-${index}`, ...login('one') }));
        }),
      );
      expect(outcomes.toSorted()).to.deep.equal([...Array(19).fill('identity_taken'), 'ok']);
      expect(await stage.find({ Login: 'one' })).to.deep.equal([`racer-${outcomes.indexOf('ok')}`]);
      for (const index of TWENTY) {
        const exists = await outcome(stage.profiles.get(stage.tenant, `racer-${index}`));
        expect(exists).to.equal(outcomes[index] === 'ok' ? 'ok' : 'not_found');
      }
    });

    it('R19 of twenty concurrent replacements with one value, in two processes, exactly one succeeds', async () => {
      const inputs = TWENTY.map((index) => ({ customerId: `racer-${index}`, ...login(`own-${index}`) }));
      await stage.profiles.createMany(stage.tenant, inputs);
      const outcomes = await Promise.all(
        inputs.map(({ customerId }, index) => {
          const { profiles } = index % 2 ? stage : stage.other;
          return outcome(profiles.replace(stage.tenant, customerId, login('one')));
        }),
      );
      expect(outcomes.toSorted()).to.deep.equal([...Array(19).fill('identity_taken'), 'ok']);
      const winner = outcomes.indexOf('ok');
      expect(await stage.find({ Login: 'one' })).to.deep.equal([`racer-${winner}`]);
      for (const index of TWENTY) {
        expect(await stage.find({ Login: `own-${index}` })).to.deep.equal(index === winner ? [] : [`racer-${index}`]);
      }
    });

    it('R19 a value that many profiles take and release concurrently belongs to one of them at the end', async () => {
      const inputs = TWENTY.map((index) => ({ customerId: `racer-${index}`, attributes: {} }));
      await stage.profiles.createMany(stage.tenant, inputs);
      await Promise.all(
        inputs.map(async ({ customerId }, index) => {
          const { profiles } = index % 2 ? stage : stage.other;
          for (const Login of ['one', undefined, 'one']) {
            await outcome(profiles.replace(stage.tenant, customerId, { attributes: Login ? { Login } : {} }));
          }
        }),
      );
      const holders = await Promise.all(
        inputs.map(async ({ customerId }) => {
          const { attributes } = await stage.profiles.get(stage.tenant, customerId);
          return attributes.Login === 'one' ? [customerId] : [];
        }),
      );
      expect(holders.flat()).to.have.lengthOf(1);
      expect(await stage.find({ Login: 'one' })).to.deep.equal(holders.flat());
    });
  });
};
