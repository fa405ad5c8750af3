import { expect } from 'chai';
import { type AttributeDefinition, compareSchemas, type SchemaDefinition, type ValueType } from 'dossier';
import fc from 'fast-check';
import { Violations } from '../../src/model/violation.js';
import { checkValue } from '../../src/rules/attribute-values.js';
import { compileAttribute, compileValueRules } from '../../src/rules/compiled-schema.js';
import { findConstraintFaults } from '../../src/rules/constraints/constraint-faults.js';
import { fittingValue } from '../../src/rules/projection.js';
import { validValue } from '../model/arbitrary-values.js';
import { propertyRuns } from '../property-runs.js';
import { TEXTS } from './check.js';

/** The changes as texts: `tightened Age minimum`. */
function changes(current: SchemaDefinition, next: SchemaDefinition): string[] {
  return compareSchemas(current, next).changes.map(({ definition, name, change, ...details }) => {
    const { member, from, names, before, after, fits } = details as Record<string, unknown>;
    const detail = member ?? from ?? names ?? (fits && `${before} ${after} ${fits}`) ?? [];
    return [change, definition === 'key' ? `key ${name}` : name, ...[detail].flat()].join(' ');
  });
}

const ofAttribute = (before: Partial<AttributeDefinition>, after: Partial<AttributeDefinition>) => {
  const attribute = { name: 'A', type: 'integer' as const };
  return changes({ attributes: [{ ...attribute, ...before }] }, { attributes: [{ ...attribute, ...after }] });
};

const PHONE = {
  name: 'Phone',
  type: 'multi-valued' as const,
  attributes: [
    { name: 'Number', type: 'string' as const },
    { name: 'Kind', type: 'string' as const },
  ],
};
const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'Mail', type: 'string' },
  ],
  extensions: [{ ...PHONE, unique: ['Number'] }],
  identificationKeys: [
    { name: 'byMail', attributes: ['Mail'], unique: true },
    { name: 'byPhone', source: 'Phone', attributes: ['Number'] },
  ],
};

describe('the difference of two schemas', () => {
  it('is nothing for the same, whatever the case of names in keys and `unique`', () => {
    expect(compareSchemas(SCHEMA, SCHEMA)).to.deep.equal({ changes: [], allowed: true });
    const [phone] = SCHEMA.extensions ?? [];
    const upper = {
      ...SCHEMA,
      extensions: [{ ...phone, unique: ['NUMBER'] }] as SchemaDefinition['extensions'],
      identificationKeys: SCHEMA.identificationKeys?.map((key) => ({
        ...key,
        attributes: [`${key.attributes}`.toUpperCase()],
      })),
    };
    expect(changes(SCHEMA, upper)).to.deep.equal([]);
    expect(changes({ attributes: [] }, { attributes: [], extensions: [], identificationKeys: [] })).to.deep.equal([]);
  });

  it('R4 R10 has what comes and what goes', () => {
    const [name] = SCHEMA.attributes;
    const next = {
      attributes: [name as AttributeDefinition, { name: 'Age', type: 'integer' as const, mandatory: true }],
    };
    expect(changes(SCHEMA, next)).to.deep.equal([
      'added Age',
      'removed Mail',
      'removed Phone',
      'dropped key byMail',
      'dropped key byPhone',
    ]);
    const added = compareSchemas({ attributes: [] }, next).changes.map((one) => 'mandatory' in one && one.mandatory);
    expect(added).to.deep.equal([false, true]);
  });

  it('R26 has what is renamed, joined, taken on and given up', () => {
    const text = (name: string, ...formerly: string[]): AttributeDefinition => ({
      name,
      type: 'string',
      ...(formerly.length > 0 && { formerly }),
    });
    const of = (before: AttributeDefinition[], after: AttributeDefinition[]) =>
      changes({ attributes: before }, { attributes: after });
    expect(of([text('A')], [text('B', 'A')])).to.deep.equal(['renamed B A']);
    expect(of([text('B', 'A')], [text('C', 'B')])).to.deep.equal(['renamed C B']);
    expect(of([text('B', 'A')], [text('B', 'A')])).to.deep.equal([]);
    expect(of([text('B', 'A')], [text('B')])).to.deep.equal(['names_released B A']);
    expect(of([text('B')], [text('B', 'X')])).to.deep.equal(['names_taken B X']);
    expect(of([text('A'), text('B')], [text('C', 'A', 'B')])).to.deep.equal(['renamed C A B']);
    expect(of([text('A'), text('B')], [text('B', 'A')])).to.deep.equal(['renamed B A']);
    const [phone] = SCHEMA.extensions ?? [];
    const renamed = {
      name: 'Tel',
      type: 'multi-valued' as const,
      formerly: ['Phone'],
      attributes: [text('No', 'Number'), text('Kind')],
      unique: ['No'],
    };
    const keys = [{ name: 'byPhone', source: 'Tel', attributes: ['No'] }];
    const both = [
      {
        attributes: [],
        extensions: [phone as typeof renamed],
        identificationKeys: SCHEMA.identificationKeys?.slice(1),
      },
      { attributes: [], extensions: [renamed], identificationKeys: keys },
    ] as const;
    expect(changes(...both)).to.deep.equal(['renamed Tel Phone', 'renamed Tel.No Number', 'continued key byPhone']);
  });

  it('R24 has what is tightened, loosened or comes to the same', () => {
    const cases: [Partial<AttributeDefinition>, Partial<AttributeDefinition>, ...string[]][] = [
      [{}, { mandatory: true }, 'tightened A mandatory'],
      [{ mandatory: true }, { mandatory: false }, 'loosened A mandatory'],
      [{}, { mandatory: false }],
      [{}, { minimum: 0 }, 'tightened A minimum'],
      [{ minimum: 0 }, { minimum: -1 }, 'loosened A minimum'],
      [{ maximum: 5 }, { maximum: 4 }, 'tightened A maximum'],
      [{ maximum: 5 }, {}, 'loosened A maximum'],
      [{ type: 'currency', minimum: '10' }, { type: 'currency', minimum: 9.5 }, 'loosened A minimum'],
      [
        { type: 'currency', minimum: '1.50' },
        { type: 'currency', minimum: 1.5 },
      ],
      [{ oneOf: [1, 2] }, { oneOf: [2, 1] }],
      [{ oneOf: [1, 2] }, { oneOf: [1, 2, 3] }, 'loosened A oneOf'],
      [{ oneOf: [1, 2] }, { oneOf: [1, 3, 4] }, 'tightened A oneOf'],
      [{}, { oneOf: [1] }, 'tightened A oneOf'],
      [{ type: 'string' }, { type: 'string', length: 256, minLength: 0 }],
      [{ type: 'string', length: 10 }, { type: 'string', length: 9 }, 'tightened A length'],
      [{ type: 'string', length: 10 }, { type: 'string' }, 'loosened A length'],
      [{ type: 'string', pattern: 'a' }, { type: 'string', pattern: 'b' }, 'tightened A pattern'],
      [{ type: 'string', format: 'uri' }, { type: 'string' }, 'loosened A format'],
      [
        { multiValued: true, maxItems: 3 },
        { multiValued: true, minItems: 1 },
        'tightened A minItems',
        'loosened A maxItems',
      ],
      [{ default: 1 }, { default: 0 }, 'changed A default'],
      [{}, { title: 'The A', protected: true }, 'changed A protected', 'changed A title'],
    ];
    for (const [before, after, ...expected] of cases) {
      expect(ofAttribute(before, after), JSON.stringify([before, after])).to.deep.equal(expected);
    }
    const ofExtension = (before: object, after: object) =>
      changes(
        { attributes: [], extensions: [{ ...PHONE, ...before }] },
        { attributes: [], extensions: [{ ...PHONE, ...after }] },
      );
    expect(ofExtension({}, { unique: ['Kind'], maxRecords: 2 })).to.deep.equal([
      'tightened Phone unique',
      'tightened Phone maxRecords',
    ]);
    expect(ofExtension({ unique: ['Kind'] }, { unique: ['Number', 'Kind'] })).to.deep.equal(['loosened Phone unique']);
    expect(ofExtension({ unique: ['Number', 'Kind'] }, { unique: ['Kind'] })).to.deep.equal(['tightened Phone unique']);
    expect(ofExtension({ unique: ['Kind'] }, {})).to.deep.equal(['loosened Phone unique']);
  });

  it('R23 has what is retyped, and whether all that is stored fits', () => {
    expect(ofAttribute({}, { type: 'long' })).to.deep.equal(['retyped A integer long all']);
    expect(ofAttribute({}, { multiValued: true })).to.deep.equal(['retyped A integer integer[] all']);
    expect(ofAttribute({ multiValued: true }, {})).to.deep.equal(['retyped A integer[] integer some']);
    expect(ofAttribute({ minimum: 0 }, { type: 'string', minLength: 1 })).to.deep.equal([
      'retyped A integer string some',
    ]);
    const single = { attributes: [], extensions: [{ ...PHONE, type: 'single-valued' as const }] };
    const multi = { attributes: [], extensions: [PHONE] };
    expect(changes(multi, single)).to.deep.equal(['retyped Phone multi-valued single-valued some']);
    expect(changes(single, multi)).to.deep.equal(['retyped Phone single-valued multi-valued all']);
  });

  it('R21 W8 has what becomes of keys', () => {
    const [byMail, byPhone] = SCHEMA.identificationKeys ?? [];
    const withKeys = (...keys: unknown[]) => ({
      ...SCHEMA,
      identificationKeys: keys as SchemaDefinition['identificationKeys'],
    });
    const byName = { name: 'byName', attributes: ['Name'] };
    expect(changes(SCHEMA, withKeys(byName, byPhone))).to.deep.equal(['backfilled key byName', 'dropped key byMail']);
    expect(changes(SCHEMA, withKeys({ ...byMail, unique: false }, byPhone))).to.deep.equal(['rebuilt key byMail']);
    const [name, mail] = SCHEMA.attributes as [AttributeDefinition, AttributeDefinition];
    for (const attributes of [[name, { ...mail, type: 'long' as const }], [{ ...mail, formerly: ['Name'] }]]) {
      const { allowed, changes: all } = compareSchemas(SCHEMA, { ...SCHEMA, attributes });
      expect([allowed, all.at(-1)]).to.deep.equal([false, { definition: 'key', name: 'byMail', change: 'refused' }]);
    }
    const several = { ...SCHEMA, attributes: [name, { ...mail, multiValued: true }] };
    expect(changes(SCHEMA, several)).to.include('rebuilt key byMail');
    const joined = { attributes: [{ ...mail, formerly: ['Name'] }], identificationKeys: [byMail] as never };
    expect(changes({ attributes: SCHEMA.attributes }, joined)).to.include('backfilled key byMail');
  });

  const types = fc.constantFrom<ValueType>('string', 'integer', 'long', 'double', 'currency', 'date', 'datetime');
  const runs = { numRuns: propertyRuns({ full: 3_000, quick: 100 }) };

  it('R24 what is not tightened accepts all that was accepted', () => {
    const ofType = types.chain((type) => {
      const value = validValue(type).map(({ sent }) => sent as string | number);
      const members: Record<string, fc.Arbitrary<unknown>> = {
        minimum: value,
        maximum: value,
        oneOf: fc.array(value, { minLength: 1, maxLength: 4 }),
        ...(type === 'string' && {
          length: fc.integer({ min: 1, max: 300 }),
          minLength: fc.integer({ min: 0, max: 3 }),
          format: fc.constantFrom('email', 'uri'),
        }),
      };
      const definition = fc
        .record(members, { requiredKeys: [] })
        .map((constraints) => ({ name: 'A', type, ...constraints }) as AttributeDefinition)
        .map((one) => withoutFaults(one));
      return fc.tuple(definition, definition, fc.array(value, { maxLength: 5 }));
    });
    fc.assert(
      fc.property(ofType, ([before, after, drawn]) => {
        if (ofAttribute(before, after).some((change) => change.startsWith('tightened'))) return;
        for (const value of [...drawn, before.minimum, before.maximum, ...(before.oneOf ?? [])]) {
          if (value === undefined || !accepts(before, value)) continue;
          expect(accepts(after, value), `${value}`).to.equal(true);
        }
      }),
      runs,
    );
  });

  it('R23 all values fit a type that is said to fit all', () => {
    const retypings = fc
      .tuple(types, types)
      .chain(([from, to]) => fc.tuple(fc.constant([from, to] as const), validValue(from)));
    fc.assert(
      fc.property(retypings, fc.boolean(), ([[from, to], { kept }], multiValued) => {
        fc.pre(from !== to && ofAttribute({ type: from }, { type: to, multiValued })[0]?.endsWith(' all') === true);
        const attribute = compileAttribute({ name: 'A', type: to, multiValued }, TEXTS);
        expect(fittingValue(attribute, kept as never)).not.to.equal(undefined);
      }),
      runs,
    );
  });
});

/** The definition without the constraints that contradict others. */
function withoutFaults(definition: AttributeDefinition): AttributeDefinition {
  return findConstraintFaults(definition, '', () => true, TEXTS, new Violations());
}

function accepts(definition: AttributeDefinition, value: unknown): boolean {
  const violations = new Violations();
  checkValue(compileValueRules(definition, TEXTS), value, '', violations);
  return violations.count === 0;
}
