import { expect } from 'chai';
import type { ExtensionRecord, SchemaDefinition, SchemaReport } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import fc from 'fast-check';
import { propertyRuns } from '../property-runs.js';
import { createServices, TENANT } from '../service-harness.js';

/** Opens a storage with nothing in it. */
interface TestStorage {
  readonly name: string;
  readonly open: () => Promise<{ readonly repository: ProfileRepository; readonly close: () => Promise<unknown> }>;
}

interface Customer {
  readonly name: string | undefined;
  readonly score: number | undefined;
  readonly emails: readonly string[];
  readonly phones: readonly ExtensionRecord[];
}

/** What the proposed schema demands. */
interface Demands {
  readonly mandatoryName: boolean;
  readonly shortestName: number;
  readonly score: 'kept' | 'removed' | 'text' | 'small';
  readonly emails: 'many' | 'one' | 'few';
  readonly phones: 'kept' | 'unique' | 'removed' | 'without kind' | 'mandatory kind';
  readonly key: boolean;
}

const optional = <Value>(one: fc.Arbitrary<Value>) => fc.option(one, { nil: undefined });
const word = fc.constantFrom('a', 'bb', 'ccc');

const customers: fc.Arbitrary<readonly Customer[]> = fc.array(
  fc.record({
    name: optional(word),
    score: optional(fc.integer({ min: 1, max: 4 })),
    emails: fc.array(word, { maxLength: 3 }),
    phones: fc.array(
      fc.record({ Number: word, Kind: optional(word) }).map((record) => JSON.parse(JSON.stringify(record))),
      { maxLength: 3 },
    ),
  }),
  { maxLength: 15 },
);

const demands: fc.Arbitrary<Demands> = fc.record({
  mandatoryName: fc.boolean(),
  shortestName: fc.integer({ min: 1, max: 3 }),
  score: fc.constantFrom('kept', 'removed', 'text', 'small'),
  emails: fc.constantFrom('many', 'one', 'few'),
  phones: fc.constantFrom('kept', 'unique', 'removed', 'without kind', 'mandatory kind'),
  key: fc.boolean(),
});

const NOTHING: Demands = {
  mandatoryName: false,
  shortestName: 1,
  score: 'kept',
  emails: 'many',
  phones: 'kept',
  key: false,
};

function schemaOf({ mandatoryName, shortestName, score, emails, phones, key }: Demands): SchemaDefinition {
  const kind = { name: 'Kind', type: 'string', mandatory: phones === 'mandatory kind' } as const;
  return {
    attributes: [
      { name: 'Name', type: 'string', mandatory: mandatoryName, minLength: shortestName },
      ...(score === 'removed'
        ? []
        : [
            {
              name: 'Score',
              type: score === 'text' ? 'string' : 'integer',
              ...(score === 'small' && { maximum: 2 }),
            } as const,
          ]),
      { name: 'Emails', type: 'string', multiValued: emails !== 'one', ...(emails === 'few' && { maxItems: 1 }) },
    ],
    extensions:
      phones === 'removed'
        ? []
        : [
            {
              name: 'Phone',
              type: 'multi-valued',
              attributes: [{ name: 'Number', type: 'string' }, ...(phones === 'without kind' ? [] : [kind])],
              ...(phones === 'unique' && { unique: ['Number'] }),
            },
          ],
    identificationKeys: key ? [{ name: 'byName', attributes: ['Name'], unique: true }] : [],
  };
}

/** How much of something each customer has. */
type Amount = (customer: Customer) => number;

const has = (is: boolean) => (is ? 1 : 0);
const kinds: Amount = ({ phones }) => phones.filter(({ Kind }) => Kind !== undefined).length;

/** Counts customer by customer, without the rules. */
function plainCounts({ mandatoryName, shortestName, score, emails, phones, key }: Demands, all: readonly Customer[]) {
  const count = (name: string, isAsked: boolean, amount: Amount) => {
    const amounts = all.map(amount).filter((one) => isAsked && one > 0);
    return amounts.length === 0 ? [] : [[name, amounts.reduce((sum, one) => sum + one, 0), amounts.length]];
  };
  const agreeing: Amount = (one) => one.phones.length - new Set(one.phones.map((phone) => phone.Number)).size;
  const names = all.flatMap(({ name }) => name ?? []);
  const collisions = names.length - new Set(names).size;
  return {
    violations: [
      ...count('/Emails R24', emails === 'few', (one) => has(one.emails.length > 1)),
      ...count('/Name R9', mandatoryName, ({ name }) => has(name === undefined)),
      ...count('/Name R24', true, ({ name }) => has(name !== undefined && name.length < shortestName)),
      ...count('/Phone/Kind R9', phones === 'mandatory kind', (one) => one.phones.length - kinds(one)),
      ...count('/Score R24', score === 'small', (one) => has((one.score ?? 0) > 2)),
    ],
    residual: [
      ...count('/Emails', emails === 'one', (one) => (one.emails.length > 1 ? one.emails.length : 0)),
      ...count('/Phone/Kind', phones === 'without kind', kinds),
      ...count('/Score', score === 'removed' || score === 'text', (one) => has(one.score !== undefined)),
    ],
    records: count('/Phone', phones === 'removed', (one) => one.phones.length),
    agreeing: count('/Phone', phones === 'unique', agreeing),
    collisions: key && collisions > 0 ? [['byName', collisions]] : [],
  };
}

function countsOf({ violations, residual, records, agreeing, collisions }: SchemaReport) {
  const place = ({ pointer, count, profiles }: SchemaReport['residual'][number]) => [pointer, count, profiles];
  return {
    violations: violations
      .map(({ pointer, rule, count, profiles }) => [`${pointer} ${rule}`, count, profiles])
      .sort(([one], [other]) => ORDER.indexOf(String(one)) - ORDER.indexOf(String(other))),
    residual: residual.map(place),
    records: records.map(place),
    agreeing: agreeing.map(place),
    collisions: collisions.map(({ key, count }) => [key, count]),
  };
}

const ORDER = ['/Emails R24', '/Name R9', '/Name R24', '/Phone/Kind R9', '/Score R24'];

/** Tries the same on a storage. */
export function describeCounts(storage: TestStorage): void {
  describe(`a report of a schema change (on ${storage.name})`, () => {
    it('S1 counts what a plain count finds, and S2 checked refuses just that', async () => {
      const property = fc.asyncProperty(customers, demands, async (all, demanded) => {
        const { repository, close } = await storage.open();
        try {
          const { schemas, profiles } = createServices(repository);
          await schemas.define(TENANT, schemaOf(NOTHING));
          for (const [index, { name, score, emails, phones }] of all.entries()) {
            await profiles.create(TENANT, {
              customerId: `c${index}`,
              attributes: { Name: name ?? null, Score: score ?? null, Emails: emails },
              extensions: { Phone: phones },
            });
          }
          const proposed = schemaOf(demanded);
          const report = await schemas.tryOut(TENANT, proposed);
          const expected = plainCounts(demanded, all);
          expect(countsOf(report)).to.deep.equal(expected);
          expect(report.profiles).to.equal(all.length);
          const isRefused = Object.values(expected).some((found) => found.length > 0);
          expect(report.fits).to.equal(!isRefused);
          const outcome = schemas.define(TENANT, proposed, { checked: true }).then(
            () => false,
            () => true,
          );
          expect(await outcome).to.equal(isRefused);
        } finally {
          await close();
        }
      });
      await fc.assert(property, { numRuns: propertyRuns({ full: 300, quick: 20 }) });
    });
  });
}
