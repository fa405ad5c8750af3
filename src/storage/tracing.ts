import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { isDossierError } from '../errors.js';

/**
 * The message of a trace event: about an operation of a service on the channels `tracing:dossier:operation:*`, or about
 * a call of its repository on `tracing:dossier:repository:*` (`node:diagnostics_channel`). Each publishes `start` and
 * `asyncEnd`, and, if it fails, `error` before `asyncEnd`. It contains no values and no customer ids.
 */
export interface TraceMessage {
  /** The method, such as `profiles.replace` of a service, or `commit` of the repository. */
  readonly operation: string;
  /** `undefined` for operations without a tenant, such as `ping`. */
  readonly tenantId: string | undefined;
  /** The number of attempts of a change: above 1 if it met concurrent changes. 0 for calls that never retry. */
  attempts: number;
  /** `ok`, the outcome of a commit, or the error code. `undefined` on `start`. */
  outcome: string | undefined;
  /** In milliseconds. `undefined` on `start`. */
  durationMs: number | undefined;
}

const operations = tracingChannel<TraceMessage, TraceMessage>('dossier:operation');
const calls = tracingChannel<TraceMessage, TraceMessage>('dossier:repository');
const current = new AsyncLocalStorage<TraceMessage>();

/** Runs an operation of a service, and publishes trace events if there are subscribers. */
export function traceOperation<Result>(
  operation: string,
  tenantId: string | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  return operations.hasSubscribers ? trace(operations, operation, tenantId, run) : run();
}

/** Runs a call of the repository, and publishes trace events if there are subscribers. */
export function traceCall<Result>(
  operation: string,
  tenantId: string | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  return calls.hasSubscribers ? trace(calls, operation, tenantId, run) : run();
}

/** Counts another attempt of the current operation. */
export function countAttempt(): void {
  const message = current.getStore();
  if (message) message.attempts += 1;
}

async function trace<Result>(
  channel: typeof operations,
  operation: string,
  tenantId: string | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  const message: TraceMessage = { operation, tenantId, attempts: 0, outcome: undefined, durationMs: undefined };
  const started = performance.now();
  return channel.start.runStores(message, () => current.run(message, settle));

  async function settle(): Promise<Result> {
    try {
      const result = await run();
      message.outcome = outcomeOf(result);
      return result;
    } catch (error) {
      message.outcome = isDossierError(error) ? error.code : 'internal_error';
      message.durationMs = performance.now() - started;
      channel.error.publish(message);
      throw error;
    } finally {
      message.durationMs = performance.now() - started;
      channel.asyncEnd.publish(message);
    }
  }
}

/** The results of commits have an outcome; all other calls that return are `ok`. */
function outcomeOf(result: unknown): string {
  const { outcome } = (result ?? {}) as { readonly outcome?: unknown };
  return typeof outcome === 'string' ? outcome : 'ok';
}
