import { expect } from 'chai';
import { createDossier, type SchemaDefinition } from 'dossier';
import type { KnexProfileRepository } from 'dossier/knex';
import type { ProfileRepository } from 'dossier/storage';

/** The versions with a fixture, and whether they kept former states and deletions. */
export const VERSIONS = [
  ['0.1.0', false],
  ['0.2.0', true],
] as const;

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'Email', type: 'string', multiValued: true },
    { name: 'City', type: 'string' },
    { name: 'Count', type: 'long' },
    { name: 'Balance', type: 'currency' },
    { name: 'Seen', type: 'datetime' },
  ],
  extensions: [
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'Street', type: 'string' }] },
    { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }], unique: ['Number'] },
  ],
  identificationKeys: [
    { name: 'byEmail', attributes: ['Email'], unique: true, caseSensitive: false },
    { name: 'byCity', attributes: ['City'] },
    { name: 'byPhone', source: 'Phone', attributes: ['Number'] },
  ],
};

const ANNA = {
  attributes: {
    Name: `O'Neil "\\" 😀\n`,
    Email: ['Anna@example.com', 'a@example.com'],
    City: 'Köln',
    Count: '9223372036854775807',
    Balance: '-12.5',
    Seen: '2024-02-29T12:00:00.000Z',
  },
  extensions: { Address: { Street: '1; --' }, Phone: [{ Number: '1' }, { Number: '2' }] },
};

const BERT = { attributes: { Name: '', City: 'Köln' }, extensions: { Phone: [{ Number: '2' }] } };

/** Writes profiles that later versions must be able to read, with everything that a version can store. */
export async function writeProfiles(repository: ProfileRepository): Promise<void> {
  let at = Date.UTC(2024, 1, 29, 12);
  const { profiles, schemas } = createDossier({ repository, now: () => new Date(at++) });
  await schemas.define('1', SCHEMA);
  await profiles.create('1', { customerId: 'anna', attributes: { Email: 'anna@example.com', City: 'Bonn' } });
  await profiles.replace('1', 'anna', ANNA, { segment: 'gold', actor: 'Zoë 😀', reason: 'She moved.' });
  await profiles.create('1', { customerId: 'bert', ...BERT });
  await profiles.create('1', { customerId: 'gone', ...BERT });
  await profiles.delete('1', 'gone');
  await schemas.define('2', { attributes: [] });
}

/**
 * Reads, finds and changes them.
 *
 * @param keptHistory whether the version that wrote them kept former states and deletions
 */
export async function expectProfiles(repository: KnexProfileRepository, keptHistory: boolean): Promise<void> {
  const { profiles, schemas } = createDossier({ repository });
  await profiles.ping();
  const { version, ...schema } = await schemas.get('1');
  expect(version).to.equal(1);
  expect(schema.identificationKeys?.map(({ name }) => name)).to.deep.equal(['byEmail', 'byCity', 'byPhone']);

  const anna = await profiles.get('1', 'anna', { extensions: 'all' });
  expect(plain(anna)).to.deep.include({
    ...ANNA,
    tenantId: '1',
    customerId: 'anna',
    revision: 2,
    segment: 'gold',
    createdAt: '2024-02-29T12:00:00.000Z',
    updatedAt: '2024-02-29T12:00:00.001Z',
  });
  expect(plain(await profiles.get('1', 'bert', { extensions: 'all' }))).to.deep.include({ ...BERT, revision: 1 });

  const states = async (id: string) =>
    (await repository.history('1', id, { limit: 10 })).states.map(({ revision, metadata, profile }) => ({
      ...{ revision, operation: metadata?.operation, actor: metadata?.actor },
      name: profile?.attributes.Name,
    }));
  const [first, second, deletion] = [
    { revision: 1, operation: 'create', actor: undefined, name: undefined },
    { revision: 2, operation: 'replace', actor: 'Zoë 😀', name: ANNA.attributes.Name },
    { revision: 2, operation: 'delete', actor: undefined, name: undefined },
  ];
  const unknown = { operation: undefined, actor: undefined };
  expect(await states('anna')).to.deep.equal(keptHistory ? [second, first] : [{ ...second, ...unknown }]);
  expect(await states('gone')).to.deep.equal(keptHistory ? [deletion, { ...first, name: '' }] : []);
  const anew = await profiles.create('1', { customerId: 'gone', attributes: {} });
  expect(anew.revision).to.equal(keptHistory ? 3 : 1);

  const found = async (values: Record<string, string>) =>
    (await profiles.identify('1', { values })).items.map(({ customerId }) => customerId);
  expect(await found({ Email: 'ANNA@EXAMPLE.COM' })).to.deep.equal(['anna']);
  expect(await found({ City: 'Köln' })).to.deep.equal(['anna', 'bert']);
  expect(await found({ City: 'Bonn' })).to.deep.equal([]);
  expect(await found({ 'Phone.Number': '2' })).to.deep.equal(['anna', 'bert']);

  const attributes = { Email: 'A@example.com' };
  expect(await profiles.replace('1', 'bert', { attributes }).catch(({ code }) => code)).to.equal('identity_taken');
  await profiles.replace('1', 'anna', { attributes: { City: 'Bonn' } }, { basedOn: anna });
  expect(plain(await profiles.replace('1', 'bert', { attributes }))).to.deep.include({ revision: 2 });
  expect(await found({ Email: 'a@example.com' })).to.deep.equal(['bert']);
  expect(await found({ 'Phone.Number': '1' })).to.deep.equal(['anna']);
  await schemas.addKey('1', { name: 'byName', attributes: ['Name'] });
  await profiles.merge('1', 'anna', 'bert');
  expect(await found({ Email: 'a@example.com' })).to.deep.equal(['anna']);

  const { customerIds, removed } = await profiles.erase('1', 'anna');
  expect(customerIds).to.deep.equal(['anna', 'bert']);
  expect(removed).to.include({ profiles: 1, states: keptHistory ? 5 : 4 });
  expect(await found({ Email: 'a@example.com' })).to.deep.equal([]);
}

function plain(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value));
}
