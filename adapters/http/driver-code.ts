/** Error codes of drivers and systems, such as `42P05`, `SQLITE_FULL` or `ECONNREFUSED`: short, and without personal data. */
const DRIVER_CODE = /^[A-Za-z0-9_]{1,64}$/;

/** The `driverCode` of an error that a repository raised; `undefined` if it has none. */
export function driverCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('driverCode' in error)) return undefined;
  const code = String(error.driverCode);
  return DRIVER_CODE.test(code) ? code : undefined;
}
