import { expect } from 'chai';
import type { ExtensionDefinition, LossNotAllowedError, RevisionConflictError } from 'dossier';
import fc from 'fast-check';
import { propertyRuns } from '../property-runs.js';
import {
  BRUCE,
  createServices,
  createServicesWithBruce,
  outcome,
  refusal,
  SCHEMA,
  TENANT,
} from '../service-harness.js';

const { customerId, attributes, extensions } = BRUCE;

describe('ProfileService: preview (L1)', () => {
  it('L1 tells what a replacement would do, and does nothing', async () => {
    const { profiles, state, schemas } = await createServicesWithBruce();
    await schemas.addKey(TENANT, { name: 'byEmail', attributes: ['Email'] });
    const before = await state();
    const given = {
      attributes: { FirstName: 'Robert', Email: [], LastName: null },
      extensions: { Phone: [{ Number: '1' }] },
    };
    const preview = await profiles.preview(TENANT, customerId, given as never);
    expect(preview).to.deep.equal({
      outcome: 'changed',
      added: [],
      changed: ['/FirstName', '/Phone'],
      cleared: [
        { pointer: '/LastName', given: 'null' },
        { pointer: '/Email', given: '[]' },
        { pointer: '/Address', given: 'omitted' },
      ],
      defaulted: ['/Score'],
      extensions: [
        { name: 'Address', records: 1 },
        { name: 'Phone', records: 1 },
      ],
      keys: ['byEmail'],
    });
    expect(await state()).to.deep.equal(before);
    expect((await profiles.history(TENANT, customerId)).items).to.have.length(1);
  });

  it('L1 R13 says that nothing would change', async () => {
    const { profiles } = await createServicesWithBruce();
    expect((await profiles.preview(TENANT, customerId, { attributes })).outcome).to.equal('unchanged');
    const labelled = await profiles.preview(TENANT, customerId, { attributes }, { segment: 'gold' });
    expect([labelled.outcome, labelled.added]).to.deep.equal(['changed', ['/segment']]);
  });

  it('L1 is refused exactly as the replacement would be', async () => {
    const { profiles, schemas, state } = await createServicesWithBruce();
    await schemas.addKey(TENANT, { name: 'byName', attributes: ['LastName'], unique: true });
    await profiles.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Clark', LastName: 'Kent' } });
    const stale = (await state()).reading;
    await profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' } });
    const cases = [
      { given: { attributes: {} }, options: {}, code: 'invalid_profile' },
      { given: { attributes: { FirstName: 'x', LastName: 'Kent' } }, options: {}, code: 'identity_taken' },
      { given: { attributes }, options: { basedOn: stale }, code: 'revision_conflict' },
      { given: { attributes }, options: { ifRevision: 1 }, code: 'revision_conflict' },
    ];
    for (const { given, options, code } of cases) {
      expect(await outcome(profiles.preview(TENANT, customerId, given, options))).to.equal(code);
      expect(await outcome(profiles.replace(TENANT, customerId, given, options))).to.equal(code);
    }
    expect(await outcome(profiles.preview(TENANT, 'nobody', { attributes }))).to.equal('not_found');
  });
});

describe('ProfileService: dry runs (L1)', () => {
  it('L1 tells what each change would do, stores none, and answers no reading to base a change on', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const before = await state();
    const { result, previews } = await profiles.dryRun(TENANT, async (rehearsal) => {
      await rehearsal.deleteRecord(TENANT, customerId, 'Phone', { Number: '1' });
      await rehearsal.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Clark' } });
      return rehearsal.replace(TENANT, customerId, { attributes: { FirstName: 'Robert' } });
    });
    expect(previews.map(({ customerId: id, preview }) => [id, preview.added, preview.changed])).to.deep.equal([
      [customerId, [], ['/Phone']],
      ['clark', ['/FirstName'], []],
      [customerId, [], ['/FirstName']],
    ]);
    expect(await outcome(profiles.get(TENANT, 'clark'))).to.equal('not_found');
    expect(await state()).to.deep.equal(before);
    const basedOn = profiles.replace(TENANT, customerId, { attributes }, { basedOn: result });
    expect(await outcome(basedOn)).to.equal('revision_conflict');
  });

  it('L1 R17 has no preview of a profile of another tenant', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await schemas.define('2', SCHEMA);
    const create = (rehearsal: typeof profiles) => rehearsal.create('2', { attributes: { FirstName: 'Clark' } });
    expect((await profiles.dryRun(TENANT, create)).previews).to.deep.equal([]);
    expect((await profiles.dryRun('2', create)).previews).to.have.length(1);
  });

  it('L1 R15 without a schema a preview is refused as the replacement is', async () => {
    const { profiles } = createServices();
    expect(await outcome(profiles.preview(TENANT, customerId, { attributes }))).to.equal('schema_not_defined');
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes }))).to.equal('schema_not_defined');
  });
});

describe('ProfileService: guard against loss (L2)', () => {
  const guarded = async () => {
    const services = await createServicesWithBruce();
    const names = ['LastName', 'Score', 'Phone'];
    const protect = <Definition extends { readonly name: string }>(definition: Definition) =>
      names.includes(definition.name) ? { ...definition, protected: true } : definition;
    await services.schemas.define(TENANT, {
      attributes: SCHEMA.attributes.map(protect),
      extensions: (SCHEMA.extensions ?? []).map(protect),
    });
    return services;
  };

  it('L2 refuses to clear a protected member by leaving it out, or to put its default in its place', async () => {
    const { profiles, state } = await guarded();
    const before = await state();
    const given = { attributes: { FirstName: 'x' }, extensions: { Address: { City: 'y' } } };
    const refused = await refusal<LossNotAllowedError>(profiles.replace(TENANT, customerId, given));
    expect([refused.code, refused.pointers]).to.deep.equal(['loss_not_allowed', ['/LastName', '/Phone', '/Score']]);
    expect(await state()).to.deep.equal(before);
    expect(await outcome(profiles.preview(TENANT, customerId, given))).to.equal('loss_not_allowed');
  });

  it('L2 null, [] and allowLoss say that it is meant', async () => {
    const { profiles, state } = await guarded();
    const given = { attributes: { FirstName: 'x', LastName: null }, extensions: { Phone: [] } };
    const options = { allowLoss: ['score'] };
    await profiles.replace(TENANT, customerId, given as never, options);
    expect((await state()).attributes).to.deep.equal({ FirstName: 'x', Score: 7 });
  });

  it('L2 an unknown name in allowLoss is refused, also where nothing is lost or changed', async () => {
    for (const { profiles, state } of [await guarded(), await createServicesWithBruce()]) {
      const { attributes: same } = await state();
      const unknown = { allowLoss: ['Nope'] };
      for (const change of [
        () => profiles.replace(TENANT, customerId, { attributes }, unknown),
        () => profiles.replace(TENANT, customerId, { attributes: same }, unknown),
        () => profiles.preview(TENANT, customerId, { attributes: same }, unknown),
        () => profiles.restore(TENANT, customerId, 1, unknown),
      ]) {
        expect(await outcome(change())).to.equal('malformed_request');
      }
      expect((await state()).revision).to.equal(1);
    }
  });

  it('L2 R16 only the newest schema refuses: not one in memory that still protects, or does not know a name', async () => {
    const { profiles, repository } = await guarded();
    const basedOn = await profiles.get(TENANT, customerId, { extensions: 'all' });
    const fax: ExtensionDefinition = { name: 'Fax', type: 'single-valued', attributes: [] };
    await createServices(repository).schemas.define(TENANT, {
      ...SCHEMA,
      extensions: [...(SCHEMA.extensions ?? []), fax],
    });
    const given = { attributes: { FirstName: 'x' } };
    const replaced = await profiles.replace(TENANT, customerId, given, { basedOn, allowLoss: ['Fax'] });
    expect(replaced.attributes).to.deep.equal({ FirstName: 'x', Score: 7 });
  });

  it('L2 R22 what a reading did not show is not cleared, hence never guarded', async () => {
    const { profiles } = await guarded();
    const basedOn = await profiles.get(TENANT, customerId, { attributes: ['FirstName'] });
    expect(
      await outcome(profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' } }, { basedOn })),
    ).to.equal('ok');
  });

  it('L2 a name in allowLoss that the schema does not know is refused, also where nothing would change', async () => {
    const { profiles } = await guarded();
    const options = { allowLoss: ['Nope'] };
    expect(await outcome(profiles.replace(TENANT, customerId, { attributes }, options))).to.equal('malformed_request');
    expect(await outcome(profiles.restore(TENANT, customerId, 1, options))).to.equal('malformed_request');
    await profiles.delete(TENANT, customerId);
    expect(await outcome(profiles.restore(TENANT, customerId, 1, options))).to.equal('malformed_request');
  });

  it('L2 L3 a profile that has changed is a conflict, before it is a loss', async () => {
    const { profiles, state } = await guarded();
    const stale = await state();
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, Score: 3 } });
    for (const basedOn of [stale, stale.reading]) {
      const replacing = profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' } }, { basedOn });
      expect(await outcome(replacing)).to.equal('revision_conflict');
    }
  });

  it('L2 R16 a schema that is no longer the newest refuses no loss', async () => {
    const { repository, profiles, state } = await guarded();
    const basedOn = await state();
    await createServices(repository).schemas.define(TENANT, SCHEMA);
    const replacing = profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' } }, { basedOn });
    expect(await outcome(replacing)).to.equal('ok');
  });

  it('L1 L2 R7 R23 an extension that came back from a residual value stays, hence is no loss', async () => {
    const { profiles, schemas, state } = await createServicesWithBruce(undefined, { lossGuard: true });
    const withoutPhone = (SCHEMA.extensions ?? []).filter(({ name }) => name !== 'Phone');
    await schemas.define(TENANT, { ...SCHEMA, extensions: withoutPhone }, { force: true });
    await profiles.restore(TENANT, customerId, 1);
    await schemas.define(TENANT, SCHEMA);
    const given = { attributes: { ...attributes, FirstName: 'Robert' } };
    const { changed, cleared } = await profiles.preview(TENANT, customerId, given);
    expect([changed, cleared]).to.deep.equal([['/FirstName'], []]);
    await profiles.replace(TENANT, customerId, given);
    expect((await state()).extensions).to.deep.equal(extensions);
  });

  it('L2 lossGuard protects everything; rows of an import and restoring are guarded, other changes are not', async () => {
    const { profiles, state } = await createServicesWithBruce(undefined, { lossGuard: true });
    const replace = () => profiles.replace(TENANT, customerId, { attributes: { FirstName: 'x' } });
    expect(await outcome(replace())).to.equal('loss_not_allowed');
    const rows = [{ line: 1, customerId, members: { FirstName: 'x' } }];
    const imported = await profiles.import(TENANT, rows, { existing: 'replace' });
    expect(imported.errors.map(({ code }) => code)).to.deep.equal(['loss_not_allowed']);
    await profiles.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Clark' } });
    await profiles.replace(TENANT, 'clark', { attributes: { FirstName: 'Clark', LastName: 'Kent' } });
    expect(await outcome(profiles.restore(TENANT, 'clark', 1))).to.equal('loss_not_allowed');
    expect(await outcome(profiles.restore(TENANT, 'clark', 1, { allowLoss: ['LastName'] }))).to.equal('ok');
    await profiles.insertRecords(TENANT, 'clark', { Phone: { Number: '1' } });
    const refused = await refusal<LossNotAllowedError>(profiles.restore(TENANT, 'clark', 1));
    expect([refused.code, refused.pointers], 'records count too').to.deep.equal(['loss_not_allowed', ['/Phone']]);
    await profiles.deleteRecord(TENANT, customerId, 'Phone', { Number: '1' });
    expect((await state()).extensions?.Phone).to.have.length(1);
    expect(await outcome(profiles.delete(TENANT, customerId))).to.equal('ok');
  });
});

describe('ProfileService: conflicts (L3) and rebase (L4)', () => {
  it('L3 a conflict says what others changed, and what of it the change touches; values on request', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const basedOn = await state();
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: 'Blonsky', Score: 2 } });
    const mine = { attributes: { ...attributes, FirstName: 'Robert', LastName: 'Banner-Ross' } };
    for (const options of [{ basedOn }, { basedOn: basedOn.reading }, { ifRevision: 1 }]) {
      const conflict = await refusal<RevisionConflictError>(profiles.replace(TENANT, customerId, mine, options));
      expect([conflict.changed, conflict.conflicting]).to.deep.equal([['/LastName', '/Score'], ['/LastName']]);
      expect(JSON.stringify(conflict)).not.to.include('Blonsky');
      expect(conflict.states()?.current.attributes.LastName).to.equal('Blonsky');
      expect(conflict.states()?.expected.attributes.LastName).to.equal('Banner');
    }
    const several = await refusal<RevisionConflictError>(
      profiles.replace(TENANT, customerId, mine, { ifRevision: [1, 7] }),
    );
    expect([several.changed, several.conflicting, several.states()]).to.deep.equal([undefined, undefined, undefined]);
  });

  it('L3 a conflict of a deletion, a merge or an unmerge says what others changed, and nothing that conflicts', async () => {
    const { profiles, state } = await createServicesWithBruce();
    await profiles.create(TENANT, { customerId: 'hulk', attributes: { FirstName: 'Hulk' } });
    const basedOn = await state();
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: 'Blonsky' } });
    for (const options of [{ basedOn }, { basedOn: basedOn.reading }, { ifRevision: 1 }]) {
      for (const call of [
        profiles.delete(TENANT, customerId, options),
        profiles.merge(TENANT, customerId, 'hulk', options),
        profiles.unmerge(TENANT, customerId, 'hulk', options),
      ]) {
        const conflict = await refusal<RevisionConflictError>(call);
        expect([conflict.code, conflict.currentRevision]).to.deep.equal(['revision_conflict', 2]);
        expect([conflict.changed, conflict.conflicting]).to.deep.equal([['/LastName'], undefined]);
        expect(conflict.states()?.expected.attributes.LastName).to.equal('Banner');
      }
    }
    const unknown = await refusal<RevisionConflictError>(profiles.delete(TENANT, customerId, { ifRevision: [1, 9] }));
    expect([unknown.changed, unknown.states()]).to.deep.equal([undefined, undefined]);
  });

  it('L3 without history, the state is known from the profile that was answered, of all changes', async () => {
    const { profiles, state } = await createServicesWithBruce(undefined, { history: 'none' });
    const basedOn = await state();
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: 'Blonsky' } });
    for (const options of [{ basedOn }, { basedOn: basedOn.reading }]) {
      for (const call of [
        profiles.delete(TENANT, customerId, options),
        profiles.insertRecords(TENANT, customerId, { Phone: { Number: '9' } }, options),
        profiles.replace(TENANT, customerId, { attributes }, options),
      ]) {
        const { changed } = await refusal<RevisionConflictError>(call);
        expect(changed).to.deep.equal(options.basedOn === basedOn ? ['/LastName'] : undefined);
      }
    }
  });

  it('L4 both get their way where they do not touch the same', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const basedOn = await state();
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: 'Blonsky' } });
    await profiles.insertRecords(TENANT, customerId, { Phone: { Number: '3' } });
    const Phone = [{ Number: '1', Kind: 'work' }, { Number: '4' }];
    const mine = { attributes: { ...attributes, FirstName: 'Robert' }, extensions: { ...extensions, Phone } };
    expect(await outcome(profiles.replace(TENANT, customerId, mine, { basedOn }))).to.equal('revision_conflict');
    const answer = await profiles.replace(TENANT, customerId, mine, { basedOn, rebase: true });
    expect(answer.revision).to.equal(4);
    const now = await state();
    expect(now.attributes).to.deep.equal({ ...attributes, FirstName: 'Robert', LastName: 'Blonsky' });
    expect(now.extensions?.Phone).to.deep.equal([{ Number: '1', Kind: 'work' }, { Number: '3' }, { Number: '4' }]);
  });

  it('L4 a segment that is the same as in the base is no change of it', async () => {
    const { profiles, state } = await createServicesWithBruce();
    await profiles.replace(TENANT, customerId, { attributes }, { segment: 'silver' });
    const basedOn = await state();
    await profiles.replace(TENANT, customerId, { attributes }, { segment: 'gold' });
    const replace = (FirstName: string, segment: string) =>
      outcome(
        profiles.replace(
          TENANT,
          customerId,
          { attributes: { ...attributes, FirstName } },
          { basedOn, rebase: true, segment },
        ),
      );
    expect(await replace('Robert', 'silver')).to.equal('ok');
    expect((await state()).segment).to.equal('gold');
    expect(await replace('Robert', 'bronze')).to.equal('revision_conflict');
  });

  it('L3 a record that the expected state does not have, or the present one, is a conflict', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const basedOn = await state();
    await profiles.insertRecords(TENANT, customerId, { Phone: { Number: '3' } });
    await profiles.deleteRecord(TENANT, customerId, 'Phone', { Number: '1' });
    for (const number of ['3', '1']) {
      const updating = profiles.updateRecord(TENANT, customerId, 'Phone', { Number: number, Kind: 'x' }, { basedOn });
      expect((await refusal<RevisionConflictError>(updating)).changed, number).to.deep.equal(['/Phone']);
    }
  });

  it('L4 where both touch the same, or the base is not known, the conflict stands', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const basedOn = await state();
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: 'Blonsky' } });
    const replace = (LastName: string, options: object) =>
      outcome(
        profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName } }, { rebase: true, ...options }),
      );
    expect(await replace('Ross', { basedOn })).to.equal('revision_conflict');
    expect(await replace('Blonsky', { basedOn }), 'both end with the same').to.equal('ok');
    expect(await replace('Ross', { ifRevision: 9 })).to.equal('revision_conflict');
    for (const options of [{}, { ifRevision: [1, 2] }, { ifRevision: 1, basedOn }]) {
      expect(await replace('Ross', options)).to.equal('malformed_request');
    }
    await profiles.delete(TENANT, customerId);
    await profiles.create(TENANT, BRUCE);
    expect(await replace('Ross', { basedOn })).to.equal('revision_conflict');
  });

  it('L4 the result is checked as a whole', async () => {
    const { profiles, schemas, state } = await createServicesWithBruce();
    const basedOn = await state();
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: 'Blonsky' } });
    await schemas.defineAttributes(
      TENANT,
      SCHEMA.attributes.map((one) => (one.name === 'LastName' ? { ...one, length: 6 } : one)),
    );
    const mine = { attributes: { ...attributes, FirstName: 'Robert' } };
    expect(await outcome(profiles.replace(TENANT, customerId, mine, { basedOn, rebase: true }))).to.equal(
      'invalid_profile',
    );
  });

  it('L1 L4 a preview equals the difference, disjoint changes commute, and an overlapping one is never merged', async () => {
    const { profiles, schemas } = createServices();
    const names = ['A', 'B', 'C'];
    await schemas.define(TENANT, { attributes: names.map((name) => ({ name, type: 'integer' })) });
    const values = fc.record({ A: fc.nat(2), B: fc.nat(2), C: fc.nat(2) }, { requiredKeys: [] });
    const property = fc.asyncProperty(values, values, values, async (base, theirs, mine) => {
      const { customerId: id } = await profiles.create(TENANT, { attributes: base });
      const basedOn = await profiles.get(TENANT, id);
      const preview = await profiles.preview(TENANT, id, { attributes: theirs });
      await profiles.replace(TENANT, id, { attributes: theirs });
      const of = (from: object, to: object) =>
        names.filter((name) => (from as Record<string, unknown>)[name] !== (to as Record<string, unknown>)[name]);
      const touched = [...preview.added, ...preview.changed, ...preview.cleared.map(({ pointer }) => pointer)];
      expect(touched.toSorted()).to.deep.equal(of(base, theirs).map((name) => `/${name}`));
      const overlapping = of(base, theirs).filter(
        (name) => of(base, mine).includes(name) && of(theirs, mine).includes(name),
      );
      const result = await outcome(profiles.replace(TENANT, id, { attributes: mine }, { basedOn, rebase: true }));
      expect(result).to.equal(overlapping.length > 0 ? 'revision_conflict' : 'ok');
      const merged = Object.fromEntries(
        names.flatMap((name) => {
          const side = of(base, mine).includes(name) ? mine : theirs;
          return Object.hasOwn(side, name) ? [[name, (side as Record<string, unknown>)[name]]] : [];
        }),
      );
      expect((await profiles.get(TENANT, id)).attributes).to.deep.equal(overlapping.length > 0 ? theirs : merged);
    });
    await fc.assert(property, { numRuns: propertyRuns({ full: 2_000, quick: 80 }) });
  });
});

describe('ProfileService: names that objects inherit', () => {
  it('R2, L1, L4 preview and rebase take no member for stored that is not', async () => {
    const { profiles, schemas } = createServices();
    const Extension = { name: 'valueOf', type: 'multi-valued', attributes: [] } as const;
    const names = ['Name', 'constructor', 'toString'];
    const definitions = names.map((name) => ({ name, type: 'string' }) as const);
    await schemas.define(TENANT, { attributes: definitions, extensions: [Extension] });
    const base = await profiles.create(TENANT, { attributes: { Name: 'Ann' } });
    const nothing = { attributes: { Name: 'Ann' }, extensions: { valueOf: [] } };
    const preview = await profiles.preview(TENANT, base.customerId, nothing as never);
    expect(preview).to.deep.include({ outcome: 'unchanged', extensions: [] });

    await profiles.patch(TENANT, base.customerId, { attributes: { Name: 'Anna' } });
    const mine = { attributes: { Name: 'Ann', toString: 'b' } };
    const options = { basedOn: base, rebase: true };
    const rebased = await profiles.replace(TENANT, base.customerId, mine as never, options);
    expect(rebased.attributes).to.deep.equal({ Name: 'Anna', toString: 'b' });
  });
});
