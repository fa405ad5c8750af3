import { expect } from 'chai';
import { outcome } from '../../service-harness.js';
import { BRUCE, CUSTOMERS, JEN } from './customers.js';
import type { Stage, Suite } from './stage.js';

const { customerId, attributes, extensions } = BRUCE;

/** The values that each key finds a profile by. */
const OF_ATTRIBUTES = [
  { LastName: 'Banner', FirstName: 'Bruce' },
  { Email: 'bruce@example.com' },
  { Email: 'HULK@EXAMPLE.COM' },
  { Login: 'bruce' },
  { Tag: 'green', LastName: 'Banner' },
  { Tag: 'strong', LastName: 'Banner' },
];
const OF_EXTENSIONS = [
  { 'Address.City': 'Dayton', 'Address.PostCode': '45401' },
  { 'Phone.Number': '1' },
  { 'Phone.Number': '2' },
];

/** The customer ids that a search finds for each key. */
const found = ({ find }: Pick<Stage, 'find'>, criteria: readonly Record<string, unknown>[]) =>
  Promise.all(criteria.map((values) => find(values)));
const each = (criteria: readonly unknown[], ids: readonly string[]) => criteria.map(() => ids);

export const foundByKeys: Suite = (begin) => {
  describe('a profile is found', () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await begin(CUSTOMERS);
      await stage.profiles.create(stage.tenant, JEN);
      await stage.profiles.create(stage.tenant, BRUCE);
    });

    const expectFound = async (criteria: readonly Record<string, unknown>[], ids: readonly string[]) => {
      for (const services of [stage, stage.other]) {
        expect(await found(services, criteria)).to.deep.equal(each(criteria, ids));
      }
    };

    it('R18 by each key after creation, and not by values of another profile', async () => {
      await expectFound([...OF_ATTRIBUTES, ...OF_EXTENSIONS], [customerId]);
      await expectFound(
        [
          { LastName: 'Walters', FirstName: 'Bruce' },
          { Tag: 'strong', LastName: 'Walters' },
        ],
        [],
      );
    });

    it('R18 by all values of multi-valued attributes, in each combination', async () => {
      await stage.profiles.create(stage.tenant, {
        customerId: 'betty',
        attributes: { LastName: 'Banner', Tag: ['strong'] },
      });
      await expectFound([{ Tag: 'strong', LastName: 'Banner' }], ['betty', 'bruce']);
      await expectFound([{ Tag: 'green', LastName: 'Banner' }], ['bruce']);
    });

    it('R18 W6 by typed values and by text', async () => {
      const typed = await stage.profiles.identify(stage.tenant, {
        key: 'BYLOGIN',
        values: { LOGIN: 'bruce', Account: '9007199254740993' },
      });
      const text = await stage.profiles.identify(stage.tenant, {
        key: 'byLogin',
        text: { Login: 'bruce', Account: '9007199254740993' },
      });
      expect(typed).to.deep.equal(text);
      const { items } = typed;
      expect(items).to.have.lengthOf(1);
      expect(items[0]).to.deep.equal(await stage.profiles.get(stage.tenant, customerId));
    });

    it('R6 by the values of a replacement, and not by former ones', async () => {
      const replacement = {
        FirstName: 'Bruce',
        LastName: 'Wayne',
        Email: ['hulk@example.com', 'bat@example.com'],
        Login: 'bat',
      };
      await stage.profiles.replace(stage.tenant, customerId, { attributes: replacement });
      await expectFound(
        [
          { LastName: 'Wayne', FirstName: 'Bruce' },
          { Email: 'hulk@example.com' },
          { Email: 'bat@example.com' },
          { Login: 'bat' },
        ],
        [customerId],
      );
      const gone = OF_ATTRIBUTES.filter(({ Email }) => Email !== 'HULK@EXAMPLE.COM');
      await expectFound([...gone, { Tag: 'green', LastName: 'Wayne' }], []);
    });

    it('R7 by its extensions after a replacement without extensions', async () => {
      await stage.profiles.replace(stage.tenant, customerId, { attributes: {} });
      await expectFound(OF_EXTENSIONS, [customerId]);
      await expectFound(OF_ATTRIBUTES, []);
    });

    it('R8 by the records of a replacement with extensions, and not by former ones', async () => {
      const given = { Phone: [{ Number: '2', Kind: 'work' }, { Number: '4' }] };
      await stage.profiles.replace(stage.tenant, customerId, { attributes, extensions: given });
      await expectFound([{ 'Phone.Number': '2' }, { 'Phone.Number': '4' }, ...OF_ATTRIBUTES], [customerId]);
      await expectFound([{ 'Phone.Number': '1' }, { 'Address.City': 'Dayton', 'Address.PostCode': '45401' }], []);
      await stage.profiles.replace(stage.tenant, customerId, { attributes, extensions: {} });
      await expectFound([{ 'Phone.Number': '2' }, { 'Phone.Number': '4' }], []);
    });

    it('R14 by the values of a replacement with basedOn, and not by former ones', async () => {
      for (const wanted of ['all', []] as const) {
        const basedOn = await stage.profiles.get(stage.tenant, customerId, { extensions: wanted });
        const given = { attributes: { Login: `read-${wanted}` }, extensions: { Phone: { Number: `read-${wanted}` } } };
        await stage.profiles.replace(stage.tenant, customerId, given, { basedOn });
        await expectFound([{ Login: `read-${wanted}` }, { 'Phone.Number': `read-${wanted}` }], [customerId]);
        await expectFound([...OF_ATTRIBUTES, ...OF_EXTENSIONS], []);
      }
      await expectFound([{ Login: 'read-all' }, { 'Phone.Number': 'read-all' }], []);
    });

    it('R12 by its former values after a refused replacement', async () => {
      const refused = [
        { attributes: { ...attributes, Login: 'jen' } },
        { attributes: { Login: 'x', Nope: 1 } },
        { attributes: { Login: 'x' }, extensions: { Phone: JEN.extensions.Phone } },
      ];
      for (const representation of refused) {
        expect(await outcome(stage.profiles.replace(stage.tenant, customerId, representation))).not.to.equal('ok');
      }
      await expectFound([...OF_ATTRIBUTES, ...OF_EXTENSIONS], [customerId]);
      await expectFound([{ Login: 'x' }], []);
    });

    it('R18 by no value after its deletion', async () => {
      await stage.profiles.delete(stage.tenant, customerId);
      await expectFound([...OF_ATTRIBUTES, ...OF_EXTENSIONS], []);
      await expectFound([{ Login: 'jen' }, { 'Phone.Number': '3' }, { Email: 'JEN@example.com' }], ['jen']);
      await stage.profiles.create(stage.tenant, { customerId, attributes: {} });
      await expectFound([...OF_ATTRIBUTES, ...OF_EXTENSIONS], []);
    });

    it('W9 W10 by its current records after insertion, update and deletion of records', async () => {
      const { profiles, tenant } = stage;
      await profiles.insertRecords(tenant, customerId, {
        Phone: { Number: '9' },
        Address: { City: 'Rome', PostCode: '1' },
      });
      await expectFound(
        [{ 'Phone.Number': '9' }, { 'Phone.Number': '1' }, { 'Address.City': 'Rome', 'Address.PostCode': '1' }],
        [customerId],
      );
      await expectFound([{ 'Address.City': 'Dayton', 'Address.PostCode': '45401' }], []);
      await profiles.updateRecord(tenant, customerId, 'Phone', { Number: '9', Kind: 'x' });
      await expectFound([{ 'Phone.Number': '9', 'Phone.Kind': 'x' }], [customerId]);
      await profiles.deleteRecord(tenant, customerId, 'Phone', { Number: '9' });
      await expectFound([{ 'Phone.Number': '9' }], []);
      await expectFound([{ 'Phone.Number': '1' }, ...OF_ATTRIBUTES], [customerId]);
    });

    it('W11 by the values of both profiles after a merge, as the destination', async () => {
      await stage.profiles.merge(stage.tenant, 'jen', customerId, { force: true });
      await expectFound([{ Email: 'bruce@example.com' }, { 'Phone.Number': '1' }, { Login: 'jen' }], ['jen']);
      await expectFound([{ Login: 'bruce' }, { LastName: 'Banner', FirstName: 'Bruce' }], []);
    });

    it('R18 by no key of which it lacks an attribute, not even by an empty value', async () => {
      await stage.profiles.create(stage.tenant, {
        customerId: 'nobody',
        attributes: { LastName: 'Nobody' },
        extensions: { Phone: [{ Kind: 'home' }], Address: { City: '' } },
      });
      await expectFound(
        [
          { LastName: 'Nobody', FirstName: '' },
          { Email: '' },
          { Login: '' },
          { 'Phone.Number': '' },
          { 'Address.City': '', 'Address.PostCode': '' },
        ],
        [],
      );
    });

    it('R17 by no value of a profile in another tenant', async () => {
      const elsewhere = await begin(CUSTOMERS);
      expect(await found(elsewhere, [...OF_ATTRIBUTES, ...OF_EXTENSIONS])).to.deep.equal(
        each([...OF_ATTRIBUTES, ...OF_EXTENSIONS], []),
      );
      await elsewhere.profiles.create(elsewhere.tenant, { ...BRUCE, customerId: 'other' });
      await elsewhere.profiles.create(elsewhere.tenant, { customerId, attributes: {} });
      await expectFound([...OF_ATTRIBUTES, ...OF_EXTENSIONS], [customerId]);
      expect(await elsewhere.find({ Login: 'bruce' })).to.deep.equal(['other']);
      await elsewhere.profiles.delete(elsewhere.tenant, customerId);
      await elsewhere.schemas.removeKey(elsewhere.tenant, 'byLogin');
      await expectFound([...OF_ATTRIBUTES, ...OF_EXTENSIONS], [customerId]);
    });

    it('R11 R18 with more combinations of values for a key than can be indexed, it is refused', async () => {
      const { profiles, tenant } = stage;
      const Tag = Array.from({ length: 1_001 }, (_, index) => `${index}`);
      const wrong = { attributes: { ...attributes, Tag } };
      expect(await outcome(profiles.create(tenant, wrong))).to.equal('invalid_profile');
      expect(await outcome(profiles.replace(tenant, customerId, wrong))).to.equal('invalid_profile');
      await expectFound(OF_ATTRIBUTES, [customerId]);
      await profiles.replace(tenant, customerId, { attributes: { ...attributes, Tag: Tag.slice(1) }, extensions });
      await expectFound(
        [
          { Tag: '1', LastName: 'Banner' },
          { Tag: '1000', LastName: 'Banner' },
        ],
        [customerId],
      );
    });
  });
};
