import { expect } from 'chai';
import type { InvalidProfileError, ProfilePatch, RevisionConflictError } from 'dossier';
import { BRUCE, outcome, refusal, SCHEMA } from '../../service-harness.js';
import type { Begin } from '../identification/stage.js';

const { customerId, attributes, extensions } = BRUCE;

/** Patching through the services (L5). */
export function patching(begin: Begin): void {
  describe('patch (L5)', () => {
    const withBruce = async () => {
      const stage = await begin(SCHEMA);
      await stage.profiles.create(stage.tenant, BRUCE);
      const { profiles, tenant } = stage;
      return {
        ...stage,
        patch: (patch: ProfilePatch, options = {}) => profiles.patch(tenant, customerId, patch, options),
        state: () => profiles.get(tenant, customerId, { extensions: 'all' }),
      };
    };

    it('L5 changes what is given and keeps the rest, and answers all attributes and the extensions named', async () => {
      const { patch, state } = await withBruce();
      const named = await patch({ attributes: { LastName: 'Blonsky', Email: null } });
      const { Email: _, ...others } = attributes;
      expect(named.attributes).to.deep.equal({ ...others, LastName: 'Blonsky' });
      expect(named).not.to.have.property('extensions');
      const moved = await patch({ members: { ADDRESS: { City: 'Rome' } } });
      expect([moved.revision, moved.attributes]).to.deep.equal([3, named.attributes]);
      expect(moved.extensions).to.deep.equal({ Address: { City: 'Rome' } });
      expect((await state()).extensions).to.deep.equal({ ...extensions, Address: { City: 'Rome' } });
    });

    it('L5 H1 is an operation of its own in history, with its pointers', async () => {
      const { patch, profiles, tenant } = await withBruce();
      await patch({ attributes: { Score: null }, extensions: { Phone: [] } }, { actor: 'ann', reason: 'asked' });
      const { items } = await profiles.history(tenant, customerId);
      expect(items[0]).to.deep.include({ operation: 'patch', actor: 'ann', reason: 'asked', revision: 2 });
      expect(items[0]?.changed).to.deep.equal(['/Score', '/Phone']);
    });

    it('L5 R13 a repeated patch changes nothing, not even the revision', async () => {
      const { patch, state } = await withBruce();
      const given = { members: { LastName: null, Address: { City: 'Rome' }, Phone: [{ Number: '3' }] } };
      await patch(given);
      const before = await state();
      expect((await patch(given)).revision).to.equal(2);
      expect(await state()).to.deep.equal(before);
    });

    it('L5 R12 a refused patch changes nothing, and its violations repeat no value', async () => {
      const { patch, state } = await withBruce();
      const before = await state();
      const given = { attributes: { Score: 'secret', Nope: 'secret' }, extensions: { Phone: [{ Number: 5550100 }] } };
      const error = await refusal<InvalidProfileError>(patch(given));
      expect(error.violations.map(({ pointer }) => pointer)).to.have.members([
        '/attributes/Score',
        '/attributes/Nope',
        '/extensions/Phone/0/Number',
      ]);
      expect(JSON.stringify([error.message, error.violations])).not.to.match(/secret|5550100/);
      expect(await state()).to.deep.equal(before);
    });

    it('L5 R14 of twenty patches that expect the same revision, exactly one succeeds', async () => {
      const { patch, other, tenant, state } = await withBruce();
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const given = { attributes: { LastName: `${index}` } };
          const options = { ifRevision: 1 };
          const patched = index % 2 ? patch(given, options) : other.profiles.patch(tenant, customerId, given, options);
          return outcome(patched);
        }),
      );
      expect(outcomes.filter((one) => one === 'ok')).to.have.length(1);
      expect(new Set(outcomes)).to.deep.equal(new Set(['ok', 'revision_conflict']));
      expect((await state()).attributes.LastName).to.equal(`${outcomes.indexOf('ok')}`);
    });

    it('L5 R14 concurrent patches of different members all last', async () => {
      const { patch, other, tenant, state } = await withBruce();
      await Promise.all([
        patch({ members: { FirstName: 'Robert' } }),
        other.profiles.patch(tenant, customerId, { members: { LastName: 'Blonsky' } }),
        patch({ members: { Address: { City: 'Rome' } } }),
        other.profiles.patch(tenant, customerId, { members: { Phone: null } }),
      ]);
      const { revision, ...profile } = await state();
      expect([revision, profile.attributes]).to.deep.equal([
        5,
        { ...attributes, FirstName: 'Robert', LastName: 'Blonsky' },
      ]);
      expect(profile.extensions).to.deep.equal({ Address: { City: 'Rome' }, Phone: [] });
    });

    it('L5 R22 a reading limits what is answered, and not what may be patched', async () => {
      const { patch, profiles, tenant, state } = await withBruce();
      const basedOn = await profiles.get(tenant, customerId, { attributes: ['Score'], extensions: ['Address'] });
      const answer = await patch({ members: { LastName: null, Phone: [{ Number: '2' }] } }, { basedOn });
      expect(answer.attributes).to.deep.equal({ Score: 1 });
      expect(answer.extensions).to.deep.equal({ Address: extensions.Address, Phone: [{ Number: '2' }] });
      const { LastName: _, ...others } = attributes;
      expect((await state()).attributes).to.deep.equal(others);
      const after = await patch({ members: { Score: 2 } }, { basedOn: answer });
      expect([after.revision, after.attributes]).to.deep.equal([3, { Score: 2 }]);
      const stale = await refusal<RevisionConflictError>(patch({ members: { Score: 3 } }, { basedOn }));
      expect([stale.code, stale.currentRevision]).to.deep.equal(['revision_conflict', 3]);
    });

    it('L5 checks what is given before the revision, and the whole after it', async () => {
      const { patch, profiles, schemas, tenant } = await withBruce();
      await schemas.define(tenant, {
        ...SCHEMA,
        attributes: [...SCHEMA.attributes, { name: 'Title', type: 'string', mandatory: true }],
      });
      const stale = { ifRevision: 9 };
      for (const [given, code] of [
        [{ Score: 'x' }, 'invalid_profile'],
        [{ Nope: 1 }, 'invalid_profile'],
        [{ FirstName: null }, 'invalid_profile'],
        [{ Score: 2 }, 'revision_conflict'],
      ] as const) {
        expect(await outcome(patch({ members: given }, stale)), JSON.stringify(given)).to.equal(code);
      }
      const error = await refusal<InvalidProfileError>(patch({ members: { Score: 2 } }, { ifRevision: 1 }));
      expect(error.violations.map(({ pointer, rule }) => [pointer, rule])).to.deep.equal([['/Title', 'R9']]);
      await patch({ members: { Title: 'Dr', Score: 2 } });
      expect((await profiles.get(tenant, customerId)).attributes).to.deep.include({ Title: 'Dr', Score: 2 });
    });

    it('L4 L5 is carried over to a newer state that it does not touch', async () => {
      const { patch, profiles, tenant, state } = await withBruce();
      const basedOn = await state();
      await patch({ members: { LastName: 'Blonsky' } });
      await patch({ members: { Address: { City: 'Rome' } } }, { basedOn, rebase: true });
      const { attributes: after, extensions: records } = await state();
      expect([after.LastName, records?.Address]).to.deep.equal(['Blonsky', { City: 'Rome' }]);
      const conflict = await refusal<RevisionConflictError>(
        patch({ members: { LastName: 'Ross' } }, { basedOn: basedOn.reading, rebase: true }),
      );
      expect([conflict.code, conflict.conflicting]).to.deep.equal(['revision_conflict', ['/LastName']]);
      expect(await outcome(profiles.patch(tenant, customerId, {}, { rebase: true }))).to.equal('malformed_request');
    });

    it('L1 L5 a dry run tells what would change, and stores nothing', async () => {
      const { profiles, tenant, state } = await withBruce();
      const before = await state();
      const { previews } = await profiles.dryRun(tenant, (rehearsal) =>
        rehearsal.patch(tenant, customerId, { members: { Score: null, Email: null, Phone: [{ Number: '1' }] } }),
      );
      expect(previews).to.have.length(1);
      expect(previews[0]?.preview).to.deep.include({
        changed: ['/Phone'],
        defaulted: ['/Score'],
        extensions: [{ name: 'Phone', records: 1 }],
      });
      expect(previews[0]?.preview.cleared).to.deep.equal([{ pointer: '/Email', given: 'null' }]);
      expect(await state()).to.deep.equal(before);
    });

    it('L2 L5 may clear what is protected, since it names it', async () => {
      const { patch, schemas, tenant } = await withBruce();
      const protect = <One extends object>(one: One) => ({ ...one, protected: true });
      const { attributes: definitions, extensions: groups = [] } = SCHEMA;
      await schemas.define(tenant, { attributes: definitions.map(protect), extensions: groups.map(protect) });
      await patch({ members: { LastName: null, Phone: null } });
      expect(await outcome(patch({}, { allowLoss: ['LastName'] }))).to.equal('malformed_request');
    });

    it('L5 R19 R15 is refused as a replacement is', async () => {
      const { patch, profiles, schemas, tenant } = await withBruce();
      await schemas.addKey(tenant, { name: 'byName', attributes: ['LastName'], unique: true });
      await profiles.create(tenant, { attributes: { FirstName: 'Clark', LastName: 'Kent' } });
      expect(await outcome(patch({ members: { LastName: 'Kent' } }))).to.equal('identity_taken');
      expect(await outcome(profiles.patch(tenant, 'nobody', {}))).to.equal('not_found');
      expect(await outcome(profiles.patch(`${tenant}0000`, customerId, {}))).to.equal('schema_not_defined');
    });

    it('L5 R23 leaves residual values, but where a value is given for them', async () => {
      const { patch, profiles, schemas, tenant } = await withBruce();
      const retyped = SCHEMA.attributes.map((one) =>
        one.name === 'LastName' ? ({ name: 'LastName', type: 'integer' } as const) : one,
      );
      await schemas.define(tenant, { ...SCHEMA, attributes: retyped });
      const residual = async () => (await profiles.get(tenant, customerId, { residual: true })) as never as object;
      await patch({ members: { FirstName: 'Robert', LastName: null } });
      expect(await residual()).to.deep.include({ residual: { attributes: { LastName: 'Banner' } } });
      await patch({ members: { LastName: 1 } });
      expect(await residual()).not.to.have.property('residual');
    });

    it('L5 the caller may mutate the patch once it is handed over', async () => {
      const { patch, state } = await withBruce();
      const given = { attributes: { LastName: 'Blonsky' }, extensions: { Address: { City: 'Rome' } } };
      const patched = patch(given);
      given.attributes.LastName = 'Nobody';
      given.extensions.Address.City = 'Nowhere';
      await patched;
      const { attributes: after, extensions: records } = await state();
      expect([after.LastName, records?.Address]).to.deep.equal(['Blonsky', { City: 'Rome' }]);
    });
  });
}
