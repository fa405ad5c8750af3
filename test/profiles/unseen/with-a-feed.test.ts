import { expect } from 'chai';
import { describe, it } from 'mocha';
import { observe } from '../../observed-repository.js';
import { BRUCE, createServices, SCHEMA, TENANT } from '../../service-harness.js';

describe('replacements where a feed is kept', () => {
  it('C1: are made by what is stored, which tells what changed, and leave a line', async () => {
    const { repository, calls } = observe();
    const { profiles, schemas } = createServices(repository, { changes: true });
    await schemas.define(TENANT, SCHEMA);
    const { customerId, attributes } = await profiles.create(TENANT, BRUCE);
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: 'Smash' } });
    expect(calls).not.to.include('replace');
    const { items } = await profiles.changes(TENANT);
    expect(items.map(({ operation, changed }) => [operation, changed]).at(-1)).to.deep.equal([
      'replace',
      ['/LastName'],
    ]);
    const without = createServices(repository).profiles;
    await without.get(TENANT, customerId);
    await without.replace(TENANT, customerId, { attributes });
    expect(calls).to.include('replace');
  });
});
