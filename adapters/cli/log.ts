import { driverCodeOf } from 'dossier';
import type { RequestLogEntry } from 'dossier/http';

/** Logs an answered request: one line of JSON, without personal data. */
export function logRequest({ tenantId, ...entry }: RequestLogEntry): void {
  write(process.stdout, {
    level: 'info',
    ...entry,
    tenant: tenantId,
    durationMs: Math.round(entry.durationMs * 1000) / 1000,
  });
}

/**
 * Logs the error behind a failed request. A driver's message may quote values, so of the error it tells only the class,
 * the driver's code and where it was thrown.
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

function write(stream: NodeJS.WriteStream, entry: Readonly<Record<string, unknown>>): void {
  stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
}
