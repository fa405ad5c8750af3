import { expect } from 'chai';
import { withKeys } from './customers.js';
import type { Suite } from './stage.js';

const EXACT = { name: 'exact', attributes: ['Login'] };
const FOLDED = { name: 'folded', attributes: ['Login'], caseSensitive: false };

/** Texts that some database collation confuses. The texts of one list are equal when folded. */
const ALIKE: readonly (readonly string[])[] = [
  ['muller', 'MULLER', 'Muller', 'ｍｕｌｌｅｒ'],
  ['muller ', 'muller\u00A0'],
  ['muller  '],
  [' muller'],
  ['muller\t'],
  ['müller', 'mu\u0308ller', 'MÜLLER'],
  ['mueller'],
  ['istanbul', 'ISTANBUL', 'Istanbul'],
  ['ıstanbul'],
  ['İSTANBUL'],
  ['strasse', 'STRASSE'],
  ['straße', 'STRAẞE'],
  ['σίσυφος', 'ΣΊΣΥΦΟΣ', 'σίσυφοσ'],
  ['1', '１', '①', '¹'],
  ['01'],
  ['１,0', '1,0'],
  [''],
  [' ', '\u3000'],
  ['\u00AD'],
  ['\u200B'],
  ['a%'],
  ['a_'],
  ['a'],
  ['か'],
  ['が', 'か\u3099'],
  ['カ', 'ｶ'],
  ['😀'],
  ['😁'],
  ['"'],
  ['\\'],
  ["'"],
];

const stored = ALIKE.flat().map((Login, index) => ({ customerId: `id-${String(index).padStart(2, '0')}`, Login }));
const idsOf = (logins: readonly string[]) =>
  stored.filter(({ Login }) => logins.includes(Login)).map(({ customerId }) => customerId);

export const matching: Suite = (begin) => {
  describe('matching', () => {
    it('R20 depends on no collation, trailing-space rule or case rule of the database', async () => {
      const { profiles, tenant, find } = await begin(withKeys(EXACT, FOLDED));
      await profiles.createMany(
        tenant,
        stored.map(({ customerId, Login }) => ({ customerId, attributes: { Login } })),
      );
      for (const alike of ALIKE) {
        for (const Login of alike) {
          expect(await find({ Login }, { key: 'exact' }), Login).to.deep.equal(idsOf([Login]));
          expect(await find({ Login }, { key: 'folded' }), Login).to.deep.equal(idsOf(alike));
        }
      }
    });

    it('R19 R20 a unique key compares in the same way as a search', async () => {
      for (const [key, distinct] of [
        [EXACT, ALIKE.flat()],
        [FOLDED, ALIKE.map(([first = '']) => first)],
      ] as const) {
        const { profiles, tenant, find } = await begin(withKeys({ ...key, unique: true }));
        const inputs = distinct.map((Login, index) => ({ customerId: `id-${index}`, attributes: { Login } }));
        await profiles.createMany(tenant, inputs);
        for (const [index, Login] of distinct.entries()) expect(await find({ Login })).to.deep.equal([`id-${index}`]);
      }
    });

    it('R20 customer ids are sorted in byte order', async () => {
      const { profiles, tenant, find } = await begin(withKeys(EXACT));
      const ids = ['a', 'A', 'b', 'B', '1', '10', '2', '-', '_', '.', '~', 'a-b', 'ab', 'aB', 'a.b'];
      await profiles.createMany(
        tenant,
        ids.map((customerId) => ({ customerId, attributes: { Login: 'x' } })),
      );
      expect(await find({ Login: 'x' })).to.deep.equal(ids.toSorted());
      const { items, next } = await profiles.identify(tenant, { values: { Login: 'x' }, limit: 7 });
      const rest = await find({ Login: 'x' }, { after: next });
      expect([...items.map(({ customerId }) => customerId), ...rest]).to.deep.equal(ids.toSorted());
    });

    it('R18 a text of maximum length is found, and one that differs at its end is not', async () => {
      const attributes = [{ name: 'Text', type: 'string', length: 65_535 }] as const;
      const keys = [{ name: 'byText', attributes: ['Text'], unique: true, caseSensitive: false }];
      const { profiles, tenant, find } = await begin({ attributes, identificationKeys: keys });
      const long = (end: string) => `${'字'.repeat(65_534)}${end}`;
      await profiles.create(tenant, { customerId: 'a', attributes: { Text: long('a') } });
      await profiles.create(tenant, { customerId: 'b', attributes: { Text: long('b') } });
      expect(await find({ Text: long('A') })).to.deep.equal(['a']);
      expect(await find({ Text: long('b') })).to.deep.equal(['b']);
      expect(await find({ Text: long('c') })).to.deep.equal([]);
    });

    it('R2 R18 names of members of JavaScript objects are valid names', async () => {
      const { profiles, tenant, find } = await begin({
        attributes: [{ name: 'constructor', type: 'string' }],
        extensions: [{ name: 'toString', type: 'single-valued', attributes: [{ name: 'valueOf', type: 'string' }] }],
        identificationKeys: [
          { name: 'hasOwnProperty', attributes: ['constructor'] },
          { name: 'isPrototypeOf', source: 'toString', attributes: ['valueOf'] },
        ],
      });
      await profiles.create(tenant, { customerId: 'none', attributes: {} });
      const given = { attributes: { constructor: 'x' }, extensions: { toString: { valueOf: 'y' } } };
      await profiles.create(tenant, { customerId: 'some', ...given });
      expect(await find({ constructor: 'x' }, { key: 'HASOWNPROPERTY' })).to.deep.equal(['some']);
      expect(await find({ 'toString.valueOf': 'y' })).to.deep.equal(['some']);
      expect(await find({ 'TOSTRING.VALUEOF': 'y', constructor: 'y' })).to.deep.equal([]);
    });
  });
};
