import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { isDossierError } from '../errors.js';

/**
 * What is told of an operation of a service, or of a call of its repository: on the channels
 * `tracing:dossier:operation:*` and `tracing:dossier:repository:*` of `node:diagnostics_channel`, as `start`, `asyncEnd`
 * and, where it fails, `error` before that. No value and no id of a customer is in it.
 */
export interface TraceMessage {
  /** Such as `profiles.replace`, or `commit`. */
  readonly operation: string;
  /** Absent where it concerns no tenant. */
  readonly tenantId: string | undefined;
  /** How often a change was decided: more than once where others were in the way. 0 for what changes nothing. */
  attempts: number;
  /** `ok`, the outcome of a commit, or the code of the error. Known at the end. */
  outcome: string | undefined;
  /** Where the storage failed: the driver's code, such as `53300` or `ECONNREFUSED`. Known at the end. */
  driverCode: string | undefined;
  /** In milliseconds. Known at the end. */
  durationMs: number | undefined;
}

const operations = tracingChannel<TraceMessage, TraceMessage>('dossier:operation');
const calls = tracingChannel<TraceMessage, TraceMessage>('dossier:repository');
const current = new AsyncLocalStorage<TraceMessage>();

/** Runs an operation of a service, and tells about it if anybody listens. */
export function traceOperation<Result>(
  operation: string,
  tenantId: string | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  return operations.hasSubscribers ? trace(operations, operation, tenantId, run) : run();
}

/** Runs a call of the repository, likewise. */
export function traceCall<Result>(
  operation: string,
  tenantId: string | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  return calls.hasSubscribers ? trace(calls, operation, tenantId, run) : run();
}

/** Counts one more attempt of the operation that is going on. */
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
  const message: TraceMessage = {
    operation,
    tenantId,
    attempts: 0,
    outcome: undefined,
    driverCode: undefined,
    durationMs: undefined,
  };
  const started = performance.now();
  return channel.start.runStores(message, () => current.run(message, settle));

  async function settle(): Promise<Result> {
    try {
      const result = await run();
      message.outcome = outcomeOf(result);
      return result;
    } catch (error) {
      message.outcome = isDossierError(error) ? error.code : 'internal_error';
      message.driverCode = driverCodeOf(error);
      message.durationMs = performance.now() - started;
      channel.error.publish(message);
      throw error;
    } finally {
      message.durationMs = performance.now() - started;
      channel.asyncEnd.publish(message);
    }
  }
}

/** The driver's code on an error of the storage, unless it is no plain word. */
function driverCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('driverCode' in error)) return undefined;
  const { driverCode } = error;
  return typeof driverCode === 'string' && /^\w{1,60}$/.test(driverCode) ? driverCode : undefined;
}

/** Commits answer what became of them. */
function outcomeOf(result: unknown): string {
  const { outcome } = (result ?? {}) as { readonly outcome?: unknown };
  return typeof outcome === 'string' ? outcome : 'ok';
}
