import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import { createDossier } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import { traceDossier } from '../../examples/opentelemetry/trace-dossier.js';

describe('The OpenTelemetry recipe', () => {
  it('creates a span for each operation, with child spans for repository calls', async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const stop = traceDossier(provider.getTracer('test'));
    const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() });
    await schemas.define('7', { attributes: [{ name: 'FirstName', type: 'string' }] });
    exporter.reset();
    const { customerId } = await profiles.create('7', { attributes: { FirstName: 'Bruce' } });
    await profiles.get('7', 'nobody').catch(() => undefined);
    stop();
    await profiles.get('7', customerId);

    const spans = exporter.getFinishedSpans();
    const creation = spans.find(({ name }) => name === 'dossier profiles.create');
    const commit = spans.find(({ name }) => name === 'dossier commit');
    expect(commit?.parentSpanContext?.spanId).to.equal(creation?.spanContext().spanId);
    expect(creation?.attributes).to.deep.equal({
      'dossier.tenant': '7',
      'dossier.outcome': 'ok',
      'dossier.attempts': 1,
    });
    expect(
      spans.filter(({ name }) => name === 'dossier profiles.get').map(({ attributes }) => attributes),
    ).to.deep.equal([{ 'dossier.tenant': '7', 'dossier.outcome': 'not_found', 'dossier.attempts': 0 }]);
    expect(JSON.stringify(spans.map(({ name, attributes }) => [name, attributes]))).not.to.include('Bruce');
  });
});
