import { expect } from 'chai';
import { createDossier, InvalidOptionsError } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import { BRUCE, createServices, createServicesWithBruce, outcome, TENANT } from '../../service-harness.js';

const { customerId } = BRUCE;

/** A repository that keeps no history: it has the methods of the port that each has, and no others. */
function withoutHistory(): ProfileRepository {
  const store = new InMemoryProfileRepository();
  const methods = ['load', 'commit', 'find', 'page', 'loadSchema', 'commitSchema', 'dropEntries', 'ping'] as const;
  return Object.fromEntries(methods.map((name) => [name, store[name].bind(store)])) as unknown as ProfileRepository;
}

describe('option history', () => {
  for (const history of ['all', {}, { revisions: 1 }, { days: 1 }] as const) {
    it(`not_supported: ${JSON.stringify(history)} is refused over a repository that keeps none`, () => {
      expect(() => createDossier({ repository: withoutHistory(), history }))
        .to.throw()
        .with.property('code', 'not_supported');
    });
  }

  for (const [what, repository, history] of [
    ['is none by default over a repository that keeps none', withoutHistory, undefined],
    ['can be none over one that keeps none', withoutHistory, 'none'],
    ['can be none over one that can keep it', () => new InMemoryProfileRepository(), 'none'],
  ] as const) {
    it(`not_supported: ${what}; profiles work, and no history is answered`, async () => {
      const { profiles } = await createServicesWithBruce(repository(), { history });
      await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'B' } }, { actor: 'ann' });
      for (const call of [
        profiles.history(TENANT, customerId),
        profiles.history(TENANT, 'nobody'),
        profiles.at(TENANT, customerId, 1),
        profiles.restore(TENANT, customerId, 1),
        profiles.restore(TENANT, 'nobody', 1),
        profiles.prune(TENANT),
      ]) {
        expect(await outcome(call)).to.equal('not_supported');
      }
      await profiles.delete(TENANT, customerId);
      expect((await profiles.create(TENANT, BRUCE)).revision).to.equal(1);
    });
  }

  it('none leaves what was kept before: it is answered again with history, and revisions go on', async () => {
    const { profiles, repository } = await createServicesWithBruce();
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'B' } });
    const without = createServices(repository, { history: 'none' }).profiles;
    await without.delete(TENANT, customerId);
    expect((await without.create(TENANT, BRUCE)).revision).to.equal(4);
    const revisions = (await profiles.history(TENANT, customerId)).items.map(({ revision }) => revision);
    expect(revisions[0]).to.equal(4);
    expect(revisions.at(-1)).to.equal(1);
    expect((await profiles.at(TENANT, customerId, 1)).attributes.FirstName).to.equal('Bruce');
  });

  for (const history of [
    'some',
    true,
    null,
    [],
    { revisions: 0 },
    { revisions: 1_000_001 },
    { revisions: 1.5 },
    { revisions: '5' },
    { days: 0 },
    { days: 36_501 },
    { day: 1 },
  ]) {
    it(`invalid_options: refuses ${JSON.stringify(history)}, by the name of the option`, () => {
      try {
        createDossier({ repository: new InMemoryProfileRepository(), history: history as never });
      } catch (error) {
        expect(error).to.be.instanceOf(InvalidOptionsError);
        expect((error as InvalidOptionsError).violations.map(({ pointer }) => pointer)).to.deep.equal(['/history']);
        return;
      }
      expect.fail('accepted');
    });
  }
});
