import { expect } from 'chai';
import { describe, it } from 'mocha';
import { observe } from '../../observed-repository.js';
import { BRUCE, createServices, SCHEMA, TENANT } from '../../service-harness.js';

describe('replacements where a feed is kept', () => {
  it('C1: are made in one step as well, and leave a line that tells what changed and where it came from', async () => {
    const { repository, calls } = observe();
    const { profiles, schemas } = createServices(repository, { changes: true });
    await schemas.define(TENANT, SCHEMA);
    const { customerId, attributes } = await profiles.create(TENANT, BRUCE);
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: 'Smash' } }, { origin: 'crm' });
    expect(calls).to.include('replace');
    const { items } = await profiles.changes(TENANT);
    expect(items.map(({ operation, origin, changed }) => [operation, origin, changed]).at(-1)).to.deep.equal([
      'replace',
      'crm',
      ['/LastName'],
    ]);
  });
});
