import { expect } from 'chai';
import type { InvalidProfileError, ServiceOptions } from 'dossier';
import { createServices, outcome, refusal, TENANT } from '../service-harness.js';

const text = { type: 'string', length: 65_535 } as const;

async function create(options: ServiceOptions) {
  const services = createServices(undefined, options);
  await services.schemas.define(TENANT, {
    attributes: [
      { ...text, name: 'First', multiValued: true },
      { ...text, name: 'Last' },
      { ...text, name: 'Note' },
    ],
    extensions: [
      {
        name: 'Phone',
        type: 'multi-valued',
        attributes: ['Kind', 'Number'].map((name) => ({ ...text, name })),
        unique: ['Kind'],
      },
    ],
    identificationKeys: [
      { name: 'byName', attributes: ['First', 'Last'], unique: true },
      { name: 'byNumber', source: 'Phone', attributes: ['Number'] },
    ],
  });
  return services;
}

/** Of so many combinations with a last name of 500 characters. */
const named = (combinations: number) => ({
  First: Array.from({ length: combinations }, (_, index) => `${index}`),
  Last: 'x'.repeat(500),
});

describe('ProfileService: maxKeyCharacters', () => {
  const LIMIT = { maxKeyCharacters: 1_024 };

  it('R18 a violation names the key and the option, whatever makes the combinations', async () => {
    const { profiles } = await create(LIMIT);
    const phone = (Kind: string) => ({ Kind, Number: Kind.repeat(500) });
    const extensions = { Phone: [phone('a'), phone('b')] };
    for (const customerId of ['x', 'y']) {
      const attributes = customerId === 'x' ? named(2) : { First: ['z'] };
      expect(await outcome(profiles.create(TENANT, { customerId, attributes, extensions }))).to.equal('ok');
    }
    await profiles.replace(TENANT, 'y', { attributes: { First: ['z'] }, extensions: { Phone: [phone('c')] } });
    const tooLong = [
      profiles.create(TENANT, { attributes: named(3) }),
      profiles.replace(TENANT, 'x', { attributes: named(3) }),
      profiles.insertRecords(TENANT, 'x', { Phone: [phone('c')] }),
      profiles.updateRecord(TENANT, 'x', 'Phone', { Kind: 'a', Number: 'x'.repeat(600) }),
      profiles.merge(TENANT, 'x', 'y'),
    ];
    for (const attempt of tooLong) {
      const { code, violations } = await refusal<InvalidProfileError>(attempt);
      expect(code).to.equal('invalid_profile');
      expect(violations[0]?.expected).to.match(/^at most 1024 characters .+ key by\w+ \(option `maxKeyCharacters`\)$/);
    }
  });

  it('R21 a key is not added over a profile that would have more', async () => {
    const { profiles, schemas } = await create(LIMIT);
    await profiles.create(TENANT, { attributes: { Note: 'x'.repeat(1_030) } });
    const { code, message } = await refusal(schemas.addKey(TENANT, { name: 'byNote', attributes: ['Note'] }));
    expect([code, /1024 characters .+`maxKeyCharacters`/.test(message)]).to.deep.equal(['schema_in_use', true]);
  });

  it('R19 entries that were made before the limit was lowered go with their values', async () => {
    const { repository, profiles } = await create({});
    await profiles.create(TENANT, { customerId: 'x', attributes: named(3) });
    const lowered = createServices(repository, LIMIT).profiles;
    expect(await outcome(lowered.create(TENANT, { attributes: named(1) }))).to.equal('identity_taken');
    await lowered.replace(TENANT, 'x', { attributes: {} });
    expect(await outcome(lowered.create(TENANT, { attributes: named(1) }))).to.equal('ok');
  });
});

describe('ProfileService: maxSearchCandidates', () => {
  it('W6 a search by more than its key examines no more, and goes on after the last one', async () => {
    const { profiles } = await create({ maxSearchCandidates: 150 });
    await profiles.createMany(
      TENANT,
      Array.from({ length: 400 }, (_, index) => ({
        customerId: `id-${String(index).padStart(3, '0')}`,
        attributes: { Note: index === 200 ? 'wanted' : 'other' },
        extensions: { Phone: [{ Number: '1' }] },
      })),
    );
    const pages = [];
    let after: string | undefined;
    do {
      const page = await profiles.identify(TENANT, { values: { 'Phone.Number': '1', Note: 'wanted' }, after });
      after = page.next;
      pages.push([page.items.map(({ customerId }) => customerId), after]);
    } while (after !== undefined);
    expect(pages).to.deep.equal([
      [[], 'id-149'],
      [['id-200'], 'id-299'],
      [[], undefined],
    ]);
  });
});
