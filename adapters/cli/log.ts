import type { RequestLogEntry } from 'dossier/http';
import type { RefusalLogEntry } from './refusal.js';
import { outputFailure, unwatchOutput } from './standard-output.js';

/** Logs a request as one line of JSON on the standard output, without personal data. */
export function logRequest({ tenantId, ...entry }: RequestLogEntry): void {
  write(process.stdout, {
    level: 'info',
    ...entry,
    tenant: tenantId,
    durationMs: Math.round(entry.durationMs * 1000) / 1000,
  });
}

/** Logs a request that did not reach the API, in the form of {@link logRequest}. */
export function logRefusal(entry: RefusalLogEntry): void {
  write(process.stdout, { level: 'info', ...entry });
}

/**
 * Logs the error behind a failed request as one line of JSON on the standard error: its class, the driver's code and stack frames alone,
 * since a driver's message may quote personal data.
 */
export function logError(error: unknown, requestId: string): void {
  const { name, stack = '' } = error instanceof Error ? error : new Error('not an error');
  const frames = stack.split('\n').filter((line) => /^ {4}at .+:\d+:\d+\)?$/.test(line));
  write(process.stderr, {
    level: 'error',
    requestId,
    error: name,
    driverCode: driverCodeOf(error),
    at: frames.map((frame) => frame.trim()),
  });
}

/** A code of the driver, such as `SQLITE_FULL`, holds no personal data. */
function driverCodeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'driverCode' in error ? error.driverCode : undefined;
  return typeof code === 'string' && /^[A-Za-z0-9_]{1,64}$/.test(code) ? code : undefined;
}

/** Has the server go on if its log cannot be written, as on a full disk. */
export function goOnWithoutLog(): void {
  unwatchOutput();
  process.stdout.once('error', (error) => console.error(`${outputFailure(error)} The server goes on without its log.`));
  process.stderr.on('error', () => undefined);
}

function write(stream: NodeJS.WriteStream, entry: Readonly<Record<string, unknown>>): void {
  // A stream that has failed would keep all lines in memory.
  if (!stream.writable) return;
  stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
}
