import type { AttributeDefinition } from '../../src/model/schema.js';

interface Constrained {
  readonly definition: Omit<AttributeDefinition, 'name'>;
  /** Everything that the type takes: five where there are so many. */
  readonly constraints: Partial<AttributeDefinition>;
  readonly value: unknown;
}

const KINDS: readonly Constrained[] = [
  {
    definition: { type: 'string', length: 100 },
    constraints: { oneOf: ['Bruce Banner', 'Robert Bruce Banner'], minLength: 2, pattern: "[A-Za-z ,']+" },
    value: 'Robert Bruce Banner',
  },
  {
    definition: { type: 'string', multiValued: true },
    constraints: { minItems: 1, maxItems: 5, minLength: 3, format: 'email', pattern: '[^ ]+@[a-z.]+' },
    value: ['bruce.banner@example.com', 'hulk@example.org'],
  },
  { definition: { type: 'integer' }, constraints: { oneOf: [1, 2, 3], minimum: 0, maximum: 9 }, value: 3 },
  {
    definition: { type: 'currency' },
    constraints: { oneOf: ['9.9', '10.5'], minimum: '0', maximum: '100' },
    value: '10.5',
  },
  {
    definition: { type: 'date' },
    constraints: { oneOf: ['1962-05-10', '1969-12-18'], minimum: '1900-01-01', maximum: '2029-12-31' },
    value: '1962-05-10',
  },
  {
    definition: { type: 'datetime' },
    constraints: { minimum: '2000-01-01T00:00:00Z', maximum: '2029-12-31T23:59:59Z' },
    value: '2024-02-29T12:00:00.000Z',
  },
];

const ATTRIBUTES = 32;

/** The same attributes without and with constraints, and a profile of about a kilobyte that keeps to them. */
export function definitions(): {
  readonly plain: readonly AttributeDefinition[];
  readonly constrained: readonly AttributeDefinition[];
  readonly members: Readonly<Record<string, unknown>>;
} {
  const all = Array.from({ length: ATTRIBUTES }, (_, index) => ({
    name: `Attribute${index}`,
    ...(KINDS[index % KINDS.length] as Constrained),
  }));
  return {
    plain: all.map(({ name, definition }) => ({ name, ...definition })),
    constrained: all.map(({ name, definition, constraints }) => ({ name, ...definition, ...constraints })),
    members: Object.fromEntries(all.map(({ name, value }) => [name, value])),
  };
}
