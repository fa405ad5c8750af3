import { expect } from 'chai';
import type { IdentifyOptions, Page, Profile } from 'dossier';
import { CUSTOMERS } from './customers.js';
import type { Stage, Suite } from './stage.js';

const IDS = Array.from({ length: 250 }, (_, index) => `id-${String(index).padStart(3, '0')}`);
const values = { Email: 'info@example.com' };

async function store({ profiles, tenant }: Stage): Promise<void> {
  const inputs = IDS.map((customerId, index) => ({
    customerId,
    attributes: { Email: 'info@example.com', FirstName: index % 3 ? 'some' : 'third' },
    extensions: { Phone: { Number: `${index}`, Kind: index === 249 ? 'last' : 'any' } },
  }));
  await profiles.createMany(tenant, inputs.toReversed());
}

/** All pages in order. */
async function pages({ profiles, tenant }: Stage, options: IdentifyOptions): Promise<Page<Profile>[]> {
  const all: Page<Profile>[] = [];
  let after: string | undefined;
  do {
    const page = await profiles.identify(tenant, { ...options, after });
    all.push(page);
    after = page.next;
  } while (after !== undefined);
  return all;
}

const idsOf = (all: readonly Page<Profile>[]) => all.flatMap(({ items }) => items.map(({ customerId }) => customerId));
const sizesOf = (all: readonly Page<Profile>[]) => all.map(({ items }) => items.length);

export const paging: Suite = (begin) => {
  describe('paging', () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await begin(CUSTOMERS);
      await store(stage);
    });

    it('W6 a page has at most 100 profiles, sorted by id, and following next loses and repeats none', async () => {
      const all = await pages(stage, { values });
      expect(sizesOf(all)).to.deep.equal([100, 100, 50]);
      expect(idsOf(all)).to.deep.equal(IDS);
      expect(all.map(({ next }) => next)).to.deep.equal(['id-099', 'id-199', undefined]);
    });

    it('W6 limit reduces the page, and the last page is never empty', async () => {
      for (const [limit, sizes] of [
        [50, [50, 50, 50, 50, 50]],
        [99, [99, 99, 52]],
        [1, Array(250).fill(1)],
      ] as const) {
        const all = await pages(stage, { values, limit });
        expect(sizesOf(all)).to.deep.equal(sizes);
        expect(idsOf(all)).to.deep.equal(IDS);
      }
    });

    it('W6 criteria beyond the key shorten no page, and omit no profile', async () => {
      const thirds = IDS.filter((_, index) => index % 3 === 0);
      for (const [limit, sizes] of [
        [100, [84]],
        [84, [84]],
        [83, [83, 1]],
        [40, [40, 40, 4]],
      ] as const) {
        const all = await pages(stage, { values: { ...values, FirstName: 'third' }, limit });
        expect(sizesOf(all)).to.deep.equal(sizes);
        expect(idsOf(all)).to.deep.equal(thirds);
      }
      expect(idsOf(await pages(stage, { values: { ...values, 'Phone.Kind': 'last' } }))).to.deep.equal(['id-249']);
      expect(await pages(stage, { values: { ...values, FirstName: 'none' } })).to.deep.equal([{ items: [] }]);
    });

    it('W6 includeExtensions unique counts all matches, not those of one page', async () => {
      const wanted = { extensions: 'all', includeExtensions: 'unique' } as const;
      const extensionsIn = (all: readonly Page<Profile>[]) =>
        all.flatMap(({ items }) => items.flatMap(({ extensions }) => (extensions ? [extensions] : [])));
      expect(extensionsIn(await pages(stage, { values, ...wanted }))).to.deep.equal([]);
      expect(extensionsIn(await pages(stage, { values, ...wanted, limit: 1 }))).to.deep.equal([]);
      const last = { ...values, 'Phone.Kind': 'last' };
      const Phone = [{ Number: '249', Kind: 'last' }];
      expect(extensionsIn(await pages(stage, { values: last, ...wanted, limit: 1 }))).to.deep.equal([{ Phone }]);
      expect(extensionsIn(await pages(stage, { values, extensions: ['Phone'] }))).to.have.lengthOf(250);
    });

    it('W6 a page starts after any id, even one without a profile', async () => {
      expect((await stage.find(values, { after: 'id-2' }))[0]).to.equal('id-200');
      expect(await stage.find(values, { after: 'id-248x' })).to.deep.equal(['id-249']);
      expect(await stage.find(values, { after: 'id-249' })).to.deep.equal([]);
      expect((await stage.find(values, { after: 'A' }))[0]).to.equal('id-000');
    });

    it('W6 during concurrent writes, a profile that matches throughout is returned exactly once', async () => {
      const { profiles, tenant } = stage;
      const { items, next } = await profiles.identify(tenant, { values });
      await profiles.delete(tenant, 'id-099');
      await profiles.create(tenant, { customerId: 'id-0990', attributes: { Email: 'INFO@example.com' } });
      await profiles.replace(tenant, 'id-150', { attributes: {} });
      const rest = await stage.find(values, { after: next, limit: 100 });
      expect(items).to.have.lengthOf(100);
      expect(rest.slice(0, 2)).to.deep.equal(['id-0990', 'id-100']);
      expect(rest).not.to.include('id-150');
    });
  });
};
