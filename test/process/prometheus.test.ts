import { expect } from 'chai';
import { createDossier } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import { Histogram, Registry } from 'prom-client';
import { measureDossier } from '../../examples/prometheus/measure-dossier.js';

describe('The Prometheus recipe', () => {
  it('counts and measures operations by outcome, without tenants and customers', async () => {
    const registry = new Registry();
    const histogram = (name: string) =>
      new Histogram({ name, help: name, labelNames: ['operation', 'outcome'], registers: [registry] });
    const stops = [
      measureDossier('operations', histogram('dossier_operation_seconds')),
      measureDossier('repository', histogram('dossier_repository_seconds')),
    ];
    const dossier = createDossier({ repository: new InMemoryProfileRepository() });
    const { profiles, schemas } = dossier.tenant('acme');
    await schemas.define({ attributes: [{ name: 'FirstName', type: 'string' }] });
    await profiles.create({ customerId: 'bruce', attributes: { FirstName: 'Bruce' } });
    await profiles.get('bruce');
    await profiles.get('nobody').catch(() => undefined);
    for (const stop of stops) stop();
    await profiles.get('bruce');

    const text = await registry.metrics();
    expect(text).to.match(/^dossier_operation_seconds_count\{operation="profiles\.get",outcome="ok"\} 1$/m);
    expect(text).to.match(/^dossier_operation_seconds_count\{operation="profiles\.get",outcome="not_found"\} 1$/m);
    expect(text).to.match(/^dossier_repository_seconds_count\{operation="commit",outcome="committed"\} 1$/m);
    expect(text).not.to.match(/bruce|acme/i);
  });
});
