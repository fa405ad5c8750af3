import type { AttributeDefinition } from 'dossier';
import type { JsonSchema } from './json-schema.js';

export interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** At most 19 digits: one pattern per number of fractional digits. Trailing zeros do not count. */
const DIGITS = [
  '[0-9]{1,19}(\\.0+)?',
  '[0-9]{1,18}\\.[0-9]0*',
  '[0-9]{1,17}\\.[0-9]{2}0*',
  '[0-9]{1,16}\\.[0-9]{3}0*',
  '[0-9]{1,15}\\.[0-9]{4}0*',
];

const ANY = `^-?0*(${DIGITS.join('|')})$`;

/** A string or a number. Of strings, JSON Schema has no bounds; which of them equal a choice is a pattern. */
export function currencyJsonSchema({ oneOf, minimum, maximum }: AttributeDefinition): JsonSchema {
  const bounds: Bounds = {
    ...(minimum !== undefined && { minimum: Number(minimum) }),
    ...(maximum !== undefined && { maximum: Number(maximum) }),
  };
  return {
    anyOf: [
      { type: 'string', pattern: oneOf ? `^(?:${oneOf.map(equalDecimals).join('|')})$` : ANY },
      {
        type: 'number',
        ...bounds,
        ...(oneOf && { enum: [...new Set(oneOf.map(Number))] }),
        description: 'At most 15 significant digits, at most 4 of them fractional.',
      },
    ],
  };
}

const DECIMAL = /^(-?)0*([0-9]*?)(?:\.([0-9]*?)0*)?$/;

/** A pattern of all decimal strings that equal a decimal, which may be a number of a few digits. */
function equalDecimals(decimal: string | number): string {
  const [, sign = '', units = '', fraction = ''] = DECIMAL.exec(String(decimal)) ?? [];
  if (units === '' && fraction === '') return '-?0+(\\.0+)?';
  return `${sign}0*${units || '0'}${fraction ? `\\.${fraction}0*` : '(\\.0+)?'}`;
}
