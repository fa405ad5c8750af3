import { expect } from 'chai';
import { BRUCE, createServices, createServicesWithBruce, outcome, SCHEMA, TENANT } from '../service-harness.js';

const { customerId } = BRUCE;

/** Mutates an object deeply, as far as its members are writable. */
function mutateDeep(given: unknown): void {
  if (typeof given !== 'object' || given === null) return;
  for (const [name, member] of Object.entries(given)) {
    mutateDeep(member);
    if (typeof member !== 'object') (given as Record<string, unknown>)[name] = 'mutated';
  }
  if (Array.isArray(given)) given.push('mutated');
  else (given as Record<string, unknown>).FirstName = 'mutated';
}

/** Calls with a copy of the input, and mutates the copy as soon as the call returns. */
async function mutatingAfter<Given, Result>(given: Given, call: (given: Given) => Promise<Result>): Promise<Result> {
  const copy = structuredClone(given);
  const result = call(copy);
  mutateDeep(copy);
  return result;
}

const REPRESENTATION = {
  attributes: { FirstName: 'Robert', Email: ['c@example.com'] },
  extensions: { Address: { City: 'Leeds' }, Phone: [{ Number: '7', Kind: 'work' }] },
};
const KEPT = { ...REPRESENTATION, attributes: { ...REPRESENTATION.attributes, Score: 7 } };
const MEMBERS = { members: { ...REPRESENTATION.attributes, ...REPRESENTATION.extensions } };

describe('services capture their input at the call', () => {
  for (const [what, processOf] of Object.entries({
    'that has cached the schema': async () => createServicesWithBruce(),
    'that has not loaded the schema yet': async () => createServices((await createServicesWithBruce()).repository),
  })) {
    describe(`in a process ${what}`, () => {
      for (const [form, given] of Object.entries({ split: REPRESENTATION, flat: MEMBERS })) {
        it(`R6 R8 replace, ${form}`, async () => {
          const { profiles, state } = await processOf();
          await mutatingAfter(given, (input) => profiles.replace(TENANT, customerId, input));
          const { attributes, extensions } = await state();
          expect({ attributes, extensions }).to.deep.equal(KEPT);
        });

        it(`R6 R8 replace, based on a profile that was read without extensions, ${form}`, async () => {
          const { profiles, state } = await processOf();
          const basedOn = await profiles.get(TENANT, customerId);
          await mutatingAfter(given, (input) => profiles.replace(TENANT, customerId, input, { basedOn }));
          const { attributes, extensions } = await state();
          expect({ attributes, extensions }).to.deep.equal(KEPT);
        });

        it(`R6 R8 create and createMany, ${form}`, async () => {
          const { profiles, state } = await processOf();
          await mutatingAfter({ customerId: 'a', ...given }, (input) => profiles.create(TENANT, input));
          await mutatingAfter([{ customerId: 'b', ...given }], (input) => profiles.createMany(TENANT, input));
          for (const id of ['a', 'b']) {
            const { attributes, extensions } = await state(id);
            expect({ attributes, extensions }).to.deep.equal(KEPT);
          }
        });
      }

      it('R11 replace, with an invalid representation', async () => {
        const { profiles } = await processOf();
        const wrong: unknown[] = [{ attributes: { FirstName: 1 } }, { attributes: {} }, { members: { Phone: 1 } }];
        for (const given of wrong) {
          const replaced = mutatingAfter(given as typeof MEMBERS, (input) =>
            profiles.replace(TENANT, customerId, input),
          );
          expect(await outcome(replaced)).to.equal('invalid_profile');
          const created = mutatingAfter(given as typeof MEMBERS, (input) => profiles.create(TENANT, input));
          expect(await outcome(created)).to.equal('invalid_profile');
        }
      });

      it('W9 W10 insertRecords, updateRecord and deleteRecord', async () => {
        const { profiles, state } = await processOf();
        const inserted = { Phone: [{ Number: '3', Kind: 'work' }], Address: { City: 'Leeds' } };
        await mutatingAfter(inserted, (input) => profiles.insertRecords(TENANT, customerId, input));
        const updated = { Number: '2', Kind: 'fax' };
        await mutatingAfter(updated, (input) => profiles.updateRecord(TENANT, customerId, 'Phone', input));
        await mutatingAfter({ Number: '1' }, (input) => profiles.deleteRecord(TENANT, customerId, 'Phone', input));
        expect((await state()).extensions).to.deep.equal({
          Address: { City: 'Leeds' },
          Phone: [updated, { Number: '3', Kind: 'work' }],
        });
      });

      it('R14 ifRevision', async () => {
        const { profiles } = await processOf();
        const expecting = async (ifRevision: number[]) => {
          const replaced = profiles.replace(TENANT, customerId, REPRESENTATION, { ifRevision });
          ifRevision.splice(0, 1, 99);
          return outcome(replaced);
        };
        expect([await expecting([1]), await expecting([1])]).to.deep.equal(['ok', 'revision_conflict']);
      });

      it('W4 W6 get and identify', async () => {
        const { profiles, schemas } = await processOf();
        await schemas.addKey(TENANT, { name: 'byName', attributes: ['FirstName'] });
        const asked = { values: { FirstName: 'Bruce' }, extensions: ['Address'] };
        const { items } = await mutatingAfter(asked, (input) => profiles.identify(TENANT, input));
        expect(items.map(({ extensions }) => extensions)).to.deep.equal([{ Address: { City: 'Dayton' } }]);
        const { extensions } = await mutatingAfter({ extensions: ['Address'] }, (input) =>
          profiles.get(TENANT, customerId, input),
        );
        expect(extensions).to.deep.equal({ Address: { City: 'Dayton' } });
      });
    });
  }

  it('W7 schema definitions', async () => {
    const { schemas } = createServices();
    await mutatingAfter(SCHEMA, (input) => schemas.define(TENANT, input));
    const nick = { name: 'Nick', type: 'string', multiValued: true, default: ['x'] } as const;
    await mutatingAfter([...SCHEMA.attributes, nick], (input) => schemas.defineAttributes(TENANT, input));
    const note = { name: 'Note', type: 'single-valued', attributes: [{ name: 'Text', type: 'string' }] } as const;
    await mutatingAfter(note, (input) => schemas.addExtension(TENANT, input));
    const key = { name: 'byNick', attributes: ['Nick'] };
    await mutatingAfter(key, (input) => schemas.addKey(TENANT, input));
    const { version: _, ...schema } = await schemas.get(TENANT);
    expect(schema).to.deep.equal({
      attributes: [...SCHEMA.attributes, nick],
      extensions: [...(SCHEMA.extensions ?? []), note],
      identificationKeys: [key],
    });
  });

  it('import, whose source reuses one object for all rows', async () => {
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
