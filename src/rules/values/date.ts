import { isCalendarDay } from './calendar.js';
import type { ValueCheck } from './value-check.js';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** `YYYY-MM-DD`: an existing calendar day of the years 0001 to 9999. */
export const dateCheck: ValueCheck = {
  expected: 'a calendar day as YYYY-MM-DD, years 0001 to 9999',
  accept: (value) => {
    const match = typeof value === 'string' ? DATE.exec(value) : null;
    if (!match || match[1] === '0000') return undefined;
    return isCalendarDay(Number(match[1]), Number(match[2]), Number(match[3])) ? match[0] : undefined;
  },
};
