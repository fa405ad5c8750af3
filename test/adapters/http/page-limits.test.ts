import { expect } from 'chai';
import { createDossier } from 'dossier';
import { createProfileApi, type Services } from 'dossier/http';
import { InMemoryProfileRepository } from 'dossier/memory';
import { type Answer, createApiHarness, senderTo } from './api-harness.js';

describe('W6: page limits', () => {
  it('bounds a page by bytes: every profile comes once, also one larger than a page', async () => {
    const limited = createApiHarness({ maxPageBytes: 10_000 });
    await limited.schemas.define('1', {
      attributes: [
        { name: 'Group', type: 'string' },
        { name: 'Note', type: 'string', length: 65_535 },
      ],
      identificationKeys: [{ name: 'byGroup', attributes: ['Group'] }],
    });
    const sizes = Array.from({ length: 60 }, (_, index) => (index === 20 ? 40_000 : index % 2 ? 10 : 3_000));
    for (const [index, size] of sizes.entries()) {
      const attributes = { Group: 'a', Note: 'x'.repeat(size) };
      await limited.profiles.create('1', { customerId: `p${String(index).padStart(2, '0')}`, attributes });
    }
    // For ids alone no document is read, so that their sizes do not count.
    const mostOnPage = { yes: 10, no: sizes.length };
    for (const [include, most] of Object.entries(mostOnPage)) {
      const ids: string[] = [];
      let pages = 0;
      let path: string | undefined = `/profiles?Group=a&include_profile=${include}`;
      while (path !== undefined) {
        const answer: Answer = await limited.send('GET', path);
        if (answer.body.length > 1) expect(answer.text.length).to.be.at.most(11_000);
        expect(answer.body.length).to.be.at.least(1).and.at.most(most);
        pages += 1;
        ids.push(...answer.body.map(({ customer_id }: { customer_id: string }) => customer_id));
        path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
      }
      expect(pages === 1, include).to.equal(include === 'no');
      expect(ids, include).to.deep.equal(sizes.map((_, index) => `p${String(index).padStart(2, '0')}`));
    }
  });

  it('reads no more profiles than a page may hold', async () => {
    const asked: number[] = [];
    const large = (index: number) => ({
      tenantId: '1',
      customerId: `p${index}`,
      revision: 1,
      reading: '',
      attributes: { Note: 'x'.repeat(1_000_000) },
      createdAt: '',
      updatedAt: '',
    });
    const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() });
    const identify: Services['profiles']['identify'] = async (_, { limit = 0 }) => {
      asked.push(limit);
      return { items: Array.from({ length: limit }, (_, index) => large(asked.length * 100 + index)), next: 'p' };
    };
    const counting = Object.assign(Object.create(profiles) as typeof profiles, { identify });
    const api = createProfileApi({ profiles: counting, schemas }, { defaultTenant: '1' });
    const { status } = await senderTo(api)('GET', '/profiles?Name=x&include_profile=yes');
    expect([status, asked]).to.deep.equal([200, [10]]);
  });
});
