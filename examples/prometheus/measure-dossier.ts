import { tracingChannel } from 'node:diagnostics_channel';
import type { TraceMessage } from 'dossier';

/** The part of a histogram of `prom-client` that is used here. */
export interface DurationHistogram {
  observe(labels: Readonly<Record<'operation' | 'outcome', string>>, seconds: number): void;
}

/** The channels, by the level that they measure. */
const CHANNELS = {
  operations: 'dossier:operation',
  repository: 'dossier:repository',
} as const;

/**
 * Measures the duration of every operation of Dossier, or of every repository call, by its outcome. The labels hold no
 * tenant and no customer: their number is bounded.
 *
 * ```ts
 * const histogram = new Histogram({
 *   name: 'dossier_operation_seconds',
 *   help: 'Duration of the operations of Dossier',
 *   labelNames: ['operation', 'outcome'],
 * });
 * measureDossier('operations', histogram);
 * ```
 *
 * @returns a function that stops measuring
 */
export function measureDossier(level: keyof typeof CHANNELS, histogram: DurationHistogram): () => void {
  const channel = tracingChannel<unknown, TraceMessage>(CHANNELS[level]);
  const started = new WeakMap<object, number>();

  const start = (message: unknown) => {
    started.set(message as TraceMessage, performance.now());
  };
  const end = (data: unknown) => {
    const message = data as TraceMessage;
    const seconds = (performance.now() - (started.get(message) ?? performance.now())) / 1000;
    histogram.observe({ operation: message.operation, outcome: message.outcome ?? 'unknown' }, seconds);
  };
  channel.start.subscribe(start);
  channel.asyncEnd.subscribe(end);
  return () => {
    channel.start.unsubscribe(start);
    channel.asyncEnd.unsubscribe(end);
  };
}
