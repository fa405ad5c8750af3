import type { SchemaDefinition } from 'dossier';
import { MORE_OF_REFERENCE, type Scenario, type Scenarios } from '../scenario.js';
import { services, TENANT } from './services.js';

const attributes = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `A${index}`, type: 'string' }));
const names = (count: number) => attributes(count).map(({ name }) => name);

const LARGEST = {
  attributes: attributes(2_000),
  identificationKeys: Array.from({ length: 50 }, (_, index) => ({ name: `K${index}`, attributes: names(16) })),
};

/** Of a thousand instructions, each of a class of hundreds of ranges. */
const LARGEST_PATTERN = '\\p{L}{990}';

/** Class-validator takes many times what it takes to parse, but for no more than the limits let in. */
const MOST_WORK = 1_000;

/** A pattern of ten characters may take 20 ms to compile. What counts is that no turn of the event loop takes long. */
const MOST_WORK_OF_PATTERNS = 1_000_000;

const UNKNOWN_MEMBERS = Object.fromEntries(Array.from({ length: 80_000 }, (_, index) => [`n${index}`, 1]));

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
  'R11 80,000 unknown members of one definition are refused': {
    ...define({ attributes: [{ name: 'A', type: 'string', ...UNKNOWN_MEMBERS }] }, 'invalid_schema', 12),
    // The definition is copied in one turn, in which each of its names is looked up.
    mostOfReference: MORE_OF_REFERENCE,
  },
  'R10 10,000 unique names are refused': define(
    {
      attributes: [],
      extensions: [{ name: 'E', type: 'multi-valued', attributes: attributes(2_000), unique: names(10_000) }],
    },
    'invalid_schema',
    12,
  ),
  'R24 100 attributes of 1,000 choices are defined': define(
    {
      attributes: Array.from({ length: 100 }, (_, index) => ({
        ...{ name: `A${index}`, type: 'integer', minimum: 0 },
        oneOf: Array.from({ length: 1_000 }, (_, choice) => choice),
      })),
    },
    'ok',
    MOST_WORK,
  ),
  'R24 100 of the largest patterns are defined': define(
    {
      attributes: Array.from({ length: 100 }, (_, index) => ({
        name: `A${index}`,
        type: 'string',
        pattern: LARGEST_PATTERN,
      })),
    },
    'ok',
    MOST_WORK_OF_PATTERNS,
  ),
  'R24 100 patterns that would take seconds to compile are refused': define(
    {
      attributes: Array.from({ length: 100 }, (_, index) => ({
        name: `A${index}`,
        type: 'string',
        pattern: `(${'a'.repeat(900)}){1000}`,
      })),
    },
    'invalid_schema',
    MOST_WORK,
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
