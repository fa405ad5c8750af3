import { expect } from 'chai';
import type { ExtensionDefinition, SchemaDefinition, SchemaInUseError } from 'dossier';
import { outcome, refusal } from '../../service-harness.js';
import { ATTRIBUTES, BRUCE, CUSTOMERS, EXTENSIONS, JEN, KEYS, withKeys } from './customers.js';
import { beforeEachCall, dyingAfter } from './interrupted-repository.js';
import { contentOf, type Stage, type Suite, storedSchema } from './stage.js';

const BY_FIRST_NAME = { name: 'byLogin', attributes: ['FirstName'] };
const UNIQUE_TAG = { name: 'byTag', attributes: ['Tag'], unique: true };
const UNIQUE_KIND = { name: 'byKind', source: 'Phone', attributes: ['Kind'], unique: true };

async function declared({ schemas, tenant }: Stage): Promise<SchemaDefinition> {
  const { version: _, ...schema } = await schemas.get(tenant);
  return schema;
}

const without = (...names: string[]) => ATTRIBUTES.filter(({ name }) => !names.includes(name));
const extension = (wanted: string, changes: Partial<ExtensionDefinition>) =>
  EXTENSIONS.map((one) => (one.name === wanted ? { ...one, ...changes } : one));

export const schemaChanges: Suite = (begin) => {
  describe('schema changes', () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await begin(CUSTOMERS);
      await stage.profiles.createMany(stage.tenant, [BRUCE, JEN]);
    });

    const everybody = async () => Promise.all(['bruce', 'jen'].map((id) => contentOf(stage, id)));

    const expectAllKeysToAnswer = async () => {
      for (const values of [
        { LastName: 'Banner', FirstName: 'Bruce' },
        { Email: 'hulk@example.com' },
        { Login: 'bruce' },
        { Tag: 'green', LastName: 'Banner' },
        { 'Address.City': 'Dayton', 'Address.PostCode': '45401' },
        { 'Phone.Number': '1' },
      ]) {
        expect(await stage.other.find(values)).to.deep.equal(['bruce']);
      }
      expect(await outcome(stage.profiles.create(stage.tenant, { attributes: { Login: 'bruce' } }))).to.equal(
        'identity_taken',
      );
    };

    it('W8 an attribute of a key cannot be removed or retyped, nor its extension removed, even with force', async () => {
      const { schemas, tenant } = stage;
      const retyped = [...without('Login'), { name: 'Login', type: 'currency' }] as const;
      const number = { name: 'Number', type: 'integer' } as const;
      for (const change of [
        () => schemas.defineAttributes(tenant, without('Login')),
        () => schemas.defineAttributes(tenant, retyped),
        () => schemas.define(tenant, { ...CUSTOMERS, attributes: retyped }, { force: true }),
        () =>
          schemas.define(
            tenant,
            { ...CUSTOMERS, extensions: extension('Phone', { attributes: [number] }) },
            { force: true },
          ),
        () => schemas.removeExtension(tenant, 'Phone'),
        () => schemas.removeExtension(tenant, 'phone', { force: true }),
      ]) {
        expect(await outcome(change())).to.equal('schema_in_use');
      }
      const stranded = { ...CUSTOMERS, attributes: without('Login') };
      expect(await outcome(schemas.define(tenant, stranded))).to.equal('invalid_schema');
      expect(await declared(stage)).to.deep.equal(CUSTOMERS);
      await expectAllKeysToAnswer();
    });

    it('W8 an attribute of a key may change in any other way, and the key still finds profiles', async () => {
      const { schemas, tenant, find } = stage;
      await schemas.defineAttributes(tenant, [
        { name: 'LOGIN', type: 'string', multiValued: true, length: 10, mandatory: true },
        { name: 'email', type: 'string', default: 'none' },
        ...without('Login', 'Email').toReversed(),
      ]);
      expect(await find({ login: 'bruce' })).to.deep.equal(['bruce']);
      // Two values do not fit a single-valued attribute (R23).
      expect(await find({ EMAIL: 'hulk@example.com' })).to.deep.equal([]);
      const ids = await stage.profiles.identify(tenant, { values: { EMAIL: 'hulk@example.com' }, attributes: [] });
      expect(ids.items).to.deep.equal([]);
      await stage.profiles.replace(tenant, 'bruce', { attributes: { LOGIN: ['bruce', 'hulk'], email: 'x' } });
      for (const Login of ['bruce', 'hulk']) expect(await find({ Login })).to.deep.equal(['bruce']);
      expect(await find({ Email: 'hulk@example.com' })).to.deep.equal([]);
      expect(await find({ Email: 'X' })).to.deep.equal(['bruce']);
      await stage.profiles.delete(tenant, 'jen');
      expect(await find({ Email: 'jen@example.com' })).to.deep.equal([]);
      expect(await find({ Login: 'jen' })).to.deep.equal([]);
    });

    it('W6 R22 without attributes it answers ids alone, which say that nothing was seen', async () => {
      const { profiles, tenant } = stage;
      const { items } = await profiles.identify(tenant, { values: { Login: 'bruce' }, attributes: [] });
      expect(items.map(({ customerId, attributes }) => [customerId, attributes])).to.deep.equal([['bruce', {}]]);
      const [basedOn] = items;
      const before = await profiles.get(tenant, 'bruce', { extensions: 'all' });
      await profiles.replace(tenant, 'bruce', { attributes: {} }, { basedOn });
      const { reading: _, ...kept } = before;
      const { reading: __, ...after } = await profiles.get(tenant, 'bruce', { extensions: 'all' });
      expect(after, 'what was not seen stays').to.deep.equal(kept);
    });

    it('W8 an attribute of a key may be removed after the key', async () => {
      const { schemas, tenant } = stage;
      await schemas.removeKey(tenant, 'byPhone');
      expect(await outcome(schemas.removeExtension(tenant, 'Phone'))).to.equal('schema_in_use');
      await schemas.removeExtension(tenant, 'Phone', { force: true });
      await schemas.removeKey(tenant, 'byLogin');
      await schemas.defineAttributes(tenant, without('Login'));
      expect(await stage.find({ Email: 'jen@example.com' })).to.deep.equal(['jen']);
    });

    it('W8 a key on an extension is removed with the records that it indexes', async () => {
      const { schemas, tenant, profiles } = stage;
      const single = { ...CUSTOMERS, extensions: extension('Phone', { type: 'single-valued', unique: [] }) };
      const change = await outcome(schemas.define(tenant, single, { force: true }));
      const records = (await everybody()).map(({ extensions }) => extensions?.Phone);
      const found = await stage.find({ 'Phone.Number': '1' });
      expect(found, change).to.deep.equal(records[0] ? ['bruce'] : []);
      const again = outcome(profiles.create(tenant, { attributes: {}, extensions: { Phone: { Number: '1' } } }));
      expect(await again).to.equal(records[0] ? 'identity_taken' : 'ok');
    });

    it('W8 writes while an extension drains leave no wrong entries if the removal is refused', async () => {
      const { profiles, tenant } = stage.other;
      for (const id of ['bruce', 'jen']) await profiles.replace(tenant, id, { attributes: {}, extensions: {} });
      let draining = false;
      const watched = beforeEachCall(stage.repository, async (method) => {
        if (method === 'commitSchema' && !draining) {
          draining = true;
          await profiles.insertRecords(tenant, 'bruce', { Phone: { Number: '5' } });
          await profiles.insertRecords(tenant, 'jen', { Phone: { Number: '6' } });
        } else if (method === 'page' && draining) {
          const asked = stage.other.find({ 'Phone.Number': '6' }, { key: 'byPhone' });
          expect(await outcome(asked)).to.equal('malformed_request');
          await profiles.delete(tenant, 'jen');
        }
      });
      const others = Object.values(KEYS).filter(({ name }) => name !== 'byPhone');
      const next = { ...withKeys(...others), extensions: EXTENSIONS.filter(({ name }) => name !== 'Phone') };
      expect(await outcome(stage.over(watched).schemas.define(tenant, next))).to.equal('schema_in_use');
      expect(await declared(stage)).to.deep.equal(CUSTOMERS);
      expect(await stage.find({ 'Phone.Number': '5' })).to.deep.equal(['bruce']);
      const again = { customerId: 'new', attributes: {}, extensions: { Phone: { Number: '6' } } };
      await profiles.create(tenant, again);
      expect(await stage.find({ 'Phone.Number': '6' })).to.deep.equal(['new']);
    });

    it('R21 define adds, replaces and removes keys', async () => {
      const { schemas, tenant, find } = stage;
      const next = withKeys(KEYS.byPhone, BY_FIRST_NAME, { ...KEYS.byEmail, caseSensitive: true });
      await schemas.define(tenant, next);
      expect(await declared(stage)).to.deep.equal(next);
      expect(await find({ FirstName: 'Jennifer' })).to.deep.equal(['jen']);
      expect(await find({ 'Phone.Number': '2' })).to.deep.equal(['bruce']);
      expect(await find({ Email: 'Hulk@Example.com' })).to.deep.equal(['bruce']);
      expect(await find({ Email: 'hulk@example.com' })).to.deep.equal([]);
      for (const values of [{ Login: 'bruce' }, { Tag: 'green', LastName: 'Banner' }]) {
        expect(await outcome(stage.profiles.identify(tenant, { values }))).to.equal('malformed_request');
      }
      await stage.profiles.create(tenant, { attributes: { Login: 'bruce' } });
    });

    it('R21 define with the current keys changes nothing, not even the version', async () => {
      const { version } = await stage.schemas.get(stage.tenant);
      expect((await stage.schemas.define(stage.tenant, CUSTOMERS)).version).to.equal(version);
      await stage.schemas.define(stage.tenant, withKeys(...Object.values(KEYS).toReversed()));
      await expectAllKeysToAnswer();
    });

    it('W6 keys have the order of the newest definition', async () => {
      const { schemas, tenant } = stage;
      const folded = { name: 'folded', attributes: ['Login'], caseSensitive: false };
      await schemas.define(tenant, withKeys(KEYS.byLogin, folded));
      expect(await stage.find({ Login: 'BRUCE' })).to.deep.equal([]);
      await schemas.define(tenant, withKeys(folded, KEYS.byLogin));
      expect(await stage.find({ Login: 'BRUCE' })).to.deep.equal(['bruce']);
    });

    it('R21 a key that is replaced finds profiles until the new one is complete', async () => {
      const answers: unknown[] = [];
      const watched = beforeEachCall(stage.repository, async (method) => {
        if (method !== 'page' && method !== 'commit') return;
        answers.push(await stage.other.find({ Login: 'bruce' }, { key: 'byLogin' }));
      });
      await stage.over(watched).schemas.define(stage.tenant, withKeys(BY_FIRST_NAME));
      expect(answers.length).to.be.greaterThan(1);
      for (const answer of answers) expect(answer).to.deep.equal(['bruce']);
      expect(await stage.other.find({ FirstName: 'Bruce' }, { key: 'byLogin' })).to.deep.equal(['bruce']);
    });

    it('R21 writes during the replacement of a key update the entries of both', async () => {
      const { other, tenant } = stage;
      let written = false;
      const watched = beforeEachCall(stage.repository, async (method) => {
        if (method !== 'page' || written) return;
        written = true;
        await other.profiles.replace(tenant, 'bruce', { attributes: { Login: 'hulk', FirstName: 'Hulk' } });
        expect(await other.find({ Login: 'hulk' })).to.deep.equal(['bruce']);
        expect(await other.find({ Login: 'bruce' })).to.deep.equal([]);
      });
      await stage.over(watched).schemas.define(tenant, withKeys(BY_FIRST_NAME));
      expect(await stage.find({ FirstName: 'Hulk' })).to.deep.equal(['bruce']);
      expect(await stage.find({ FirstName: 'Bruce' })).to.deep.equal([]);
    });

    it('R21 define with a new unique key that collides changes nothing', async () => {
      for (const refused of [
        withKeys(...Object.values(KEYS), UNIQUE_TAG),
        withKeys(UNIQUE_TAG),
        withKeys(BY_FIRST_NAME, UNIQUE_KIND),
        { ...withKeys(UNIQUE_TAG), attributes: [{ name: 'Nick', type: 'string' }, ...ATTRIBUTES] } as const,
        { ...withKeys(UNIQUE_TAG), attributes: without('Login', 'FirstName') },
        { ...withKeys(UNIQUE_TAG), attributes: [...without('Login'), { name: 'Login', type: 'long' }] } as const,
        { ...withKeys(UNIQUE_KIND), extensions: EXTENSIONS.filter(({ name }) => name === 'Phone') },
      ]) {
        const before = await everybody();
        const error = await refusal<SchemaInUseError>(stage.schemas.define(stage.tenant, refused, { force: true }));
        expect([error.code, error.collisions]).to.deep.equal(['schema_in_use', 1]);
        expect(await declared(stage)).to.deep.equal(CUSTOMERS);
        expect(await everybody()).to.deep.equal(before);
        await expectAllKeysToAnswer();
      }
    });

    it('W8 R21 define that would orphan records changes nothing, even if its new keys could be backfilled', async () => {
      const before = await storedSchema(stage);
      const next = {
        attributes: [...ATTRIBUTES, { name: 'Nick', type: 'string' }] as const,
        extensions: EXTENSIONS.filter(({ name }) => name === 'Address'),
        identificationKeys: [BY_FIRST_NAME],
      };
      expect(await outcome(stage.schemas.define(stage.tenant, next))).to.equal('schema_in_use');
      expect(await storedSchema(stage)).to.deep.equal(before);
      await expectAllKeysToAnswer();
    });

    it('R14 R21 define with ifVersion fails after a concurrent change, and leaves nothing behind', async () => {
      const { tenant, repository, other } = stage;
      const nick = { name: 'Nick', type: 'string' } as const;
      let meanwhile = false;
      const watched = beforeEachCall(repository, async (method) => {
        if (method !== 'page' || meanwhile) return;
        meanwhile = true;
        await other.schemas.removeKey(tenant, 'byCity');
      });
      const { version } = await stage.schemas.get(tenant);
      const next = { ...withKeys(BY_FIRST_NAME), attributes: [...ATTRIBUTES, nick] };
      const change = stage.over(watched).schemas.define(tenant, next, { ifVersion: version });
      expect(await outcome(change)).to.equal('revision_conflict');
      const stored = await repository.loadSchema(tenant);
      const { byCity: _, ...others } = KEYS;
      expect(stored?.schema.identificationKeys.map(({ index: __, ...key }) => key)).to.deep.equal(
        Object.values(others),
      );
    });

    it('W8 R21 a new key finds values that were stored under an older schema and unknown in between', async () => {
      const { schemas, tenant, find } = await begin(withKeys());
      const number = { name: 'Number', type: 'string' } as const;
      const kind = { name: 'Kind', type: 'string' } as const;
      const given = { attributes: { Login: 'bruce' }, extensions: { Phone: { Number: '1', Kind: 'x' } } };
      await stage.profiles.create(tenant, { customerId: 'bruce', ...given });
      await schemas.define(tenant, {
        attributes: without('Login'),
        extensions: extension('Phone', { attributes: [kind], unique: [] }),
      });
      await schemas.define(tenant, {
        attributes: ATTRIBUTES,
        extensions: extension('Phone', { attributes: [kind, number] }),
        identificationKeys: [KEYS.byLogin, KEYS.byPhone],
      });
      expect(await find({ Login: 'bruce' })).to.deep.equal(['bruce']);
      expect(await find({ 'Phone.Number': '1' })).to.deep.equal(['bruce']);
    });

    it('R21 if the process dies in define, repeating it completes the change', async () => {
      const next = { ...withKeys(BY_FIRST_NAME, KEYS.byEmail), attributes: without('Login') };
      for (let calls = 1; ; calls += 1) {
        const { tenant, schemas, profiles, over, repository, find } = await begin(CUSTOMERS);
        await profiles.createMany(tenant, [BRUCE, JEN]);
        const dying = over(dyingAfter(repository, calls));
        if ((await outcome(dying.schemas.define(tenant, next))) === 'ok') break;
        await profiles.replace(tenant, 'bruce', { attributes: { FirstName: 'Hulk' } });
        await schemas.define(tenant, next);
        expect(await find({ FirstName: 'Hulk' })).to.deep.equal(['bruce']);
        expect(await find({ FirstName: 'Bruce' })).to.deep.equal([]);
        expect(await find({ FirstName: 'Jennifer' })).to.deep.equal(['jen']);
        expect(await find({ Email: 'HULK@example.com' })).to.deep.equal([]);
      }
    });
  });
};
