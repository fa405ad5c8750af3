import { expect } from 'chai';
import { CloudEvent } from 'cloudevents';
import { createDossier } from 'dossier';
import { createProfileApi } from 'dossier/http';
import { InMemoryProfileRepository } from 'dossier/memory';

const SCHEMA = {
  attributes: [{ name: 'Name', type: 'string' }],
  extensions: [
    { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }], unique: ['Number'] },
  ],
} as const;

describe('events by the SDK of CloudEvents', () => {
  it('C3: each event of the feed is valid', async () => {
    const dossier = createDossier({ repository: new InMemoryProfileRepository(), changes: true });
    const { profiles, schemas } = dossier.tenant('1');
    await dossier.schemas.define('1', SCHEMA);
    const by = { actor: 'Zoë \u{1f600}', reason: 'because', origin: 'crm' };
    await profiles.create({ customerId: 'a', attributes: { Name: 'A' } }, by);
    await profiles.create({ customerId: 'b', attributes: {} });
    await profiles.replace('a', { attributes: { Name: 'B' } }, by);
    await profiles.patch('a', { attributes: { Name: 'C' } }, { segment: 'gold' });
    await profiles.insertRecords('a', { Phone: [{ Number: '1' }, { Number: '2' }] });
    await profiles.deleteRecord('a', 'Phone', { Number: '1' });
    await profiles.merge('a', 'b');
    await profiles.unmerge('a', 'b');
    await profiles.restore('a', 1);
    await profiles.delete('b');
    await profiles.import([{ line: 1, customerId: 'c', members: { Phone: { Number: '3' } } }]);
    await schemas.removeExtension('Phone', { force: true });

    const response = await createProfileApi(dossier).request('/changes', { headers: { 'x-genesys-tenantid': '1' } });
    const { changes } = (await response.json()) as { changes: ConstructorParameters<typeof CloudEvent>[0][] };
    const events = changes.map((change) => new CloudEvent(change, true));
    for (const event of events) expect(event.validate()).to.equal(true);
    expect(events.map(({ type }) => type.replace('dossier.profile.', ''))).to.include.members([
      ...['created', 'replaced', 'patched', 'records_inserted', 'record_deleted', 'merged', 'merged_away'],
      ...['unmerged', 'restored', 'deleted', 'imported', 'schema_changed'],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).to.equal(events.length);
    // What goes through the SDK comes out the same.
    expect(JSON.parse(JSON.stringify(events))).to.deep.equal(changes);
  });
});
