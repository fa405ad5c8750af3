import { isCalendarDay } from './calendar.js';
import type { ValueCheck } from './value-check.js';

const DATETIME =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,3}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

const MS_PER_MINUTE = 60_000;
const SECONDS_END = 'YYYY-MM-DDTHH:mm:ss'.length;

/**
 * RFC 3339 with `T` and `Z` in upper case, at most three decimals of a second and no leap second; kept in UTC as
 * `YYYY-MM-DDTHH:mm:ss.SSSZ`, where the year must be 0001 to 9999. Only there: the last hours of the year 0000 may be
 * the first ones of 0001 in UTC.
 */
export const datetimeCheck: ValueCheck = {
  expected: 'an RFC 3339 instant such as 2024-02-29T13:30:00.000Z, in UTC within the years 0001 to 9999',
  accept: (value) => {
    const match = typeof value === 'string' ? DATETIME.exec(value) : null;
    return match ? toUtc(match) : undefined;
  },
};

function toUtc(match: RegExpExecArray): string | undefined {
  const [text, year = '', month, day, hours, minutes, seconds, fraction = '', sign, offsetHours, offsetMinutes] = match;
  if (!isCalendarDay(Number(year), Number(month), Number(day))) return undefined;
  const milliseconds = fraction.padEnd(3, '0');
  // Most instants are in UTC already.
  if (sign === undefined) return year === '0000' ? undefined : `${text.slice(0, SECONDS_END)}.${milliseconds}Z`;
  const instant = new Date(0);
  // Unlike Date.UTC, setUTCFullYear takes the years 1 to 99 for what they are.
  instant.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  instant.setUTCHours(Number(hours), Number(minutes), Number(seconds), Number(milliseconds));
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  instant.setTime(instant.getTime() - offset * MS_PER_MINUTE);
  const utcYear = instant.getUTCFullYear();
  return utcYear >= 1 && utcYear <= 9999 ? instant.toISOString() : undefined;
}
