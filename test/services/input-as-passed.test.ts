import { expect } from 'chai';
import { observe } from './observed-repository.js';
import { BRUCE, createServices, createServicesWithBruce, SCHEMA, TENANT } from './service-harness.js';

const { customerId } = BRUCE;

/** Another process over the same storage, which has or has not seen the schema before. */
const processes = { 'a schema that is known': true, 'a schema that is not known yet': false };

/** What a caller passes, to change it afterwards. */
const representation = () => ({
  attributes: { FirstName: 'Robert', Email: ['new@example.com'] } as Record<string, unknown>,
  extensions: { Phone: [{ Number: '3' }] } as Record<string, unknown>,
});

/** Changes every part of it. */
function scramble({ attributes, extensions }: ReturnType<typeof representation>): void {
  attributes.FirstName = 'Someone else';
  attributes.Nobody = 'unknown to the schema';
  (attributes.Email as string[]).push('late@example.com');
  const [phone] = extensions.Phone as Record<string, string>[];
  if (phone) phone.Number = '4';
  extensions.Address = { City: 'Elsewhere' };
}

const KEPT = {
  attributes: { FirstName: 'Robert', Score: 7, Email: ['new@example.com'] },
  extensions: { Phone: [{ Number: '3' }] },
};

describe('services: what counts is what was passed when it was passed', () => {
  for (const [name, known] of Object.entries(processes)) {
    async function setUp() {
      const { repository } = await createServicesWithBruce();
      const services = createServices(repository);
      if (known) await services.profiles.create(TENANT, { attributes: { FirstName: 'x' } });
      return services;
    }

    it(`R6 R8 a replacement, by ${name}`, async () => {
      const { profiles, state } = await setUp();
      const given = representation();
      const replacing = profiles.replace(TENANT, customerId, given);
      scramble(given);
      expect((await replacing).extensions).to.deep.equal(KEPT.extensions);
      const { attributes, extensions } = await state();
      expect({ attributes, extensions }).to.deep.equal(KEPT);
    });

    it(`R7 R8 whether it has extensions, by ${name}`, async () => {
      const { profiles, state } = await setUp();
      const given: { attributes: object; extensions?: object } = { attributes: { FirstName: 'Robert' } };
      const replacing = profiles.replace(TENANT, customerId, given as never);
      given.extensions = {};
      await replacing;
      expect((await state()).extensions).to.deep.equal(BRUCE.extensions);
    });

    it(`a creation, and one of many, by ${name}`, async () => {
      const { profiles, state } = await setUp();
      const inputs = [representation(), representation()] as const;
      const creating = [
        profiles.create(TENANT, { customerId: 'one', ...inputs[0] }),
        profiles.createMany(TENANT, [{ customerId: 'many', ...inputs[1] }]),
      ];
      for (const input of inputs) scramble(input);
      await Promise.all(creating);
      for (const id of ['one', 'many']) {
        const { attributes, extensions } = await state(id);
        expect({ attributes, extensions }).to.deep.equal(KEPT);
      }
    });

    it(`W9 W10 records, by ${name}`, async () => {
      const { profiles, state } = await setUp();
      const inserted = { Number: '3' };
      const inserting = profiles.insertRecords(TENANT, customerId, { Phone: [inserted] });
      inserted.Number = '4';
      await inserting;
      const updated = { Number: '3', Kind: 'work' };
      const updating = profiles.updateRecord(TENANT, customerId, 'Phone', updated);
      updated.Kind = 'late';
      await updating;
      const deleted = { Number: '2' };
      const deleting = profiles.deleteRecord(TENANT, customerId, 'Phone', deleted);
      deleted.Number = '3';
      await deleting;
      expect((await state()).extensions?.Phone).to.deep.equal([
        { Number: '1', Kind: 'home' },
        { Number: '3', Kind: 'work' },
      ]);
    });
  }

  it('R16 also when it is decided again by a schema that has changed meanwhile', async () => {
    const { repository, justBefore } = observe();
    const one = await createServicesWithBruce(repository);
    const other = createServices(repository);
    const attributes = [...SCHEMA.attributes, { name: 'Nick', type: 'string', default: 'none' } as const];
    justBefore('load', () => other.schemas.define(TENANT, { ...SCHEMA, attributes }));
    const given = representation();
    const replacing = one.profiles.replace(TENANT, customerId, given);
    scramble(given);
    expect((await replacing).attributes).to.deep.equal({ ...KEPT.attributes, Nick: 'none' });
  });

  it('R2 a member called __proto__ is copied as one, and refused', async () => {
    const { profiles } = await createServicesWithBruce();
    const attributes = JSON.parse('{"FirstName": "x", "__proto__": ["polluted"]}');
    const refused = await profiles.replace(TENANT, customerId, { attributes }).catch((error) => error);
    expect(refused.violations).to.deep.include({
      pointer: '/attributes/__proto__',
      rule: 'R11',
      expected: 'a name that the schema declares',
    });
  });
});
