import { isCalendarDay } from './date.js';
import type { ValueCheck } from './value-check.js';

const DATETIME =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,3}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

const MS_PER_MINUTE = 60_000;
const SECONDS_END = 'YYYY-MM-DDTHH:mm:ss'.length;

/**
 * An RFC 3339 timestamp with upper-case `T` and `Z`, at most three fractional digits of a second, and no leap second.
 * Stored in UTC as `YYYY-MM-DDTHH:mm:ss.SSSZ`. Only the year in UTC must be 0001 to 9999: with an offset, the last
 * hours of the year 0000 may be the first ones of 0001.
 */
export const datetimeCheck: ValueCheck = {
  expected: 'an RFC 3339 timestamp such as 2024-02-29T13:30:00.000Z, in UTC within the years 0001 to 9999',
  accept: (value) => {
    const match = typeof value === 'string' ? DATETIME.exec(value) : null;
    return match ? toUtc(match) : undefined;
  },
};

function toUtc(match: RegExpExecArray): string | undefined {
  const [text, year = '', month, day, hours, minutes, seconds, fraction = '', sign, offsetHours, offsetMinutes] = match;
  if (!isCalendarDay(Number(year), Number(month), Number(day))) return undefined;
  const milliseconds = fraction.padEnd(3, '0');
  // The fast path: the timestamp is in UTC already.
  if (sign === undefined) return year === '0000' ? undefined : `${text.slice(0, SECONDS_END)}.${milliseconds}Z`;
  const instant = new Date(0);
  // Unlike Date.UTC, setUTCFullYear does not turn the years 1 to 99 into 1901 to 1999.
  instant.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  instant.setUTCHours(Number(hours), Number(minutes), Number(seconds), Number(milliseconds));
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  instant.setTime(instant.getTime() - offset * MS_PER_MINUTE);
  const utcYear = instant.getUTCFullYear();
  return utcYear >= 1 && utcYear <= 9999 ? instant.toISOString() : undefined;
}
