import { expect } from 'chai';
import fc from 'fast-check';
import type { AttributesDocument, ExtensionsDocument } from '../../src/model/documents.js';
import type { ProfilePatch, SplitRepresentation } from '../../src/model/representation.js';
import { checkRepresentation } from '../../src/rules/check-representation.js';
import { type CompilableSchema, compileSchema } from '../../src/rules/compiled-schema.js';
import { checkPatch, decidePatch, patchedMembers } from '../../src/rules/patch.js';
import { NO_PROFILE_LIMITS } from '../../src/rules/profile-limits.js';
import { propertyRuns } from '../property-runs.js';

interface State {
  readonly attributes: AttributesDocument;
  readonly extensions?: ExtensionsDocument;
}

function violationsIn(definition: CompilableSchema, patch: unknown) {
  const check = checkPatch(compileSchema(1, definition), patchedMembers(patch as ProfilePatch), NO_PROFILE_LIMITS);
  return check.valid ? [] : check.violations.map(({ pointer, rule }) => `${rule} ${pointer}`);
}

function patched(definition: CompilableSchema, { attributes, extensions = {} }: State, patch: unknown): unknown {
  const given = patchedMembers(patch as ProfilePatch);
  const decision = decidePatch(compileSchema(1, definition), { attributes, extensions }, given, NO_PROFILE_LIMITS);
  if (decision.kind === 'changed') return { ...decision.attributes, ...(decision.extensions ?? extensions) };
  return decision.kind === 'refused' ? decision : decision.kind;
}

/** The algorithm of RFC 7396, section 2. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === 'object' && target !== null && !Array.isArray(target);
  const merged = new Map(Object.entries(isObject ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

const text = (name: string) => ({ name, type: 'string' }) as const;

describe('Patching a profile (L5)', () => {
  describe('L5 the examples of RFC 7396, appendix A', () => {
    const attributes = { attributes: [text('a'), text('b')] };
    const integer = { attributes: [{ name: 'a', type: 'integer' }, text('e')] } as const;
    const list = { attributes: [{ name: 'a', type: 'string', multiValued: true }] } as const;
    const record = (type: 'single-valued' | 'multi-valued') => ({
      attributes: [],
      extensions: [{ name: 'a', type, attributes: [text('b'), text('c')] }],
    });
    const one = record('single-valued');
    const many = record('multi-valued');
    const none = { attributes: {} };

    const merged = [
      { schema: attributes, stored: { attributes: { a: 'b' } }, patch: { a: 'c' }, result: { a: 'c' } },
      { schema: attributes, stored: { attributes: { a: 'b' } }, patch: { b: 'c' }, result: { a: 'b', b: 'c' } },
      { schema: attributes, stored: { attributes: { a: 'b' } }, patch: { a: null }, result: {} },
      { schema: attributes, stored: { attributes: { a: 'b', b: 'c' } }, patch: { a: null }, result: { b: 'c' } },
      { schema: list, stored: { attributes: { a: ['b'] } }, patch: { a: 'c' }, result: { a: ['c'] } },
      { schema: list, stored: { attributes: { a: ['c'] } }, patch: { a: ['b'] }, result: { a: ['b'] } },
      {
        schema: one,
        stored: { attributes: {}, extensions: { a: [{ b: 'c' }] } },
        patch: { a: { b: 'd', c: null } },
        result: { a: [{ b: 'd' }] },
      },
      {
        schema: many,
        stored: { attributes: {}, extensions: { a: [{ b: 'c' }] } },
        patch: { a: [{ c: 'd' }] },
        result: { a: [{ c: 'd' }] },
      },
      { schema: integer, stored: none, patch: { a: 1, e: null }, result: { a: 1 } },
      { schema: one, stored: none, patch: { a: { b: null } }, result: { a: [{}] } },
    ];
    for (const { schema, stored, patch, result } of merged) {
      it(`L5 ${JSON.stringify(patch)} on ${JSON.stringify(stored)}`, () => {
        expect(violationsIn(schema, { members: patch })).to.deep.equal([]);
        expect(patched(schema, stored, { members: patch })).to.deep.equal(result);
      });
    }

    for (const { schema, patch, violations } of [
      { schema: many, patch: { a: [1] }, violations: ['R8 /a/0'] },
      { schema: attributes, patch: ['c'], violations: ['R11 '] },
      { schema: attributes, patch: null, violations: ['R11 '] },
      { schema: attributes, patch: 'bar', violations: ['R11 '] },
      { schema: one, patch: { a: { b: { c: null } } }, violations: ['R3 /a/b'] },
    ]) {
      it(`L5 refuses ${JSON.stringify(patch)}, which fits no profile`, () => {
        expect(violationsIn(schema, { members: patch })).to.deep.equal(violations);
      });
    }
  });

  const schema: CompilableSchema = {
    attributes: [
      { ...text('Name'), mandatory: true },
      { name: 'Score', type: 'integer', default: 7 },
      { name: 'Email', type: 'string', multiValued: true },
    ],
    extensions: [
      {
        name: 'Address',
        type: 'single-valued',
        attributes: [{ ...text('City'), mandatory: true }, text('Street'), { ...text('Country'), default: 'US' }],
      },
      { name: 'Phone', type: 'multi-valued', attributes: [text('Number'), text('Kind')], unique: ['Number'] },
    ],
  };
  const stored = {
    attributes: { Name: 'Bruce', Score: 1, Email: ['a@example.com', 'b@example.com'] },
    extensions: {
      Address: [{ City: 'Dayton', Street: 'Main', Country: 'CA' }],
      Phone: [{ Number: '1', Kind: 'home' }, { Number: '2' }],
    },
  };
  const all = { ...stored.attributes, ...stored.extensions };

  it('L5 has two forms, and either part of the split one may be left out', () => {
    const result = { ...all, Score: 2, Phone: [{ Number: '3' }] };
    const Phone = { Number: '3' };
    expect(patched(schema, stored, { members: { score: 2, phone: Phone } })).to.deep.equal(result);
    expect(patched(schema, stored, { attributes: { Score: 2 }, extensions: { Phone } })).to.deep.equal(result);
    expect(patched(schema, stored, { extensions: { Phone } })).to.deep.equal({ ...result, Score: 1 });
    for (const nothing of [{}, { members: {} }, { attributes: {} }, { extensions: {} }]) {
      expect(patched(schema, stored, nothing), JSON.stringify(nothing)).to.equal('unchanged');
    }
  });

  it('L5 R13 changes nothing where the members are as they were', () => {
    expect(patched(schema, stored, { members: { Name: 'Bruce', address: { CITY: 'Dayton' } } })).to.equal('unchanged');
  });

  it('L5 a member that is undefined is not given', () => {
    const members = { Score: undefined, Address: { Street: undefined }, Phone: undefined };
    expect(patched(schema, stored, { members })).to.equal('unchanged');
    const { Score, ...extensions } = members;
    expect(patched(schema, stored, { attributes: { Score }, extensions })).to.equal('unchanged');
  });

  it('L5 merges a single-valued extension by member, in any case, and removes it by null', () => {
    const address = (patch: unknown) => patched(schema, stored, { extensions: { ADDRESS: patch } });
    const { Address, ...others } = all;
    expect(address({ street: 'Elm' })).to.deep.equal({ ...all, Address: [{ ...Address[0], Street: 'Elm' }] });
    expect(address({ street: null })).to.deep.equal({ ...all, Address: [{ City: 'Dayton', Country: 'CA' }] });
    expect(address(null)).to.deep.equal(others);
    expect(address([])).to.deep.equal(others);
  });

  it('L5 replaces a multi-valued extension as a whole', () => {
    const phones = (patch: unknown) => patched(schema, stored, { extensions: { Phone: patch } });
    expect(phones([{ Number: '2', Kind: 'work' }])).to.deep.equal({ ...all, Phone: [{ Number: '2', Kind: 'work' }] });
    const { Phone: _, ...others } = all;
    for (const nothing of [null, []]) expect(phones(nothing)).to.deep.equal(others);
  });

  it('L5 null clears to the default where there is one, in a record as well', () => {
    expect(patched(schema, stored, { members: { Score: null, Email: null } })).to.deep.equal({
      Name: 'Bruce',
      Score: 7,
      ...stored.extensions,
    });
    const { Address } = patched(schema, stored, { members: { Address: { Country: null } } }) as typeof all;
    expect(Address).to.deep.equal([{ City: 'Dayton', Street: 'Main', Country: 'US' }]);
  });

  it('L5 what stays without a value gets no default, but a new record does', () => {
    const withoutScore = { attributes: { Name: 'Bruce' }, extensions: { Address: [{ City: 'Dayton' }] } };
    expect(patched(schema, withoutScore, { members: { Name: 'Robert', Address: { Street: 'Elm' } } })).to.deep.equal({
      Name: 'Robert',
      Address: [{ City: 'Dayton', Street: 'Elm' }],
    });
    const withoutAddress = { attributes: { Name: 'Bruce' } };
    expect(patched(schema, withoutAddress, { members: { Address: { City: 'Rome' } } })).to.deep.equal({
      Name: 'Bruce',
      Address: [{ City: 'Rome', Country: 'US' }],
    });
  });

  it('L5 of any profile and patch makes what a replacement by their merge would (RFC 7396)', () => {
    const value = fc.constantFrom('x', 'y', '');
    const record = fc.record({ c: value, d: value }, { requiredKeys: [] });
    const patchOf = <Value>(members: Record<string, fc.Arbitrary<Value>>) => {
      const given = Object.entries(members).map(([name, one]) => [name, fc.option(one, { nil: null })] as const);
      return fc.record(Object.fromEntries(given), { requiredKeys: [] });
    };
    const attributesOf = { a: value, b: fc.array(value, { maxLength: 3 }) };
    const many = fc.array(record, { maxLength: 3 });
    const documents = fc.record({
      attributes: fc.record(attributesOf, { requiredKeys: [] }),
      extensions: fc.record({ one: record, many }, { requiredKeys: [] }),
    });
    const patches = fc.record({
      attributes: patchOf<unknown>(attributesOf),
      extensions: patchOf<unknown>({ one: patchOf({ c: value, d: value }), many }),
    });
    const plain = compileSchema(1, {
      attributes: [text('a'), { ...text('b'), multiValued: true }],
      extensions: [
        { name: 'one', type: 'single-valued', attributes: [text('c'), text('d')] },
        { name: 'many', type: 'multi-valued', attributes: [text('c'), text('d')] },
      ],
    });
    const kept = (document: unknown) => {
      const check = checkRepresentation(plain, document as SplitRepresentation);
      if (!check.valid) throw new Error('The documents are valid.');
      return { attributes: check.checked.attributes, extensions: check.checked.extensions ?? {} };
    };
    fc.assert(
      fc.property(documents, patches, (document, patch) => {
        const before = kept(document);
        const decision = decidePatch(plain, before, patchedMembers(patch), NO_PROFILE_LIMITS);
        const { attributes, extensions = before.extensions } = decision.kind === 'changed' ? decision : before;
        expect({ attributes, extensions }).to.deep.equal(kept(mergePatch(document, patch)));
      }),
      { numRuns: propertyRuns({ full: 2_000, quick: 300 }) },
    );
  });

  it('L5 R11 reports all violations of what is given, and none of what is not', () => {
    const members = {
      Nme: 'x',
      Score: 'many',
      Email: [1],
      Address: { Town: 'x', City: null },
      Phone: [{ Number: '1' }, { Number: '1' }],
    };
    const found = ['R11 /Nme', 'R3 /Score', 'R3 /Email/0', 'R11 /Address/Town', 'R9 /Address/City', 'R10 /Phone/1'];
    expect(violationsIn(schema, { members })).to.have.members(found);
    expect(violationsIn(schema, { members: { Name: null, name: 'x' } })).to.have.members(['R2 /name', 'R9 /Name']);
    expect(violationsIn(schema, { attribute: {} })).to.deep.equal(['R11 /attribute']);
    expect(violationsIn(schema, { attributes: { Name: null } })).to.deep.equal(['R9 /attributes/Name']);
    expect(violationsIn(schema, { members: { Address: { Street: 'Elm' } } })).to.deep.equal([]);
  });

  it('L5 R9 R24 checks the result as a whole', () => {
    const lacking = patched(schema, { attributes: {} }, { members: { Score: 2 } });
    expect(lacking).to.deep.include({ kind: 'refused', ofWhole: true });
    const newRecord = patched(schema, { attributes: { Name: 'x' } }, { members: { Address: { Street: 'Elm' } } });
    expect(newRecord).to.deep.include({ kind: 'refused', ofWhole: true });
    const strict = { attributes: [{ ...text('Name'), minLength: 3 }, text('Nick')] };
    expect(patched(strict, { attributes: { Name: 'x' } }, { members: { Nick: 'y' } })).to.have.property(
      'ofWhole',
      true,
    );
  });
});
