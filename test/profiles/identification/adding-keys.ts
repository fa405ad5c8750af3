import { expect } from 'chai';
import type { IdentificationKeyDefinition, SchemaInUseError } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import { outcome, refusal } from '../../service-harness.js';
import { BRUCE, CUSTOMERS, JEN, KEYS, WITHOUT_KEYS } from './customers.js';
import { beforeEachCall, dyingAfter } from './interrupted-repository.js';
import { contentOf, type Stage, type Suite } from './stage.js';

/** More profiles than one page of the backfill. */
const MANY = Array.from({ length: 410 }, (_, index) => ({
  customerId: `id-${String(index).padStart(3, '0')}`,
  attributes: { Login: `login-${index}`, Email: [`MAIL-${index}@example.com`, 'all@example.com'] },
  extensions: { Phone: [{ Number: `${index}` }, { Number: `${index}-b`, Kind: 'x' }] },
}));

const LOGIN = { name: 'K', attributes: ['Login'], unique: true } satisfies IdentificationKeyDefinition;

/** The tenant's stored schema without its version, which increases with every attempt. */
async function declared({ schemas, tenant }: Stage) {
  const { version: _, ...schema } = await schemas.get(tenant);
  return schema;
}

/** The number of remaining entries of a key that the schema does not have. */
const entriesLeft = async ({ repository, tenant }: Stage, index: string) =>
  repository.dropEntries(tenant, index, 1_000);

/** Services that run a function once, when a schema change reads the first page of profiles. */
function whileFilling(stage: Stage, act: () => Promise<unknown>) {
  let once: typeof act | undefined = act;
  const repository = beforeEachCall(stage.repository, async (method) => {
    if (method !== 'page') return;
    const now = once;
    once = undefined;
    await now?.();
  });
  return stage.over(repository);
}

/** The index of the key that is backfilling. */
async function backfillingIndex(repository: ProfileRepository, tenant: string): Promise<string> {
  const stored = await repository.loadSchema(tenant);
  const [key, ...more] = stored?.schema.identificationKeys.filter(({ filling }) => filling) ?? [];
  if (!key || more.length > 0) throw new Error('One key was expected to be backfilling.');
  return key.index;
}

export const addingKeys: Suite = (begin) => {
  describe('adding keys', () => {
    it('R21 keys of all kinds are backfilled from the stored profiles', async () => {
      const stage = await begin(WITHOUT_KEYS);
      await stage.profiles.createMany(stage.tenant, [BRUCE, JEN]);
      for (const key of Object.values(KEYS)) {
        expect(await stage.schemas.addKey(stage.tenant, key)).to.deep.equal(key);
      }
      expect(await declared(stage)).to.deep.equal(CUSTOMERS);
      for (const values of [
        { LastName: 'Banner', FirstName: 'Bruce' },
        { Email: 'hulk@example.com' },
        { Login: 'bruce' },
        { Tag: 'strong', LastName: 'Banner' },
        { 'Address.City': 'Dayton', 'Address.PostCode': '45401' },
        { 'Phone.Number': '2' },
      ]) {
        expect(await stage.find(values)).to.deep.equal(['bruce']);
        expect(await stage.other.find(values)).to.deep.equal(['bruce']);
      }
      const { revision, updatedAt, createdAt } = await stage.profiles.get(stage.tenant, 'bruce');
      expect([revision, updatedAt]).to.deep.equal([1, createdAt]);
      expect(await outcome(stage.profiles.create(stage.tenant, { attributes: { Login: 'jen' } }))).to.equal(
        'identity_taken',
      );
    });

    it('R21 more profiles than one page are backfilled, and progress is reported', async () => {
      const stage = await begin(WITHOUT_KEYS);
      await stage.profiles.createMany(stage.tenant, MANY);
      const progress: number[] = [];
      const onProgress = (profiles: number) => progress.push(profiles);
      await stage.schemas.addKey(stage.tenant, KEYS.byPhone, { onProgress });
      await stage.schemas.addKey(stage.tenant, KEYS.byEmail);
      expect(progress).to.deep.equal(progress.toSorted((one, other) => one - other));
      expect(progress.at(-1)).to.equal(MANY.length);
      for (const { customerId, attributes, extensions } of MANY) {
        expect(await stage.find({ Email: attributes.Email[0]?.toLowerCase() })).to.deep.equal([customerId]);
        expect(await stage.find({ 'Phone.Number': extensions.Phone[1]?.Number })).to.deep.equal([customerId]);
      }
    });

    it('R17 R21 profiles of another tenant are not found, and do not collide', async () => {
      const [stage, elsewhere] = [await begin(WITHOUT_KEYS), await begin(WITHOUT_KEYS)];
      for (const { profiles, tenant } of [stage, elsewhere]) await profiles.create(tenant, BRUCE);
      await stage.profiles.create(stage.tenant, JEN);
      await stage.schemas.addKey(stage.tenant, LOGIN);
      expect(await stage.find({ Login: 'bruce' })).to.deep.equal(['bruce']);
      const asked = elsewhere.profiles.identify(elsewhere.tenant, { values: { Login: 'jen' } });
      expect(await outcome(asked)).to.equal('malformed_request');
    });

    it('R21 a key finds profiles only once it is complete', async () => {
      const stage = await begin(WITHOUT_KEYS);
      await stage.profiles.createMany(stage.tenant, MANY);
      const asked = async () => {
        const { profiles, schemas, tenant } = stage.other;
        return [
          await outcome(profiles.identify(tenant, { key: 'K', values: { Login: 'login-1' } })),
          await outcome(profiles.identify(tenant, { values: { Login: 'login-1' } })),
          await outcome(schemas.getKey(tenant, 'K')),
          (await schemas.get(tenant)).identificationKeys.length,
          await outcome(schemas.addKey(tenant, { name: 'k', attributes: ['Email'] })),
        ];
      };
      const answers: unknown[] = [];
      const watched = beforeEachCall(stage.repository, async (method) => {
        if (method === 'page' || method === 'commit') answers.push(await asked());
      });
      await stage.over(watched).schemas.addKey(stage.tenant, LOGIN);
      expect(answers.length).to.be.greaterThan(4);
      for (const answer of answers) {
        expect(answer).to.deep.equal(['not_found', 'malformed_request', 'not_found', 0, 'already_exists']);
      }
      expect(await asked()).to.deep.equal(['ok', 'ok', 'ok', 1, 'already_exists']);
    });

    it('R19 R21 a write that would collide is refused while the key is backfilling', async () => {
      const stage = await begin(WITHOUT_KEYS);
      await stage.profiles.create(stage.tenant, BRUCE);
      const other = { attributes: { Login: 'new' } };
      const outcomes: string[] = [];
      const changed = whileFilling(stage, async () => {
        for (const _ of [1, 2]) outcomes.push(await outcome(stage.other.profiles.create(stage.tenant, other)));
      });
      await changed.schemas.addKey(stage.tenant, LOGIN);
      expect(outcomes).to.deep.equal(['ok', 'identity_taken']);
      expect(await stage.find({ Login: 'new' })).to.have.lengthOf(1);
    });

    it('R21 a unique key over profiles that collide is refused with the number of collisions, and nothing changes', async () => {
      const stage = await begin({ ...WITHOUT_KEYS, identificationKeys: [KEYS.byEmail] });
      const logins = ['a', 'b', 'a', 'c', 'a', 'b', 'd'];
      const inputs = logins.map((Login, index) => ({ customerId: `id-${index}`, attributes: { Login, Email: Login } }));
      await stage.profiles.createMany(stage.tenant, [...inputs, ...MANY]);
      const before = [await declared(stage), await contentOf(stage, 'id-0')];
      let index = '';
      const changed = whileFilling(stage, async () => {
        index = await backfillingIndex(stage.repository, stage.tenant);
      });
      const error = await refusal<SchemaInUseError>(changed.schemas.addKey(stage.tenant, LOGIN));
      expect([error.code, error.collisions]).to.deep.equal(['schema_in_use', 3]);
      expect([await declared(stage), await contentOf(stage, 'id-0')]).to.deep.equal(before);
      expect(await stage.find({ Email: 'A' })).to.deep.equal(['id-0', 'id-2', 'id-4']);
      expect(await entriesLeft(stage, index)).to.equal(0);
      expect(await outcome(stage.profiles.create(stage.tenant, { attributes: { Login: 'c' } }))).to.equal('ok');

      for (const id of ['id-2', 'id-4', 'id-5']) await stage.profiles.replace(stage.tenant, id, { attributes: {} });
      const again = await refusal<SchemaInUseError>(stage.schemas.addKey(stage.tenant, LOGIN));
      expect(again.collisions).to.equal(1);
      await stage.profiles.delete(stage.tenant, 'id-3');
      await stage.schemas.addKey(stage.tenant, LOGIN);
      expect(await stage.find({ Login: 'b' })).to.deep.equal(['id-1']);
    });

    it('R21 values of the same profile do not collide', async () => {
      const stage = await begin(WITHOUT_KEYS);
      const Email = ['a@x', 'A@X', 'a@x', 'ａ@x'];
      await stage.profiles.create(stage.tenant, { customerId: 'one', attributes: { Email } });
      await stage.schemas.addKey(stage.tenant, { ...KEYS.byEmail, unique: true });
      expect(await stage.find({ Email: 'a@X' })).to.deep.equal(['one']);
    });

    it('R21 a profile that is deleted during the backfill does not collide', async () => {
      const stage = await begin(WITHOUT_KEYS);
      await stage.profiles.createMany(stage.tenant, [BRUCE, { customerId: 'double', attributes: { Login: 'bruce' } }]);
      const changed = whileFilling(stage, () => stage.other.profiles.delete(stage.tenant, 'bruce'));
      await changed.schemas.addKey(stage.tenant, LOGIN);
      expect(await stage.find({ Login: 'bruce' })).to.deep.equal(['double']);
    });

    it('R21 if the process dies during the backfill, adding the key again completes it', async () => {
      for (let calls = 1; ; calls += 1) {
        const stage = await begin(WITHOUT_KEYS);
        await stage.profiles.createMany(stage.tenant, MANY);
        const dying = stage.over(dyingAfter(stage.repository, calls));
        if ((await outcome(dying.schemas.addKey(stage.tenant, LOGIN))) === 'ok') {
          expect(calls).to.be.greaterThan(8);
          break;
        }
        const { profiles, schemas, tenant, find } = stage.other;
        expect(await outcome(schemas.getKey(tenant, 'K'))).to.equal('not_found');
        await profiles.replace(tenant, 'id-000', { attributes: { Login: 'first' } });
        await profiles.replace(tenant, 'id-409', { attributes: { Login: 'login-0' } });
        await profiles.delete(tenant, 'id-200');
        await profiles.create(tenant, { customerId: 'late', attributes: { Login: 'login-200' } });
        await schemas.addKey(tenant, LOGIN);
        const asked = ['first', 'login-0', 'login-409', 'login-200', 'login-1', 'login-408'];
        const found = await Promise.all(asked.map((Login) => find({ Login })));
        expect(found, `died after ${calls} calls`).to.deep.equal([
          ['id-000'],
          ['id-409'],
          [],
          ['late'],
          ['id-001'],
          ['id-408'],
        ]);
      }
    });

    it('R21 a key whose backfill died can be removed, and its name reused', async () => {
      const stage = await begin(WITHOUT_KEYS);
      await stage.profiles.createMany(stage.tenant, MANY);
      const { schemas, tenant, find } = stage;
      await outcome(stage.over(dyingAfter(stage.repository, 5)).schemas.addKey(tenant, LOGIN));
      const index = await backfillingIndex(stage.repository, tenant);
      const other = { ...LOGIN, attributes: ['Email'], unique: false };
      expect(await outcome(schemas.addKey(tenant, other))).to.equal('already_exists');
      await schemas.removeKey(tenant, 'k');
      expect(await entriesLeft(stage, index)).to.equal(0);
      await schemas.addKey(tenant, other);
      expect(await find({ Email: 'all@example.com' }, { limit: 3 })).to.have.lengthOf(3);
    });

    it('R21 two processes may add the same key concurrently', async () => {
      const stage = await begin(WITHOUT_KEYS);
      await stage.profiles.createMany(stage.tenant, MANY);
      const outcomes = await Promise.all([
        outcome(stage.schemas.addKey(stage.tenant, LOGIN)),
        outcome(stage.other.schemas.addKey(stage.tenant, LOGIN)),
      ]);
      expect(outcomes).to.include('ok');
      expect(outcomes.every((one) => one === 'ok' || one === 'already_exists')).to.equal(true);
      expect((await declared(stage)).identificationKeys).to.deep.equal([LOGIN]);
      for (const index of [0, 199, 200, 409]) {
        expect(await stage.find({ Login: `login-${index}` })).to.deep.equal([MANY[index]?.customerId]);
      }
    });

    it('R16 R21 concurrent changes of the schema are kept, and do not conflict with the backfill', async () => {
      const stage = await begin({ ...WITHOUT_KEYS, identificationKeys: [KEYS.byEmail] });
      await stage.profiles.createMany(stage.tenant, MANY);
      const { schemas, tenant } = stage.other;
      const nick = { name: 'Nick', type: 'string' } as const;
      for (const [index, meanwhile] of [
        () => schemas.defineAttributes(tenant, [...WITHOUT_KEYS.attributes, nick]),
        () => schemas.addExtension(tenant, { name: 'Note', type: 'single-valued', attributes: [nick] }),
        () => schemas.addKey(tenant, KEYS.byPhone),
        () => schemas.removeKey(tenant, 'byEmail'),
        () => schemas.removeExtension(tenant, 'Note'),
      ].entries()) {
        const key = { ...LOGIN, name: `K${index}` };
        await whileFilling(stage, meanwhile).schemas.addKey(tenant, key);
        expect(await stage.find({ Login: 'login-7' }, { key: key.name })).to.deep.equal(['id-007']);
      }
      const { attributes, extensions, identificationKeys } = await declared(stage);
      expect(attributes.at(-1)).to.deep.equal(nick);
      expect(extensions).to.deep.equal(WITHOUT_KEYS.extensions);
      const names = identificationKeys.map(({ name }) => name);
      expect(names).to.have.members(['K0', 'K1', 'K2', 'K3', 'K4', 'byPhone']);
      expect(await stage.find({ 'Phone.Number': '9' })).to.deep.equal(['id-009']);
    });

    it('R21 a collision after a concurrent schema change removes only the new key', async () => {
      const stage = await begin(WITHOUT_KEYS);
      const { profiles, tenant } = stage;
      await profiles.createMany(tenant, [BRUCE, { customerId: 'double', attributes: { Login: 'bruce' } }]);
      const changed = whileFilling(stage, () => stage.other.schemas.addKey(tenant, KEYS.byEmail));
      const error = await refusal<SchemaInUseError>(changed.schemas.addKey(tenant, LOGIN));
      expect([error.code, error.collisions]).to.deep.equal(['schema_in_use', 1]);
      expect((await declared(stage)).identificationKeys).to.deep.equal([KEYS.byEmail]);
      expect(await stage.find({ Email: 'hulk@example.com' })).to.deep.equal(['bruce']);
    });

    it('R21 a key that is removed while it is backfilling is backfilled again: the last addition wins', async () => {
      const stage = await begin(WITHOUT_KEYS);
      await stage.profiles.createMany(stage.tenant, MANY);
      const changed = whileFilling(stage, () => stage.other.schemas.removeKey(stage.tenant, 'K'));
      await changed.schemas.addKey(stage.tenant, LOGIN);
      for (const index of [0, 409]) {
        expect(await stage.find({ Login: `login-${index}` })).to.deep.equal([MANY[index]?.customerId]);
      }
    });
  });
};
