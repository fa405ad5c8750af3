import { expect } from 'chai';
import fc from 'fast-check';
import { propertyRuns } from '../property-runs.js';
import { refusalOf, schemaFaultsOf, withAttribute, withExtension } from './schema-faults-of.js';

const MARKER = 'q7Zp';

const PLACES: Readonly<Record<string, (member: object) => unknown>> = {
  '': (member) => ({ attributes: [], ...member }),
  '/attributes/0': (member) => withAttribute(member),
  '/extensions/0': (member) => withExtension(member),
  '/extensions/0/attributes/0': (member) => withExtension({ attributes: [{ name: 'A', type: 'date', ...member }] }),
  '/identificationKeys/0': (member) => ({
    ...withAttribute({}),
    identificationKeys: [{ name: 'K', attributes: ['A'], ...member }],
  }),
};

describe('definitions: invalid and hostile input', () => {
  for (const [place, schema] of Object.entries(PLACES)) {
    it(`R11 refuses an unknown member: ${place || 'of the schema'}`, () => {
      for (const name of ['Name', 'required', 'toString', 'hasOwnProperty', 'toJSON', 'constructor', '__proto__', '']) {
        for (const value of [1, 'x', null, {}, () => ({})]) {
          const member = Object.defineProperty({}, name, { value, enumerable: true });
          const spread = schema(member);
          expect(schemaFaultsOf(spread), name).to.deep.equal([`R11 ${place}/${name}`]);
        }
      }
    });
  }

  it('R11 a definition changes no prototype', () => {
    const sent = JSON.parse(
      '{"attributes":[{"name":"A","type":"string","__proto__":{"polluted":1}}],"constructor":{"prototype":{"polluted":1}}}',
    );
    expect(schemaFaultsOf(sent)).to.have.members(['R11 /attributes/0/__proto__', 'R11 /constructor']);
    expect('polluted' in {}).to.equal(false);
  });

  it('R11 refuses null, undefined and other values that are not plain objects', () => {
    for (const sent of [null, undefined, 'x', 5, true, [], [{}], new Map(), new Set(), new Date(0), () => ({})]) {
      expect(schemaFaultsOf(sent)).to.deep.equal(['R11 ']);
    }
  });

  it('R4 R10 refuses lists that are not arrays', () => {
    for (const list of [null, {}, 'x', 5, true, new Map(), new Set(), { length: 1, 0: {} }]) {
      const schema = { attributes: list, extensions: list, identificationKeys: list };
      expect(refusalOf(schema)?.violations.map(({ pointer }) => pointer)).to.have.members([
        '/attributes',
        '/extensions',
        '/identificationKeys',
      ]);
      expect(refusalOf(withExtension({ attributes: list }))?.violations).to.have.length(1);
    }
    expect(schemaFaultsOf({})).to.deep.equal(['R4 /attributes']);
  });

  const elements: readonly unknown[] = [
    null,
    undefined,
    5,
    'x',
    true,
    [],
    [{ name: 'B', type: 'string' }],
    new Map([['name', 'B']]),
    new Set(),
    new Date(0),
    () => ({}),
  ];
  it('R4 R10 refuses elements of lists that are not definitions', () => {
    for (const element of elements) {
      for (const [place, schema] of [
        ['/attributes/1', { attributes: [{ name: 'A', type: 'string' }, element] }],
        ['/extensions/0', { attributes: [], extensions: [element] }],
        ['/extensions/0/attributes/0', withExtension({ attributes: [element] })],
        ['/identificationKeys/0', { ...withAttribute({}), identificationKeys: [element] }],
      ] as const) {
        expect(refusalOf(schema)?.violations.map(({ pointer }) => pointer)).to.deep.equal([place]);
      }
    }
  });

  it('R4 refuses holes in lists', () => {
    const holes = Array(2);
    expect(schemaFaultsOf({ attributes: holes })).to.deep.equal(['R11 /attributes/0', 'R11 /attributes/1']);
  });

  it('R11 refuses cyclic and deep input', () => {
    const cycle: Record<string, unknown> = { attributes: [] };
    cycle.extensions = [cycle];
    expect(schemaFaultsOf(cycle)).to.deep.equal(['R11 ']);
    let deep: unknown = 'x';
    for (let level = 0; level < 100_000; level += 1) deep = level % 2 ? [deep] : { deep };
    expect(schemaFaultsOf(withAttribute({ default: deep }))).to.deep.equal(['R11 ']);
    expect(schemaFaultsOf({ attributes: deep })).to.deep.equal(['R11 ']);
  });

  it('R11 reports faults of form and broken rules together', () => {
    const schema = {
      attributes: [
        { name: 'A', type: 'string', extra: 1 },
        { name: 5, type: 'integer', length: 5 },
        { name: 'a', type: 'date', default: 'never' },
        { name: 'B' },
      ],
      extensions: [
        {
          name: 'b',
          type: 'multi-valued',
          attributes: [{ name: 'C', type: 'long', multiValued: true }],
          unique: ['D', 5],
        },
        { name: 'E', type: 'x', attributes: [] },
        null,
      ],
      identificationKeys: [{ name: '1', attributes: ['Z'] }],
      other: 1,
    };
    expect(schemaFaultsOf(schema)).to.have.members([
      'R11 /attributes/0/extra',
      'R1 /attributes/1/name',
      'R4 /attributes/1/length',
      'R1 /attributes/2/name',
      'R3 /attributes/2/default',
      'R4 /attributes/3/type',
      'R1 /extensions/0/name',
      'R10 /extensions/0/attributes/0/multiValued',
      'R10 /extensions/0/unique',
      'R10 /extensions/1/type',
      'R10 /extensions/2',
      'R1 /identificationKeys/0/name',
      'R18 /identificationKeys/0/attributes/0',
      'R11 /other',
    ]);
  });

  it('R11 reports at most 100 violations, whatever they are', () => {
    const many = (one: unknown) => Array.from({ length: 150 }, () => one);
    for (const element of [...elements, { name: 5, type: 'string' }, { name: '1', type: 'string' }, { x: 1 }, {}]) {
      const attributes = many(element);
      for (const schema of [
        { attributes },
        { attributes: [], extensions: attributes },
        withExtension({ attributes }),
        { attributes, extensions: attributes, identificationKeys: attributes },
      ]) {
        expect(schemaFaultsOf(schema)).to.have.length(100);
      }
    }
  });

  const shapes = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(null, undefined, true, 0, 1.5, '', MARKER, `${MARKER}A`, Number.NaN, 'string', 'multi-valued'),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.constantFrom(
          'attributes',
          'extensions',
          'identificationKeys',
          'name',
          'type',
          'unique',
          'length',
          'default',
          'x',
          '__proto__',
          'constructor',
        ),
        tie('value'),
        { maxKeys: 6 },
      ),
      tie('value').map((value) => new Map([['attributes', value]])),
      tie('value').map((value) => new Set([value])),
    ),
  })).value;

  it('R1 R26 a definition without a name is refused, whatever else it has', () => {
    const nameless = { type: 'string', default: 'x', formerly: ['B'] };
    expect(schemaFaultsOf({ attributes: [nameless] })).to.deep.equal(['R1 /attributes/0/name']);
    expect(schemaFaultsOf(withExtension({ attributes: [nameless] }))).to.deep.equal([
      'R1 /extensions/0/attributes/0/name',
    ]);
  });

  it('R11 any input is accepted, or refused with violations that contain no value, and never fails otherwise', () => {
    const schemas = fc.oneof(
      shapes,
      fc.record({ attributes: shapes, extensions: shapes, identificationKeys: shapes }, { requiredKeys: [] }),
      fc.record({ attributes: fc.array(shapes), extensions: fc.array(shapes) }),
    );
    fc.assert(
      fc.property(schemas, (schema) => {
        const error = refusalOf(schema);
        if (error) expect(`${error.message}${JSON.stringify(error)}`).not.to.include(MARKER);
      }),
      { numRuns: propertyRuns({ full: 1_000, quick: 300 }) },
    );
  });
});
