import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { TraceMessage } from 'dossier';

/**
 * Creates a span for each operation of Dossier, with a child span for each repository call.
 *
 * @returns a function that stops tracing
 */
export function traceDossier(tracer: Tracer): () => void {
  const active = new AsyncLocalStorage<Span>();
  const stops = [
    subscribe('dossier:operation', SpanKind.INTERNAL, tracer, active),
    subscribe('dossier:repository', SpanKind.CLIENT, tracer, active),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function subscribe(name: string, kind: SpanKind, tracer: Tracer, active: AsyncLocalStorage<Span>): () => void {
  const channel = tracingChannel<Span, TraceMessage>(name);
  const spans = new WeakMap<TraceMessage, Span>();

  function start(message: TraceMessage): Span {
    const parent = active.getStore();
    const within = parent ? trace.setSpan(context.active(), parent) : context.active();
    const span = tracer.startSpan(`dossier ${message.operation}`, { kind }, within);
    if (message.tenantId !== undefined) span.setAttribute('dossier.tenant', message.tenantId);
    spans.set(message, span);
    return span;
  }

  function end(data: unknown): void {
    const message = data as TraceMessage;
    const span = spans.get(message);
    span?.setAttributes({ 'dossier.outcome': message.outcome ?? '', 'dossier.attempts': message.attempts });
    span?.end();
  }

  function fail(data: unknown): void {
    spans.get(data as TraceMessage)?.setStatus({ code: SpanStatusCode.ERROR });
  }

  channel.start.bindStore(active, start);
  channel.error.subscribe(fail);
  channel.asyncEnd.subscribe(end);
  return () => {
    channel.start.unbindStore(active);
    channel.error.unsubscribe(fail);
    channel.asyncEnd.unsubscribe(end);
  };
}
