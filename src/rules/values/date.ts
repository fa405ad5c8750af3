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

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Whether a day exists in the proleptic Gregorian calendar, which has a year 0. */
export function isCalendarDay(year: number, month: number, day: number): boolean {
  const days = DAYS_IN_MONTH[month - 1];
  if (days === undefined || day < 1) return false;
  return day <= (month === 2 && isLeapYear(year) ? 29 : days);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
