import { expect } from 'chai';
import { BRUCE, createServices, createServicesWithBruce, outcome, SCHEMA, TENANT } from '../service-harness.js';

const { customerId } = BRUCE;

/** Makes everything else of an object and of all that is in it, as far as it can be written to. */
function spoil(given: unknown): void {
  if (typeof given !== 'object' || given === null) return;
  for (const [name, member] of Object.entries(given)) {
    spoil(member);
    if (typeof member !== 'object') (given as Record<string, unknown>)[name] = 'spoilt';
  }
  if (Array.isArray(given)) given.push('spoilt');
  else (given as Record<string, unknown>).FirstName = 'spoilt';
}

/** Calls with a copy, and spoils that as soon as the call has returned. */
async function spoiling<Given, Result>(given: Given, call: (given: Given) => Promise<Result>): Promise<Result> {
  const copy = structuredClone(given);
  const result = call(copy);
  spoil(copy);
  return result;
}

const REPRESENTATION = {
  attributes: { FirstName: 'Robert', Email: ['c@example.com'] },
  extensions: { Address: { City: 'Leeds' }, Phone: [{ Number: '7', Kind: 'work' }] },
};
const KEPT = { ...REPRESENTATION, attributes: { ...REPRESENTATION.attributes, Score: 7 } };
const MEMBERS = { members: { ...REPRESENTATION.attributes, ...REPRESENTATION.extensions } };

describe('services: what is given is taken as it was at the call', () => {
  for (const [what, processOf] of Object.entries({
    'which knows the schema': async () => createServicesWithBruce(),
    'which does not know it yet': async () => createServices((await createServicesWithBruce()).repository),
  })) {
    describe(`by a process ${what}`, () => {
      for (const [form, given] of Object.entries({ split: REPRESENTATION, flat: MEMBERS })) {
        it(`R6 R8 by a replacement, ${form}`, async () => {
          const { profiles, state } = await processOf();
          await spoiling(given, (taken) => profiles.replace(TENANT, customerId, taken));
          const { attributes, extensions } = await state();
          expect({ attributes, extensions }).to.deep.equal(KEPT);
        });

        it(`R6 R8 by a replacement of a profile that was read without its extensions, ${form}`, async () => {
          const { profiles, state } = await processOf();
          const basedOn = await profiles.get(TENANT, customerId);
          await spoiling(given, (taken) => profiles.replace(TENANT, customerId, taken, { basedOn }));
          const { attributes, extensions } = await state();
          expect({ attributes, extensions }).to.deep.equal(KEPT);
        });

        it(`R6 R8 by a creation, ${form}`, async () => {
          const { profiles, state } = await processOf();
          await spoiling({ customerId: 'a', ...given }, (taken) => profiles.create(TENANT, taken));
          await spoiling([{ customerId: 'b', ...given }], (taken) => profiles.createMany(TENANT, taken));
          for (const id of ['a', 'b']) {
            const { attributes, extensions } = await state(id);
            expect({ attributes, extensions }).to.deep.equal(KEPT);
          }
        });
      }

      it('R11 by one that is refused', async () => {
        const { profiles } = await processOf();
        const wrong: unknown[] = [{ attributes: { FirstName: 1 } }, { attributes: {} }, { members: { Phone: 1 } }];
        for (const given of wrong) {
          const replaced = spoiling(given as typeof MEMBERS, (taken) => profiles.replace(TENANT, customerId, taken));
          expect(await outcome(replaced)).to.equal('invalid_profile');
          const created = spoiling(given as typeof MEMBERS, (taken) => profiles.create(TENANT, taken));
          expect(await outcome(created)).to.equal('invalid_profile');
        }
      });

      it('W9 W10 by changes of records', async () => {
        const { profiles, state } = await processOf();
        const inserted = { Phone: [{ Number: '3', Kind: 'work' }], Address: { City: 'Leeds' } };
        await spoiling(inserted, (taken) => profiles.insertRecords(TENANT, customerId, taken));
        const updated = { Number: '2', Kind: 'fax' };
        await spoiling(updated, (taken) => profiles.updateRecord(TENANT, customerId, 'Phone', taken));
        await spoiling({ Number: '1' }, (taken) => profiles.deleteRecord(TENANT, customerId, 'Phone', taken));
        expect((await state()).extensions).to.deep.equal({
          Address: { City: 'Leeds' },
          Phone: [updated, { Number: '3', Kind: 'work' }],
        });
      });

      it('R14 by the revisions that are expected', async () => {
        const { profiles } = await processOf();
        const expecting = async (ifRevision: number[]) => {
          const replaced = profiles.replace(TENANT, customerId, REPRESENTATION, { ifRevision });
          ifRevision.splice(0, 1, 99);
          return outcome(replaced);
        };
        expect([await expecting([1]), await expecting([1])]).to.deep.equal(['ok', 'revision_conflict']);
      });

      it('W4 W6 by what is asked for', async () => {
        const { profiles, schemas } = await processOf();
        await schemas.addKey(TENANT, { name: 'byName', attributes: ['FirstName'] });
        const asked = { values: { FirstName: 'Bruce' }, extensions: ['Address'] };
        const { items } = await spoiling(asked, (taken) => profiles.identify(TENANT, taken));
        expect(items.map(({ extensions }) => extensions)).to.deep.equal([{ Address: { City: 'Dayton' } }]);
        const { extensions } = await spoiling({ extensions: ['Address'] }, (taken) =>
          profiles.get(TENANT, customerId, taken),
        );
        expect(extensions).to.deep.equal({ Address: { City: 'Dayton' } });
      });
    });
  }

  it('W7 by definitions', async () => {
    const { schemas } = createServices();
    await spoiling(SCHEMA, (taken) => schemas.define(TENANT, taken));
    const nick = { name: 'Nick', type: 'string', multiValued: true, default: ['x'] } as const;
    await spoiling([...SCHEMA.attributes, nick], (taken) => schemas.defineAttributes(TENANT, taken));
    const note = { name: 'Note', type: 'single-valued', attributes: [{ name: 'Text', type: 'string' }] } as const;
    await spoiling(note, (taken) => schemas.addExtension(TENANT, taken));
    const key = { name: 'byNick', attributes: ['Nick'] };
    await spoiling(key, (taken) => schemas.addKey(TENANT, taken));
    const { version: _, ...schema } = await schemas.get(TENANT);
    expect(schema).to.deep.equal({
      attributes: [...SCHEMA.attributes, nick],
      extensions: [...(SCHEMA.extensions ?? []), note],
      identificationKeys: [key],
    });
  });

  it('by an import whose rows are one object that is written anew', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const row = { line: 0, customerId: '', members: { FirstName: '', Phone: [{ Number: '' }] } };
    function* rows() {
      for (const name of ['a', 'b', 'c']) {
        row.line += 1;
        row.customerId = name;
        row.members.FirstName = name;
        row.members.Phone = [{ Number: name }];
        yield row;
      }
    }
    expect((await profiles.import(TENANT, rows())).created).to.equal(3);
    for (const name of ['a', 'b', 'c']) {
      const { attributes, extensions } = await state(name);
      expect([attributes.FirstName, extensions?.Phone]).to.deep.equal([name, [{ Number: name }]]);
    }
  });
});
