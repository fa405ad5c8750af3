import { inspect } from 'node:util';
import { expect } from 'chai';
import { type Dossier, type DossierError, isDossierError, type ProfileService } from 'dossier';
import type { Knex } from 'knex';
import { propertyRuns } from '../../property-runs.js';

/** A storage with nothing in it, as two processes see it. */
export interface RacedStorage {
  readonly dossiers: readonly [Dossier, Dossier];
  readonly knex: Knex;
}

/** What races with an erasure of `ann`: `bob` is another profile, `amy` was merged into `ann`. All are the same person. */
type Opponent = (profiles: ProfileService, person: Person) => Promise<unknown>;

interface Person {
  readonly ann: string;
  readonly amy: string;
  readonly bob: string;
  /** In every value. */
  readonly secret: string;
}

const ROUNDS = propertyRuns({ full: 10, quick: 2 });
const TABLES = [
  ...['profiles', 'profile_keys', 'profile_schemas', 'profile_history', 'profile_erasures'],
  ...['pending_changes', 'profile_changes', 'change_counters', 'server_mode', 'migrations'],
];

const content = (secret: string) => ({
  attributes: { Name: `${secret} name`, Email: [`${secret}@example.com`] },
  extensions: { Note: [{ Text: `${secret} note` }] },
});

const OPPONENTS: Readonly<Record<string, Opponent>> = {
  creation: (profiles, { ann, secret }) => profiles.create('1', { customerId: ann, ...content(secret) }),
  import: (profiles, { ann, secret }) => {
    const members = { ...content(secret).attributes, ...content(secret).extensions };
    return profiles.import('1', [{ line: 1, customerId: ann, members }], { existing: 'replace' });
  },
  replacement: (profiles, { ann, secret }) => profiles.replace('1', ann, { attributes: { Name: `${secret} again` } }),
  'merge into it': (profiles, { ann, bob }) => profiles.merge('1', ann, bob, { force: true }),
  'merge of it': (profiles, { ann, bob }) => profiles.merge('1', bob, ann, { force: true }),
  unmerge: (profiles, { ann, amy }) => profiles.unmerge('1', ann, amy),
  restore: (profiles, { ann }) => profiles.restore('1', ann, 1),
  'restore of what was merged into it': (profiles, { amy }) => profiles.restore('1', amy, 1),
  'deletion and creation': async (profiles, { ann, secret }) => {
    await profiles.delete('1', ann);
    await profiles.create('1', { customerId: ann, ...content(secret) });
  },
};

/** E1, E2: whatever races with an erasure, in the end nothing of the person is in any table. */
export function erasureRaces(open: () => Promise<RacedStorage>): void {
  let storage: RacedStorage;
  before('define the schema', async () => {
    storage = await open();
    await storage.dossiers[0].schemas.define('1', {
      attributes: [
        { name: 'Name', type: 'string' },
        { name: 'Email', type: 'string', multiValued: true },
      ],
      extensions: [{ name: 'Note', type: 'multi-valued', attributes: [{ name: 'Text', type: 'string' }] }],
      identificationKeys: [
        { name: 'byName', attributes: ['Name'] },
        { name: 'byEmail', attributes: ['Email'] },
      ],
    });
  });

  for (const [index, [name, act]] of Object.entries(OPPONENTS).entries()) {
    it(`E1 E2: an erasure that races with ${name} leaves nothing, and nothing comes back`, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const id = `${index}-${round}`;
        await raceOnce(storage, act, {
          ann: `ann-${id}`,
          amy: `amy-${id}`,
          bob: `bob-${id}`,
          secret: `Secret${id}Person`,
        });
      }
    });
  }
}

async function raceOnce({ dossiers, knex }: RacedStorage, act: Opponent, person: Person): Promise<void> {
  const [{ profiles }, other] = dossiers;
  const { ann, amy, bob, secret } = person;
  for (const customerId of [ann, amy, bob]) {
    await profiles.create('1', { customerId, ...content(`${secret} ${customerId}`) }, { segment: secret });
  }
  await profiles.merge('1', ann, amy, { force: true });
  const failures: unknown[] = [];
  const opponents = [0, 1, 2].map((turn) =>
    act((turn % 2 === 0 ? other : dossiers[0]).profiles, person).catch((error) => failures.push(error)),
  );
  const [receipt] = await Promise.all([profiles.erase('1', ann), ...opponents]);
  for (const error of failures) expectQuiet(error, secret);

  // Whoever comes later is refused, by either process.
  for (const { profiles: late } of dossiers) {
    const error = await late.create('1', { customerId: ann, ...content(secret) }).catch((refused) => refused);
    expect(error.code).to.equal('erased');
    expect(await late.erase('1', ann)).to.deep.equal({ ...receipt, repeated: true });
    await late
      .get('1', ann)
      .catch((missing) => expect([missing.code, missing.mergedInto]).to.deep.equal(['not_found', undefined]));
  }
  // What came back before, or took it over, is a profile of its own, which the receipt does not count as erased.
  for (const id of [amy, bob].filter((one) => !receipt.customerIds.includes(one))) await profiles.erase('1', id);
  for (const table of TABLES) {
    const rows = inspect(await knex(`dossier_${table}`).select(), {
      depth: 9,
      maxStringLength: null,
      maxArrayLength: null,
    });
    expect(rows, table).not.to.contain(secret);
  }
  const entries = await knex('dossier_profile_keys').whereIn('id', [ann, amy, bob]);
  expect(entries).to.deep.equal([]);
}

/** An expected refusal, without a value of the person. */
function expectQuiet(error: unknown, secret: string): void {
  if (!isDossierError(error)) throw error;
  expect((error as DossierError).code).to.be.oneOf([
    'erased',
    'not_found',
    'already_exists',
    'merge_conflict',
    'revision_conflict',
  ]);
  expect(inspect(error, { depth: 9, showHidden: true })).not.to.contain(secret);
}
