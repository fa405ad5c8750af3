import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { IdentificationKeyDefinition, SchemaInUseError } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import { outcome, refusal } from '../../service-harness.js';
import { WITHOUT_KEYS } from './customers.js';
import { beforeEachCall } from './interrupted-repository.js';
import { type Stage, type Suite, storedSchema } from './stage.js';

const BY_LOGIN: IdentificationKeyDefinition = { name: 'byLogin', attributes: ['Login'], unique: true };
const BY_PAIR: IdentificationKeyDefinition = { name: 'byPair', attributes: ['Email', 'Tag'], caseSensitive: false };
const BY_PHONE: IdentificationKeyDefinition = { name: 'byPhone', source: 'Phone', attributes: ['Number'] };

const PROFILES = 200;
const idOf = (index: number) => `id-${String(index).padStart(3, '0')}`;
const list = (length: number) => Array.from({ length }, (_, index) => `${index}`);

/** Creates as many profiles as the backfill reads in one page. */
async function fill(stage: Stage, loginOf: (index: number) => string): Promise<void> {
  const indexes = Array.from({ length: PROFILES }, (_, index) => index);
  const inputs = indexes.map((index) => ({ customerId: idOf(index), attributes: { Login: loginOf(index) } }));
  await stage.profiles.createMany(stage.tenant, inputs);
}

/** Counts the commits of a process, and runs a function before the first of them. */
function countCommits(inner: ProfileRepository, act: () => Promise<unknown> = async () => {}) {
  const counted = { commits: 0 };
  const repository = beforeEachCall(inner, async (method) => {
    if (method !== 'commit') return;
    counted.commits += 1;
    if (counted.commits === 1) await act();
  });
  return { counted, repository };
}

export const backfillingInBatches: Suite = (begin) => {
  describe('backfilling in batches', () => {
    it('R21 concurrent changes of profiles cost a few more commits, and all profiles are found', async () => {
      const stage = await begin(WITHOUT_KEYS);
      await fill(stage, (index) => `login-${index}`);
      const { counted, repository } = countCommits(stage.repository, async () => {
        for (const index of [3, 60, 61, 199]) {
          await stage.other.profiles.replace(stage.tenant, idOf(index), { attributes: { Login: `moved-${index}` } });
        }
        await stage.other.profiles.delete(stage.tenant, idOf(120));
      });
      await stage.over(repository).schemas.addKey(stage.tenant, BY_LOGIN);
      expect(counted.commits).to.be.lessThan(40);
      for (const index of [0, 2, 4, 59, 62, 119, 121, 198]) {
        expect(await stage.find({ Login: `login-${index}` })).to.deep.equal([idOf(index)]);
      }
      for (const index of [3, 60, 61, 199]) {
        expect(await stage.find({ Login: `moved-${index}` })).to.deep.equal([idOf(index)]);
        expect(await stage.find({ Login: `login-${index}` })).to.deep.equal([]);
      }
      expect(await stage.find({ Login: 'login-120' })).to.deep.equal([]);
    });

    it('R21 if all profiles collide, they are counted with a linear number of commits', async () => {
      const stage = await begin(WITHOUT_KEYS);
      await fill(stage, () => 'same');
      const { counted, repository } = countCommits(stage.repository);
      const error = await refusal<SchemaInUseError>(stage.over(repository).schemas.addKey(stage.tenant, BY_LOGIN));
      expect([error.code, error.collisions]).to.deep.equal(['schema_in_use', PROFILES - 1]);
      expect(counted.commits).to.be.lessThan(3 * PROFILES);
    });

    it('R21 yields to the event loop between batches', async () => {
      const stage = await begin(WITHOUT_KEYS);
      await fill(stage, (index) => `login-${index}`);
      let [turns, isBackfilling] = [0, true];
      const counting = (async () => {
        for (; isBackfilling; turns += 1) await setImmediate();
      })();
      await stage.schemas.addKey(stage.tenant, BY_LOGIN);
      isBackfilling = false;
      await counting;
      expect(turns).to.be.at.least(4);
    });

    it('R18 R21 a key is refused if a profile has more combinations of its values than can be indexed', async () => {
      const stage = await begin(WITHOUT_KEYS);
      const { profiles, schemas, tenant } = stage;
      const Phone = list(1_001).map((number) => ({ Number: number }));
      // All combinations would be four hundred million entries.
      const given = { attributes: { Login: 'a', Email: list(20_000), Tag: list(20_000) }, extensions: { Phone } };
      await profiles.create(tenant, { customerId: 'full', ...given });
      await profiles.create(tenant, { customerId: 'other', attributes: { Email: 'A', Tag: 'B' } });
      for (const key of [BY_PAIR, BY_PHONE]) {
        const before = await storedSchema(stage);
        const error = await refusal<SchemaInUseError>(schemas.addKey(tenant, key));
        expect([error.code, error.collisions]).to.deep.equal(['schema_in_use', undefined]);
        expect(error.message).to.include(key.name);
        expect(await storedSchema(stage)).to.deep.equal(before);
      }
      // A key over values that can be indexed is accepted.
      await schemas.addKey(tenant, BY_LOGIN);
      expect(await stage.find({ Login: 'a' })).to.deep.equal(['full']);

      await profiles.replace(tenant, 'full', {
        attributes: { Email: list(25), Tag: list(40) },
        extensions: { Phone: Phone.slice(1) },
      });
      for (const key of [BY_PAIR, BY_PHONE]) await schemas.addKey(tenant, key);
      expect(await stage.find({ Email: '24', Tag: '39' })).to.deep.equal(['full']);
      expect(await stage.find({ Email: 'a', Tag: 'b' })).to.deep.equal(['other']);
      expect(await stage.find({ 'Phone.Number': '1000' })).to.deep.equal(['full']);
    });

    it('R18 R21 such a profile can be changed and deleted during the backfill, and leaves no entry behind', async () => {
      const stage = await begin(WITHOUT_KEYS);
      const { tenant, other } = stage;
      const given = { attributes: { Email: list(20_000), Tag: list(20_000) } };
      for (const customerId of ['full', 'gone']) await stage.profiles.create(tenant, { customerId, ...given });
      let outcomes: string[] | undefined;
      const changing = beforeEachCall(stage.repository, async (method) => {
        if (method !== 'page' || outcomes) return;
        outcomes = [];
        for (const change of [
          () => other.profiles.replace(tenant, 'full', { attributes: { ...given.attributes, Login: 'a' } }),
          () => other.profiles.insertRecords(tenant, 'full', { Phone: { Number: '1' } }),
          () => other.profiles.replace(tenant, 'full', { attributes: { Email: ['x'], Tag: ['y'] } }),
          () => other.profiles.delete(tenant, 'gone'),
        ]) {
          outcomes.push(await outcome(change()));
        }
      });
      await stage.over(changing).schemas.addKey(tenant, BY_PAIR);
      expect(outcomes).to.deep.equal(['invalid_profile', 'ok', 'ok', 'ok']);
      expect(await stage.find({ Email: 'x', Tag: 'y' })).to.deep.equal(['full']);
      const stored = await stage.repository.loadSchema(tenant);
      const [{ index } = { index: '' }] = stored?.schema.identificationKeys ?? [];
      expect(await stage.repository.dropEntries(tenant, index, 10)).to.equal(1);
    });
  });
};
