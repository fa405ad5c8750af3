import { expect } from 'chai';
import type { IdentityTakenError, InvalidProfileError, SchemaDefinition } from 'dossier';
import { outcome, refusal } from '../../service-harness.js';
import type { Begin } from '../identification/stage.js';

const text = (name: string) => ({ name, type: 'string' }) as const;

const CUSTOMERS: SchemaDefinition = {
  attributes: [text('Name'), { ...text('Email'), multiValued: true }, text('Country'), text('Passport')],
  extensions: [{ name: 'Phone', type: 'multi-valued', attributes: [text('Number'), text('Kind')] }],
  identificationKeys: [
    { name: 'byEmail', attributes: ['Email'], unique: true, caseSensitive: false },
    { name: 'byPassport', attributes: ['Country', 'Passport'], unique: true },
    { name: 'byPhone', source: 'Phone', attributes: ['Number', 'Kind'], unique: true },
    { name: 'byName', attributes: ['Name'] },
  ],
};

/** Finding a profile by a unique key, or creating it (L6). */
export function findingOrCreating(begin: Begin): void {
  describe('findOrCreate (L6)', () => {
    const start = async () => {
      const stage = await begin(CUSTOMERS);
      const { profiles, tenant } = stage;
      const all = async () => {
        const ids: string[] = [];
        for await (const { customerId } of profiles.all(tenant)) ids.push(customerId);
        return ids;
      };
      return { ...stage, all };
    };
    const ann = { attributes: { Name: 'Ann', Email: ['ann@example.com', 'a@example.com'] } };

    it('L6 creates a profile, and then finds it unchanged', async () => {
      const { profiles, tenant } = await start();
      const first = await profiles.findOrCreate(tenant, { key: 'byEmail' }, ann, { segment: 'gold' });
      expect([first.created, first.profile.revision, first.profile.segment]).to.deep.equal([true, 1, 'gold']);
      const other = { attributes: { Name: 'Other', Email: ['ANN@example.com'] } };
      const second = await profiles.findOrCreate(tenant, { key: 'BYEMAIL' }, other, { segment: 'blue' });
      expect(second).to.deep.equal({ created: false, profile: first.profile });
      expect((await profiles.history(tenant, first.profile.customerId)).items).to.have.length(1);
    });

    it('L6 answers the extensions that the representation names', async () => {
      const { profiles, tenant } = await start();
      const given = { members: { Email: 'ann@example.com', Phone: [{ Number: '1', Kind: 'home' }] } };
      for (const created of [true, false]) {
        const answer = await profiles.findOrCreate(tenant, { key: 'byEmail' }, given);
        expect(answer.created).to.equal(created);
        expect(answer.profile.extensions).to.deep.equal({ Phone: [{ Number: '1', Kind: 'home' }] });
      }
      expect((await profiles.findOrCreate(tenant, { key: 'byEmail' }, ann)).profile).not.to.have.property('extensions');
    });

    it('L6 looks up the primary value and the first record, or the values that are named', async () => {
      const { profiles, tenant } = await start();
      const { customerId } = await profiles.create(tenant, { attributes: { Email: 'a@example.com' } });
      const values = { Email: 'a@example.com' };
      const found = await profiles.findOrCreate(tenant, { key: 'byEmail', values }, ann);
      expect([found.created, found.profile.customerId]).to.deep.equal([false, customerId]);
      expect(await outcome(profiles.findOrCreate(tenant, { key: 'byEmail' }, ann))).to.equal('identity_taken');

      const phone = { Number: '1', Kind: 'home' };
      const holder = await profiles.create(tenant, { attributes: {}, extensions: { Phone: [phone] } });
      const both = { attributes: {}, extensions: { Phone: [phone, { Number: '2', Kind: 'home' }] } };
      const byPhone = await profiles.findOrCreate(tenant, { key: 'byPhone' }, both);
      expect([byPhone.created, byPhone.profile.customerId]).to.deep.equal([false, holder.customerId]);
      const second = { 'Phone.Number': '2', 'Phone.Kind': 'home' };
      const conflict = profiles.findOrCreate(tenant, { key: 'byPhone', values: second }, both);
      expect((await refusal<IdentityTakenError>(conflict)).key).to.equal('byPhone');
    });

    it('L6 R14 of fifty racing callers one creates, and all get the same profile', async () => {
      const { profiles, other, tenant, all } = await start();
      const options = { key: 'byEmail' };
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => {
          return (index % 2 ? profiles : other.profiles).findOrCreate(tenant, options, ann);
        }),
      );
      expect(answers.filter(({ created }) => created)).to.have.length(1);
      const ids = new Set(answers.map(({ profile }) => profile.customerId));
      expect([...ids]).to.deep.equal(await all());
    });

    it('L6 racing callers that also agree on an id and on other unique keys get the same profile', async () => {
      const { profiles, other, tenant, all } = await start();
      const given = { customerId: 'ann', attributes: { ...ann.attributes, Country: 'CA', Passport: '7' } };
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          return (index % 2 ? profiles : other.profiles).findOrCreate(tenant, { key: 'byPassport' }, given);
        }),
      );
      expect(answers.filter(({ created }) => created)).to.have.length(1);
      expect(await all()).to.deep.equal(['ann']);
    });

    it('L6 checks the representation first, whether or not a profile is found', async () => {
      const { profiles, tenant, all } = await start();
      await profiles.create(tenant, ann);
      for (const Email of ['ann@example.com', 'new@example.com']) {
        const invalid = { attributes: { Email, Name: 555, Nope: 1 } };
        const error = await refusal<InvalidProfileError>(
          profiles.findOrCreate(tenant, { key: 'byEmail' }, invalid as never),
        );
        const pointers = error.violations.map(({ pointer }) => pointer);
        expect(pointers).to.have.members(['/attributes/Name', '/attributes/Nope']);
      }
      expect(await all()).to.have.length(1);
    });

    it('L6 a representation without the values is a violation, which does not repeat them', async () => {
      const { profiles, tenant, all } = await start();
      const violations = async (options: { key: string; values?: Record<string, unknown> }, input: object) => {
        const error = await refusal<InvalidProfileError>(profiles.findOrCreate(tenant, options, input as never));
        expect(JSON.stringify([error.message, error.violations])).not.to.match(/secret/);
        return error.violations.map(({ pointer, rule }) => `${rule} ${pointer}`);
      };
      const passport = { Country: 'CA', Passport: 'secret' };
      expect(await violations({ key: 'byEmail' }, { attributes: {} })).to.deep.equal(['L6 /attributes/Email']);
      expect(await violations({ key: 'byEmail', values: { Email: 'secret' } }, ann)).to.deep.equal([
        'L6 /attributes/Email',
      ]);
      expect(await violations({ key: 'byPassport', values: passport }, { members: { Country: 'CA' } })).to.deep.equal([
        'L6 /Passport',
      ]);
      const phones = [
        { Number: '1', Kind: 'work' },
        { Number: '2', Kind: 'home' },
      ];
      const mixed = { 'Phone.Number': '1', 'Phone.Kind': 'home' };
      expect(await violations({ key: 'byPhone', values: mixed }, { members: { Phone: phones } })).to.deep.equal([
        'L6 /Phone',
      ]);
      expect(await violations({ key: 'byPhone' }, { attributes: {} })).to.deep.equal(['L6 /extensions/Phone']);
      expect(await all()).to.deep.equal([]);
    });

    it('L6 needs a unique key, and exactly its values', async () => {
      const { profiles, tenant } = await start();
      const options: readonly (readonly [options: object | undefined, code: string])[] = [
        [{ key: 'byNothing' }, 'not_found'],
        [{ key: 'byName' }, 'malformed_request'],
        [{ key: 7 }, 'malformed_request'],
        [{}, 'malformed_request'],
        [undefined, 'malformed_request'],
        [{ key: 'byEmail', value: {} }, 'malformed_request'],
        [{ key: 'byEmail', values: {} }, 'malformed_request'],
        [{ key: 'byEmail', values: 'x' }, 'malformed_request'],
        [{ key: 'byEmail', values: { Email: 1 } }, 'malformed_request'],
        [{ key: 'byEmail', values: { Email: 'ann@example.com', Name: 'Ann' } }, 'malformed_request'],
        [{ key: 'byPassport', values: { Country: 'CA' } }, 'malformed_request'],
      ];
      for (const [given, code] of options) {
        expect(await outcome(profiles.findOrCreate(tenant, given as never, ann)), JSON.stringify(given)).to.equal(code);
      }
      const badId = { ...ann, customerId: '/' };
      expect(await outcome(profiles.findOrCreate(tenant, { key: 'byEmail' }, badId))).to.equal('malformed_request');
      const elsewhere = profiles.findOrCreate(`${tenant}0000`, { key: 'byEmail' }, ann);
      expect(await outcome(elsewhere)).to.equal('schema_not_defined');
    });

    it('L6 R19 a taken id and the values of another unique key are conflicts', async () => {
      const { profiles, tenant } = await start();
      await profiles.create(tenant, { customerId: 'bob', attributes: { Country: 'CA', Passport: '7' } });
      const options = { key: 'byEmail' };
      expect(await outcome(profiles.findOrCreate(tenant, options, { ...ann, customerId: 'bob' }))).to.equal(
        'already_exists',
      );
      const sameKey = { attributes: { ...ann.attributes, Country: 'CA', Passport: '7' } };
      const error = await refusal<IdentityTakenError>(profiles.findOrCreate(tenant, options, sameKey));
      expect([error.code, error.key]).to.deep.equal(['identity_taken', 'byPassport']);
    });

    it('L6 the caller may mutate the arguments once they are handed over', async () => {
      const { other, tenant } = await start();
      const options = { key: 'byEmail', values: { Email: 'ann@example.com' } };
      const input = { attributes: { Name: 'Ann', Email: ['ann@example.com'] } };
      const call = other.profiles.findOrCreate(tenant, options, input);
      options.values.Email = 'mutated';
      input.attributes.Email[0] = 'mutated';
      input.attributes.Name = 'mutated';
      expect((await call).profile.attributes).to.deep.equal({ Name: 'Ann', Email: ['ann@example.com'] });
    });

    it('L6 R16 uses a key and attributes that another process has just defined', async () => {
      const { profiles, other, tenant } = await start();
      await profiles.create(tenant, { attributes: {} });
      await other.schemas.defineAttributes(tenant, [...CUSTOMERS.attributes, text('Nick')]);
      await other.schemas.addKey(tenant, { name: 'byNick', attributes: ['Nick'], unique: true });
      const given = { attributes: { Nick: 'Annie' } };
      for (const created of [true, false]) {
        expect((await profiles.findOrCreate(tenant, { key: 'byNick' }, given)).created).to.equal(created);
      }
    });
  });
}
