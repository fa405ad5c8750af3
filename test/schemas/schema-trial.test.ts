import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { SchemaDefinition, SchemaInUseError, SchemaReport } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import { BRUCE, createServicesWithBruce, outcome, SCHEMA, TENANT, tickingClock } from '../service-harness.js';

/** A report in which nothing was found, but for what is given. */
function reportWith(found: Partial<SchemaReport>): SchemaReport {
  return {
    fits: true,
    profiles: 1,
    changed: 0,
    violations: [],
    residual: [],
    returning: [],
    records: [],
    agreeing: [],
    collisions: [],
    keysInUse: [],
    ...found,
  };
}

const ofBruce = (pointer: string, count = 1) => ({ pointer, count, profiles: 1, customerIds: ['bruce'] });

function withAttributes(change: (name: string) => Partial<SchemaDefinition['attributes'][number]> | undefined) {
  const attributes = SCHEMA.attributes.flatMap((one) => {
    const changed = change(one.name);
    return changed ? [{ ...one, ...changed }] : [];
  });
  return { ...SCHEMA, attributes };
}

/** Writes once, as soon as the first page has been read. */
function onFirstPage(repository: ProfileRepository, write: () => Promise<unknown>): void {
  const page = repository.page.bind(repository);
  let wrote = false;
  repository.page = async (tenantId, request) => {
    const answered = await page(tenantId, request);
    if (!wrote) await write();
    wrote = true;
    return answered;
  };
}

describe('trying a schema change', () => {
  it('S1 finds nothing for the current schema, and for a tenant without profiles', async () => {
    const { schemas } = await createServicesWithBruce();
    expect(await schemas.tryOut(TENANT, SCHEMA)).to.deep.equal(reportWith({}));
    expect(await schemas.tryOut('2', SCHEMA)).to.deep.equal(reportWith({ profiles: 0 }));
  });

  it('S1 changes nothing', async () => {
    const { schemas, state } = await createServicesWithBruce();
    const before = [await schemas.get(TENANT), await state()];
    await schemas.tryOut(TENANT, { attributes: [] });
    await schemas.tryOut(TENANT, { addKey: { name: 'byName', attributes: ['FirstName'], unique: true } });
    expect([await schemas.get(TENANT), await state()]).to.deep.equal(before);
  });

  it('S1 R9 R24 counts violations by pointer and rule, without positions in lists', async () => {
    const { schemas, profiles } = await createServicesWithBruce();
    await profiles.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Clark' } });
    const changes: Record<string, object> = { LastName: { mandatory: true }, Email: { pattern: 'a.*', maxItems: 1 } };
    const report = await schemas.tryOut(
      TENANT,
      withAttributes((name) => changes[name] ?? {}),
    );
    expect(
      report.violations.map(({ pointer, rule, count, profiles, customerIds }) => [
        pointer,
        rule,
        count,
        profiles,
        customerIds,
      ]),
    ).to.deep.equal([
      ['/Email', 'R24', 1, 1, ['bruce']],
      ['/Email', 'R24', 1, 1, ['bruce']],
      ['/LastName', 'R9', 1, 1, ['clark']],
    ]);
    expect(report.fits).to.equal(false);
  });

  it('S1 R24 finds constraints that records break', async () => {
    const { schemas } = await createServicesWithBruce();
    const [address, phone] = SCHEMA.extensions ?? [];
    const kind = { name: 'Kind', type: 'string', mandatory: true } as const;
    const extensions = [address, { ...phone, attributes: [{ name: 'Number', type: 'string', minLength: 2 }, kind] }];
    const proposed = { ...SCHEMA, extensions } as SchemaDefinition;
    const { violations } = await schemas.tryOut(TENANT, JSON.parse(JSON.stringify(proposed)));
    expect(violations.map(({ pointer, rule, count }) => [pointer, rule, count])).to.deep.equal([
      ['/Phone/Kind', 'R9', 1],
      ['/Phone/Number', 'R24', 2],
    ]);
  });

  it('S1 R23 tells which values become residual, and which come back', async () => {
    const { schemas } = await createServicesWithBruce();
    const proposed = withAttributes((name) =>
      name === 'Email' ? undefined : name === 'Score' ? { type: 'string', default: '7' } : {},
    );
    const residual = [ofBruce('/Email', 2), ofBruce('/Score')];
    expect(await schemas.tryOut(TENANT, proposed)).to.deep.equal(reportWith({ fits: false, residual }));
    await schemas.define(TENANT, proposed);
    expect(await schemas.tryOut(TENANT, SCHEMA)).to.deep.equal(reportWith({ returning: residual }));
  });

  it('S1 R23 also within records', async () => {
    const { schemas } = await createServicesWithBruce();
    const [address, phone] = SCHEMA.extensions ?? [];
    const extensions = [
      address,
      { ...phone, attributes: [{ name: 'Number', type: 'string' }] },
    ] as SchemaDefinition['extensions'];
    const { residual } = await schemas.tryOut(TENANT, { ...SCHEMA, extensions });
    expect(residual).to.deep.equal([ofBruce('/Phone/Kind')]);
    await schemas.define(TENANT, { ...SCHEMA, extensions });
    expect((await schemas.tryOut(TENANT, SCHEMA)).returning).to.deep.equal(residual);
  });

  it('S1 W8 counts the records of extensions that go, and names the keys in use', async () => {
    const { schemas } = await createServicesWithBruce();
    await schemas.addKey(TENANT, { name: 'byScore', attributes: ['Score'] });
    expect(await schemas.tryOut(TENANT, { removeExtension: 'phone' })).to.deep.equal(
      reportWith({ fits: false, records: [ofBruce('/Phone', 2)] }),
    );
    const retyped = withAttributes((name) => (name === 'Score' ? { type: 'long' } : {})).attributes;
    const { keysInUse, fits } = await schemas.tryOut(TENANT, { defineAttributes: retyped });
    expect([fits, keysInUse]).to.deep.equal([false, ['byScore']]);
  });

  it('S1 R10 counts records that agree, as the change itself does', async () => {
    const [address, phone] = SCHEMA.extensions ?? [];
    const { unique: _, ...loose } = phone ?? { name: 'Phone', type: 'multi-valued', attributes: [] };
    const { schemas, profiles } = await createServicesWithBruce();
    await schemas.define(TENANT, { ...SCHEMA, extensions: address ? [address, loose] : [] });
    const Phone = [{ Number: '1' }, { Number: '1', Kind: 'home' }, { Number: '1', Kind: 'work' }];
    await profiles.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Clark' }, extensions: { Phone } });
    const { agreeing, violations } = await schemas.tryOut(TENANT, SCHEMA);
    expect([agreeing, violations]).to.deep.equal([
      [{ pointer: '/Phone', count: 2, profiles: 1, customerIds: ['clark'] }],
      [],
    ]);
    expect(await outcome(schemas.define(TENANT, SCHEMA))).to.equal('schema_in_use');
  });

  it('S1 R21 counts collisions of new unique keys, as the change itself does; those of stored keys cannot collide', async () => {
    const { schemas, profiles } = await createServicesWithBruce();
    for (const customerId of ['clark', 'diana', 'ella'])
      await profiles.create(TENANT, { customerId, attributes: { FirstName: 'Bruce', LastName: customerId } });
    await schemas.addKey(TENANT, { name: 'byLast', attributes: ['LastName'], unique: true });
    const addKey = { name: 'byFirst', attributes: ['FirstName'], unique: true };
    const { collisions, fits } = await schemas.tryOut(TENANT, { addKey });
    expect([fits, collisions]).to.deep.equal([false, [{ key: 'byFirst', count: 3, customerIds: ['bruce', 'clark'] }]]);
    const refusal = await schemas.addKey(TENANT, addKey).catch((error: SchemaInUseError) => error);
    expect(refusal).to.have.property('collisions', 3);
  });

  it('S1 names at most ten customers, and counts all', async () => {
    const { schemas, profiles } = await createServicesWithBruce();
    const ids = Array.from({ length: 25 }, (_, number) => `clark-${String(number).padStart(2, '0')}`);
    await profiles.createMany(
      TENANT,
      ids.map((customerId) => ({ customerId, attributes: { FirstName: 'Clark' } })),
    );
    const mandatory = withAttributes((name) => (name === 'LastName' ? { mandatory: true } : {}));
    const [violation] = (await schemas.tryOut(TENANT, mandatory)).violations;
    expect(violation).to.deep.include({ count: 25, profiles: 25, customerIds: ids.slice(0, 10) });
  });

  it('S1 counts the profiles that were created or changed meanwhile', async () => {
    const { schemas, profiles, repository } = await createServicesWithBruce(undefined, { now: tickingClock() });
    const attributes = { FirstName: 'Clark' };
    await profiles.create(TENANT, { customerId: 'diana', attributes });
    onFirstPage(repository, async () => {
      await profiles.create(TENANT, { customerId: 'clark', attributes });
      await profiles.replace(TENANT, 'bruce', { attributes });
    });
    const report = await schemas.tryOut(TENANT, SCHEMA);
    expect([report.profiles, report.changed]).to.deep.equal([2, 2]);
  });

  it('S1 reports progress, and refuses what the change itself refuses', async () => {
    const { schemas } = await createServicesWithBruce();
    const progress: number[] = [];
    await schemas.tryOut(TENANT, SCHEMA, { onProgress: (profiles) => progress.push(profiles) });
    expect(progress).to.deep.equal([1]);
    const key = { name: 'byName', attributes: ['FirstName'] };
    const wrong = { attributes: [{ name: '1st', type: 'string' }] } as const;
    expect(await outcome(schemas.tryOut(TENANT, wrong))).to.equal('invalid_schema');
    expect(await outcome(schemas.tryOut('2', { addKey: key }))).to.equal('schema_not_defined');
    expect(await outcome(schemas.tryOut(TENANT, { removeKey: 'byName' }))).to.equal('not_found');
    expect(await outcome(schemas.tryOut(TENANT, SCHEMA, { ifVersion: 9 }))).to.equal('revision_conflict');
    expect(await outcome(schemas.tryOut(TENANT, { addKeys: [key] } as never))).to.equal('malformed_request');
    expect(await outcome(schemas.tryOut(TENANT, { addKey: key, removeKey: 'byName' } as never))).to.equal(
      'malformed_request',
    );
  });

  it('S1 yields to the event loop during the walk', async () => {
    const { schemas, profiles } = await createServicesWithBruce();
    for (const letter of ['a', 'b', 'c']) {
      const ids = Array.from({ length: 200 }, (_, number) => `${letter}${number}`);
      await profiles.createMany(
        TENANT,
        ids.map((customerId) => ({ customerId, attributes: { FirstName: customerId } })),
      );
    }
    let [turns, walking] = [0, true];
    const counting = (async () => {
      for (; walking; turns += 1) await setImmediate();
    })();
    await schemas.tryOut(TENANT, SCHEMA);
    walking = false;
    await counting;
    expect(turns).to.be.at.least(12);
  });

  it('S1 a report has no values', async () => {
    const { schemas } = await createServicesWithBruce();
    const report = JSON.stringify(
      await schemas.tryOut(TENANT, { attributes: [{ name: 'FirstName', type: 'string', minLength: 99 }] }),
    );
    for (const value of ['Bruce', 'Banner', 'example.com', 'Dayton', 'home']) expect(report).not.to.contain(value);
  });
});

describe('checked schema changes', () => {
  const broken = withAttributes((name) => (name === 'LastName' ? { minLength: 40 } : {}));
  const proposed: SchemaDefinition = JSON.parse(JSON.stringify(broken));

  it('S2 are refused with the report, and change nothing', async () => {
    const { schemas } = await createServicesWithBruce();
    const report = await schemas.tryOut(TENANT, proposed);
    const refusal = await schemas.define(TENANT, proposed, { checked: true }).catch((error: SchemaInUseError) => error);
    expect(refusal).to.deep.include({ code: 'schema_in_use', report });
    expect((await schemas.get(TENANT)).version).to.equal(1);
    await schemas.define(TENANT, proposed);
  });

  it('S2 whatever the change: attributes, an extension, a key', async () => {
    const { schemas, profiles } = await createServicesWithBruce();
    await profiles.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Bruce' } });
    const options = { checked: true };
    const key = { name: 'byName', attributes: ['FirstName'], unique: true };
    const changes = [
      () => schemas.defineAttributes(TENANT, proposed.attributes, options),
      () => schemas.removeExtension(TENANT, 'Phone', options),
      () => schemas.addKey(TENANT, key, options),
    ];
    for (const change of changes) {
      const refusal = await change().catch((error: SchemaInUseError) => error);
      expect(refusal).to.have.nested.property('report.fits', false);
    }
    await schemas.addExtension(TENANT, { name: 'Visit', type: 'multi-valued', attributes: [] }, options);
    await schemas.removeExtension(TENANT, 'Phone', { ...options, force: true });
    await schemas.addKey(TENANT, { ...key, unique: false }, options);
  });

  it('S2 the schema that is stored already is no change', async () => {
    const { schemas } = await createServicesWithBruce();
    await schemas.define(TENANT, proposed);
    expect((await schemas.define(TENANT, proposed, { checked: true })).version).to.equal(2);
  });

  it('S2 what is written meanwhile goes by the old schema', async () => {
    const { schemas, profiles, repository } = await createServicesWithBruce();
    const { LastName: _, ...attributes } = BRUCE.attributes;
    await profiles.replace(TENANT, 'bruce', { attributes });
    onFirstPage(repository, () => profiles.create(TENANT, { customerId: 'clark', attributes: BRUCE.attributes }));
    expect((await schemas.define(TENANT, proposed, { checked: true })).version).to.equal(2);
    expect((await profiles.get(TENANT, 'clark')).attributes).to.deep.include({ LastName: 'Banner' });
  });
});
