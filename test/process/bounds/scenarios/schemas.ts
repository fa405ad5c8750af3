import type { SchemaDefinition } from 'dossier';
import type { Scenario, Scenarios } from '../scenario.js';
import { services, TENANT } from './services.js';

const attributes = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `A${index}`, type: 'string' }));
const names = (count: number) => attributes(count).map(({ name }) => name);

const LARGEST = {
  attributes: attributes(2_000),
  identificationKeys: Array.from({ length: 50 }, (_, index) => ({ name: `K${index}`, attributes: names(16) })),
};

/** Class-validator takes many times what it takes to parse, but for no more than the limits let in. */
const MOST_WORK = 1_000;

function define(schema: object, outcome: string, mostWork: number): Scenario {
  const prepare = async () => {
    const { schemas } = await services({ attributes: [] });
    return (given: SchemaDefinition) => schemas.define(TENANT, given);
  };
  return { text: JSON.stringify(schema), outcome, prepare, mostWork };
}

export const scenarios: Scenarios = {
  'R4 a schema of 33,000 attributes is refused': define({ attributes: attributes(33_000) }, 'invalid_schema', 12),
  'R18 a key of 4,000 names is refused': define(
    { attributes: attributes(2_000), identificationKeys: [{ name: 'K', attributes: names(4_000) }] },
    'invalid_schema',
    12,
  ),
  'R10 10,000 unique names are refused': define(
    {
      attributes: [],
      extensions: [{ name: 'E', type: 'multi-valued', attributes: attributes(2_000), unique: names(10_000) }],
    },
    'invalid_schema',
    12,
  ),
  'W7 the largest schema is defined': define(LARGEST, 'ok', MOST_WORK),
  'W7 the largest schema is read': {
    text: JSON.stringify(LARGEST),
    outcome: 'ok',
    prepare: async () => {
      const { schemas } = await services(LARGEST as SchemaDefinition);
      return () => schemas.get(TENANT);
    },
  },
};
