import { expect } from 'chai';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { IndexEntry, PageRequest } from 'dossier/storage';
import { createServicesWithBruce, outcome, TENANT } from '../service-harness.js';

const COUNT = 25;

/** Answers at most two profiles for a page, as a store does whose answers are bounded by their size. */
class ShortPagesRepository extends InMemoryProfileRepository {
  override page(tenantId: string, page: PageRequest) {
    return super.page(tenantId, { ...page, limit: Math.min(2, page.limit) });
  }

  override find(tenantId: string, entry: IndexEntry, page: PageRequest & { readonly extensions: boolean }) {
    return super.find(tenantId, entry, { ...page, limit: Math.min(2, page.limit) });
  }
}

async function servicesWithMany() {
  const services = await createServicesWithBruce(new ShortPagesRepository());
  const { profiles } = services;
  const customers = Array.from({ length: COUNT }, (_, number) => ({
    customerId: `clark-${String(number).padStart(2, '0')}`,
    attributes: { FirstName: 'Clark', LastName: number === COUNT - 1 ? 'Last' : 'Kent' },
    ...(number === COUNT - 1 && { extensions: { Phone: [{ Number: '9' }] } }),
  }));
  await profiles.createMany(TENANT, customers);
  return { ...services, ids: customers.map(({ customerId }) => customerId) };
}

describe('services: a short page is not taken for the last one', () => {
  it('R20 a walk answers all profiles', async () => {
    const { profiles, ids } = await servicesWithMany();
    const walked: string[] = [];
    for await (const { customerId } of profiles.all(TENANT)) walked.push(customerId);
    expect(walked).to.deep.equal(['bruce', ...ids]);
  });

  it('R21 a new key is backfilled from all profiles, and finds them page by page', async () => {
    const { profiles, schemas, ids } = await servicesWithMany();
    await schemas.addKey(TENANT, { name: 'byName', attributes: ['FirstName'] });
    const found: string[] = [];
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const { items, next } = await profiles.identify(TENANT, { values: { FirstName: 'Clark' }, limit: 10, after });
      found.push(...items.map(({ customerId }) => customerId));
      after = next;
    }
    expect(found).to.deep.equal(ids);
    const beyondKey = await profiles.identify(TENANT, {
      key: 'byName',
      values: { FirstName: 'Clark', LastName: 'Last' },
    });
    expect(beyondKey.items.map(({ customerId }) => customerId)).to.deep.equal(ids.slice(-1));
  });

  it('W8 records in the last profile keep an extension from being removed', async () => {
    const { profiles, schemas } = await servicesWithMany();
    await profiles.delete(TENANT, 'bruce');
    expect(await outcome(schemas.removeExtension(TENANT, 'Phone'))).to.equal('schema_in_use');
  });
});
