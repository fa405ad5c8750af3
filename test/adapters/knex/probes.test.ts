import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import type { AttributesDocument, ExtensionsDocument, ReplaceChange } from 'dossier/storage';
import fc from 'fast-check';
import { BEGINNING, differing, MAX_SEARCHED, searchFor } from '../../../adapters/knex/commit/probes.js';
import { propertyRuns } from '../../property-runs.js';

/** Few, so that attributes of records have the names of attributes and of extensions; one is the beginning of another. */
const [ATTRIBUTES, EXTENSIONS] = [
  ['A', 'AB', 'constructor', `N${'n'.repeat(63)}`],
  ['E', 'EF', 'toString', `X${'x'.repeat(63)}`],
];
const NAMES = [...ATTRIBUTES, ...EXTENSIONS];
/** What looks like a member, and is inside a string. */
const HOSTILE = [
  '","A":"x',
  '\\","A":1,',
  'A":',
  '"E":[{',
  '\\',
  '}',
  ',',
  '{}',
  '\u{1f600}',
  '"'.repeat(MAX_SEARCHED),
];

const scalar = fc.oneof(
  fc.constantFrom(...HOSTILE, ...NAMES, '', 1, 12, 1.5, -1, true, false),
  fc.array(fc.constantFrom(...HOSTILE, ...NAMES), { maxLength: 4 }).map((texts) => texts.join('')),
);
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
const membersOf = <Value>(names: readonly string[], values: fc.Arbitrary<Value>) =>
  fc
    .tuple(...names.map((name) => fc.option(values).map((one) => (one === null ? [] : [[name, one] as const]))))
    .map((entries) => Object.fromEntries(entries.flat()) as Readonly<Record<string, Value>>);
const attributes = membersOf(ATTRIBUTES, value);
const extensions = membersOf(EXTENSIONS, fc.array(membersOf(NAMES, value), { minLength: 1, maxLength: 2 }));

describe('probes', () => {
  const changed = (
    before: { readonly attributes: object; readonly extensions: object },
    after: { readonly attributes: object; readonly extensions?: object | undefined },
  ) => {
    const change = { ...after } as Pick<ReplaceChange, 'attributes' | 'extensions'> as ReplaceChange;
    const search = searchFor(change, { attributes: ATTRIBUTES, extensions: EXTENSIONS }, 0);
    return differing(search?.probes ?? [], JSON.stringify(before.attributes), JSON.stringify(before.extensions));
  };

  it('C1: tell the members that differ, as parsing does', () => {
    const state = fc.record({ attributes, extensions });
    const next = fc.record({ attributes, extensions }, { requiredKeys: ['attributes'] });
    // Half of them keep most members, as most replacements do.
    const pair = fc.oneof(
      fc.tuple(state, next),
      fc.tuple(state, next, fc.subarray(NAMES)).map(([before, after, names]) => {
        const mixed = (old: object, fresh: object) =>
          Object.fromEntries([
            ...Object.entries(old).filter(([name]) => !names.includes(name)),
            ...Object.entries(fresh).filter(([name]) => names.includes(name)),
          ]);
        return [
          before,
          {
            attributes: mixed(before.attributes, after.attributes) as AttributesDocument,
            ...(after.extensions && {
              extensions: mixed(before.extensions, after.extensions) as ExtensionsDocument,
            }),
          },
        ] as const;
      }),
    );
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const known = (of: object, name: string) => Object.entries(of).find(([own]) => own === name)?.[1];
        const expected = [
          ...ATTRIBUTES.filter(
            (name) => !isDeepStrictEqual(known(before.attributes, name), known(after.attributes, name)),
          ),
          ...EXTENSIONS.filter(
            (name) =>
              after.extensions !== undefined &&
              !isDeepStrictEqual(known(before.extensions, name), known(after.extensions, name)),
          ),
        ].map((name) => `/${name}`);
        expect(changed(before, after)).to.deep.equal(expected);
      }),
      { numRuns: propertyRuns({ full: 20_000, quick: 2_000 }) },
    );
  });

  it('C1: tell long values apart that differ at the end alone', () => {
    const long = 'x'.repeat(MAX_SEARCHED);
    const before = { attributes: { A: `${long}1`, AB: `${long}1` }, extensions: { E: [{ A: `${long}1` }] } };
    const after = { attributes: { A: `${long}1`, AB: `${long}2` }, extensions: { E: [{ A: `${long}2` }] } };
    expect(changed(before, after)).to.deep.equal(['/AB', '/E']);
  });

  it('the beginning of a text has the longest name and what follows it', () => {
    expect(`"${'n'.repeat(64)}":[{`.length).to.be.at.most(BEGINNING);
  });
});
