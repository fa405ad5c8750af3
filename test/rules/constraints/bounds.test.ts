import { expect } from 'chai';
import type { ScalarValue, ValueType } from 'dossier';
import fc from 'fast-check';
import { maximum, minimum } from '../../../src/rules/constraints/bounds.js';
import { valueCheck } from '../../../src/rules/values/index.js';
import { propertyRuns } from '../../property-runs.js';

/** Values of a type as they are sent, with what they amount to by an arithmetic of the test's own. */
interface Amounts {
  readonly type: ValueType;
  readonly sent: fc.Arbitrary<string | number>;
  readonly amount: (sent: string | number) => bigint | number;
}

const digits = (most: number) => fc.array(fc.constantFrom(...'0019'), { maxLength: most }).map((all) => all.join(''));

const decimal = fc
  .tuple(fc.boolean(), digits(6), digits(4))
  .map(([isNegative, whole, fraction]) => `${isNegative ? '-' : ''}${whole || '0'}${fraction && `.${fraction}`}`);

/** In units of a ten-thousandth. */
function scaled(sent: string | number): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(sent)) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(4, '0')}`);
}

const long = fc
  .oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.bigInt(2n ** 53n - 3n, 2n ** 53n + 3n), fc.bigInt(-5n, 5n))
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)));

const instant = fc
  .tuple(
    fc.constantFrom('2023-12-31', '2024-01-01'),
    fc.constantFrom('00', '01', '23'),
    fc.constantFrom('Z', '+01:00', '-23:59'),
  )
  .map(([day, hour, offset]) => `${day}T${hour}:00:00${offset}`);

const TABLE: readonly Amounts[] = [
  { type: 'currency', sent: decimal, amount: scaled },
  { type: 'long', sent: long, amount: BigInt },
  { type: 'integer', sent: fc.integer(), amount: Number },
  { type: 'double', sent: fc.double({ noNaN: true, noDefaultInfinity: true }), amount: Number },
  { type: 'datetime', sent: instant, amount: (sent) => Date.parse(String(sent)) },
];

describe('rules/constraints: bounds', () => {
  for (const { type, sent, amount } of TABLE) {
    it(`R24 ${type} is compared by value`, () => {
      const { accept } = valueCheck(type);
      fc.assert(
        fc.property(
          fc.oneof(
            fc.tuple(sent, sent),
            sent.map((one) => [one, one] as const),
          ),
          ([value, bound]) => {
            const [kept, keptBound] = [accept(value), accept(bound)] as ScalarValue[];
            if (kept === undefined || keptBound === undefined) throw new Error(`refused: ${value}, ${bound}`);
            expect(minimum(type, keptBound).allows(kept), `${value} ≥ ${bound}`).to.equal(
              amount(value) >= amount(bound),
            );
            expect(maximum(type, keptBound).allows(kept), `${value} ≤ ${bound}`).to.equal(
              amount(value) <= amount(bound),
            );
          },
        ),
        { numRuns: propertyRuns({ full: 10_000, quick: 1_000 }) },
      );
    });
  }
});
