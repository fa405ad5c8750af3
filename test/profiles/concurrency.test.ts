import { expect } from 'chai';
import { BRUCE, createServices, createServicesWithBruce, outcome, TENANT } from '../service-harness.js';

const { customerId } = BRUCE;
const fifty = Array.from({ length: 50 }, (_, index) => index);
const representation = (index: number) => ({
  attributes: { FirstName: `${index}` },
  extensions: { Phone: [{ Number: `${index}` }] },
});

/** The number of operations by outcome. */
function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of outcomes) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}

describe('ProfileService: concurrent changes', () => {
  it('R14 of fifty replacements that expect the same revision, exactly one succeeds', async () => {
    const { profiles, repository, state } = await createServicesWithBruce();
    const another = createServices(repository);
    const outcomes = await Promise.all(
      fifty.map((index) => {
        const services = index % 2 ? another : { profiles };
        return outcome(services.profiles.replace(TENANT, customerId, representation(index), { ifRevision: 1 }));
      }),
    );
    expect(tally(outcomes)).to.deep.equal({ ok: 1, revision_conflict: 49 });
    const winner = outcomes.indexOf('ok');
    const { revision, attributes, extensions } = await state();
    expect(revision).to.equal(2);
    expect([attributes.FirstName, extensions?.Phone]).to.deep.equal([`${winner}`, [{ Number: `${winner}` }]]);
  });

  it('R14 of fifty replacements based on the same read, exactly one succeeds', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const basedOn = await state();
    const outcomes = await Promise.all(
      fifty.map((index) => outcome(profiles.replace(TENANT, customerId, representation(index), { basedOn }))),
    );
    expect(tally(outcomes)).to.deep.equal({ ok: 1, revision_conflict: 49 });
    expect((await state()).revision).to.equal(2);
  });

  it('R13 fifty replacements without an expected revision all succeed, one revision each', async () => {
    const { profiles, repository, state } = await createServicesWithBruce();
    const another = createServices(repository);
    const answers = await Promise.all(
      fifty.map((index) =>
        (index % 2 ? another.profiles : profiles).replace(TENANT, customerId, representation(index)),
      ),
    );
    const revisions = answers.map(({ revision }) => revision).sort((one, other) => one - other);
    expect(revisions).to.deep.equal(fifty.map((index) => index + 2));
    const last = answers.find(({ revision }) => revision === 51);
    const { attributes, extensions, revision } = await state();
    expect(revision).to.equal(51);
    expect([attributes, extensions?.Phone]).to.deep.equal([last?.attributes, last?.extensions?.Phone]);
  });

  it('R13 R14 fifty equal replacements make one revision', async () => {
    const { profiles, state } = await createServicesWithBruce();
    await Promise.all(fifty.map(() => profiles.replace(TENANT, customerId, representation(0))));
    expect((await state()).revision).to.equal(2);
  });

  it('R12 R14 of fifty creations of the same customer id, exactly one succeeds', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const outcomes = await Promise.all(
      fifty.map((index) => outcome(profiles.create(TENANT, { customerId: 'clark', ...representation(index) }))),
    );
    expect(tally(outcomes)).to.deep.equal({ ok: 1, already_exists: 49 });
    expect((await state('clark')).attributes.FirstName).to.equal(`${outcomes.indexOf('ok')}`);
  });

  it('R12 R14 of deletions and replacements that expect the same revision, exactly one succeeds', async () => {
    const { profiles } = await createServicesWithBruce();
    const outcomes = await Promise.all(
      fifty.map((index) =>
        outcome(
          index % 2
            ? profiles.delete(TENANT, customerId, { ifRevision: 1 })
            : profiles.replace(TENANT, customerId, representation(index), { ifRevision: 1 }),
        ),
      ),
    );
    expect(outcomes.filter((one) => one === 'ok')).to.have.length(1);
    expect(outcomes.every((one) => ['ok', 'revision_conflict', 'not_found'].includes(one))).to.equal(true);
  });
});
