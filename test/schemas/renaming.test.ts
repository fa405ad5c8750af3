import { expect } from 'chai';
import type { InvalidProfileError, InvalidSchemaError, SchemaDefinition, SchemaInUseError } from 'dossier';
import { createServices, outcome, refusal } from '../service-harness.js';

const V1: SchemaDefinition = {
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'Mail', type: 'string', multiValued: true },
    { name: 'Plan', type: 'string', protected: true },
  ],
  extensions: [
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string' },
        { name: 'Kind', type: 'string' },
      ],
      unique: ['Number'],
    },
  ],
  identificationKeys: [
    { name: 'byMail', attributes: ['Mail'], unique: true },
    { name: 'byPhone', source: 'Phone', attributes: ['Number'] },
  ],
};

/** All names of V1, renamed. */
const V2: SchemaDefinition = {
  attributes: [
    { name: 'FullName', type: 'string', formerly: ['Name'] },
    { name: 'Email', type: 'string', multiValued: true, formerly: ['MAIL'] },
    { name: 'Tariff', type: 'string', protected: true, formerly: ['Plan'] },
  ],
  extensions: [
    {
      name: 'Telephone',
      type: 'multi-valued',
      formerly: ['Phone'],
      attributes: [
        { name: 'No', type: 'string', formerly: ['Number'] },
        { name: 'Use', type: 'string', formerly: ['Kind'] },
      ],
      unique: ['No'],
    },
  ],
  identificationKeys: [
    { name: 'byMail', attributes: ['Email'], unique: true },
    { name: 'byPhone', source: 'Telephone', attributes: ['No'] },
  ],
};

const ANN = {
  customerId: 'ann',
  attributes: { Name: 'Ann', Mail: ['a@x.org'], Plan: 'gold' },
  extensions: { Phone: [{ Number: '1', Kind: 'home' }] },
};

const renamedAnn = {
  attributes: { FullName: 'Ann', Email: ['a@x.org'], Tariff: 'gold' },
  extensions: { Telephone: [{ No: '1', Use: 'home' }] },
};

/** A tenant with V1 and one profile. */
async function withAnn() {
  const { dossier, repository } = createServices();
  const { profiles, schemas } = dossier.tenant('1');
  await schemas.define(V1);
  await profiles.create(ANN);
  const content = async () => {
    const { attributes, extensions } = await profiles.get('ann', { extensions: 'all' });
    return { attributes, extensions };
  };
  const find = async (values: Record<string, string>) =>
    (await profiles.identify({ values })).items.map(({ customerId }) => customerId);
  return { repository, profiles, schemas, content, find };
}

const noBackfill = {
  onProgress: () => {
    throw new Error('A key was backfilled.');
  },
};

describe('renaming', () => {
  it('R26 answers and finds under the new names what is stored under the former ones, and rewrites nothing', async () => {
    const { profiles, schemas, content, find } = await withAnn();
    expect((await schemas.tryOut(V2)).fits).to.equal(true);
    await schemas.define(V2, { ...noBackfill, checked: true });
    expect(await content()).to.deep.equal(renamedAnn);
    expect((await profiles.get('ann')).revision).to.equal(1);
    expect(await find({ Email: 'a@x.org' })).to.deep.equal(['ann']);
    expect(await find({ 'Telephone.No': '1' })).to.deep.equal(['ann']);
    const twin = profiles.create({ attributes: { Email: 'a@x.org' } });
    expect(await outcome(twin)).to.equal('identity_taken');
  });

  it('R26 keys take the new names, also where only the attributes are defined', async () => {
    const { schemas, find } = await withAnn();
    await schemas.defineAttributes(V2.attributes);
    await schemas.replaceExtension('phone', V2.extensions?.[0] as never);
    expect((await schemas.get()).identificationKeys).to.deep.equal(V2.identificationKeys);
    expect(await find({ Email: 'a@x.org' })).to.deep.equal(['ann']);
    expect(await find({ 'Telephone.No': '1' })).to.deep.equal(['ann']);
  });

  it('R26 declaring the same again, or reading and declaring it, changes nothing', async () => {
    const { schemas } = await withAnn();
    const { version } = await schemas.define(V2);
    const { version: _, ...declared } = await schemas.get();
    for (const again of [V2, declared]) expect((await schemas.define(again)).version).to.equal(version);
  });

  it('R26 a former name is no name: in a body, in criteria, in what is asked for', async () => {
    const { profiles, schemas } = await withAnn();
    await schemas.define(V2);
    const refused = await refusal<InvalidProfileError>(profiles.replace('ann', { attributes: { Name: 'Ann' } }));
    expect(refused.violations).to.deep.equal([
      { pointer: '/attributes/Name', rule: 'R26', expected: 'the present name of this attribute: FullName' },
    ]);
    expect(await outcome(profiles.patch('ann', { extensions: { Phone: [] } }))).to.equal('invalid_profile');
    expect(await outcome(profiles.insertRecords('ann', { Phone: [{ No: '2' }] }))).to.equal('invalid_profile');
    expect(await outcome(profiles.updateRecord('ann', 'Telephone', { Number: '1' }))).to.equal('invalid_profile');
    expect(await outcome(profiles.updateRecord('ann', 'Phone', { No: '1' }))).to.equal('not_found');
    expect(await outcome(profiles.get('ann', { attributes: ['Name'] }))).to.equal('not_found');
    expect(await outcome(profiles.get('ann', { extensions: ['Phone'] }))).to.equal('not_found');
    expect(await outcome(profiles.identify({ values: { Mail: 'a@x.org' } }))).to.equal('malformed_request');
    expect(await outcome(profiles.replace('ann', { attributes: {} }, { allowLoss: ['Plan'] }))).to.equal(
      'malformed_request',
    );
    expect(await outcome(schemas.getExtension('Phone'))).to.equal('not_found');
    const { errors } = await profiles.import([{ line: 1, customerId: 'bob', members: { Name: 'Bob' } }]);
    expect(errors.map(({ code, violations }) => [code, violations?.map(({ rule }) => rule)])).to.deep.equal([
      ['invalid_profile', ['R26']],
    ]);
  });

  it('R26 every change goes on from what is stored under the former names', async () => {
    const changes: Record<string, (services: Awaited<ReturnType<typeof withAnn>>) => Promise<unknown>> = {
      patch: ({ profiles }) => profiles.patch('ann', { attributes: { FullName: 'Anna' } }),
      insert: ({ profiles }) => profiles.insertRecords('ann', { Telephone: [{ No: '2' }] }),
      update: ({ profiles }) => profiles.updateRecord('ann', 'Telephone', { No: '1', Use: 'work' }),
      delete: ({ profiles }) => profiles.deleteRecord('ann', 'Telephone', { No: '1' }),
    };
    const expected: Record<string, object> = {
      patch: { ...renamedAnn, attributes: { ...renamedAnn.attributes, FullName: 'Anna' } },
      insert: { ...renamedAnn, extensions: { Telephone: [{ No: '1', Use: 'home' }, { No: '2' }] } },
      update: { ...renamedAnn, extensions: { Telephone: [{ No: '1', Use: 'work' }] } },
      delete: { ...renamedAnn, extensions: { Telephone: [] } },
    };
    for (const [name, change] of Object.entries(changes)) {
      const services = await withAnn();
      await services.schemas.define(V2);
      await change(services);
      expect(await services.content(), name).to.deep.equal(expected[name]);
      expect((await services.profiles.get('ann', { residual: true })).residual, name).to.equal(undefined);
      const gone = name === 'delete' ? [] : ['ann'];
      expect(await services.find({ 'Telephone.No': '1' }), name).to.deep.equal(gone);
      expect(await services.find({ Email: 'a@x.org' }), name).to.deep.equal(['ann']);
    }
  });

  it('R6 R13 R26 a replacement by what is answered changes nothing, and one that leaves out clears', async () => {
    const { profiles, schemas, content, find } = await withAnn();
    await schemas.define(V2);
    expect((await profiles.replace('ann', renamedAnn)).revision).to.equal(1);
    const left = { attributes: { Tariff: 'gold' }, extensions: {} };
    const { cleared, keys } = await profiles.preview('ann', left);
    expect(cleared.map(({ pointer }) => pointer)).to.deep.equal(['/FullName', '/Email', '/Telephone']);
    expect(keys).to.deep.equal(['byMail', 'byPhone']);
    expect(await outcome(profiles.replace('ann', { attributes: {} }))).to.equal('loss_not_allowed');
    await profiles.replace('ann', left);
    expect(await content()).to.deep.equal({ attributes: { Tariff: 'gold' }, extensions: { Telephone: [] } });
    expect(await find({ Email: 'a@x.org' })).to.deep.equal([]);
    expect(await find({ 'Telephone.No': '1' })).to.deep.equal([]);
  });

  it('H2 H3 R26 history is told by today’s names, and a former state is restored under them', async () => {
    const { profiles, schemas, content } = await withAnn();
    await profiles.patch('ann', { attributes: { Name: 'Anna' } });
    await schemas.define(V2);
    await profiles.patch('ann', { attributes: { FullName: 'Anne' }, extensions: { Telephone: [] } });
    const { items } = await profiles.history('ann');
    expect(items.map(({ changed }) => changed)).to.deep.equal([['/FullName', '/Telephone'], ['/FullName'], undefined]);
    expect((await profiles.at('ann', 1)).attributes).to.deep.equal(renamedAnn.attributes);
    await profiles.restore('ann', 1);
    expect(await content()).to.deep.equal(renamedAnn);
    await profiles.delete('ann');
    await profiles.restore('ann', 1);
    expect(await content()).to.deep.equal(renamedAnn);
  });

  it('W11 H4 R26 profiles of the time before are merged and parted under the new names', async () => {
    const { profiles, schemas, content, find } = await withAnn();
    await profiles.create({
      customerId: 'bob',
      attributes: { Mail: ['b@x.org'] },
      extensions: { Phone: { Number: '2' } },
    });
    await schemas.define(V2);
    await profiles.merge('ann', 'bob');
    expect(await content()).to.deep.equal({
      attributes: { ...renamedAnn.attributes, Email: ['a@x.org', 'b@x.org'] },
      extensions: { Telephone: [{ No: '1', Use: 'home' }, { No: '2' }] },
    });
    expect(await find({ Email: 'b@x.org' })).to.deep.equal(['ann']);
    await profiles.unmerge('ann', 'bob');
    expect(await content()).to.deep.equal(renamedAnn);
    expect(await find({ Email: 'b@x.org' })).to.deep.equal(['bob']);
  });

  it('R22 R26 what was shown under a former name counts as shown', async () => {
    const { profiles, schemas, content } = await withAnn();
    const part = await profiles.get('ann', { attributes: ['Name'], extensions: ['Phone'] });
    const whole = await profiles.get('ann', { extensions: 'all' });
    await schemas.define(V2);
    await profiles.replace('ann', { attributes: {}, extensions: {} }, { basedOn: part });
    const { FullName: _, ...others } = renamedAnn.attributes;
    expect(await content()).to.deep.equal({ attributes: others, extensions: { Telephone: [] } });
    await profiles.restore('ann', 1);
    expect(await outcome(profiles.replace('ann', { attributes: {} }, { basedOn: whole }))).to.equal(
      'revision_conflict',
    );
  });

  it('R22 R23 R26 what comes back under the new name was not shown under the former one', async () => {
    const text = (name: string, ...formerly: string[]) => ({ name, type: 'string', formerly }) as const;
    const phone = (name: string, ...formerly: string[]) =>
      ({ name, type: 'single-valued', attributes: [text('No')], formerly }) as const;
    const { profiles, schemas } = createServices().dossier.tenant('1');
    await schemas.define({
      attributes: [text('Mail'), text('Login'), text('Email')],
      extensions: [phone('Phone'), phone('Mobile')],
    });
    await profiles.create({
      customerId: 'ann',
      attributes: { Login: 'ann', Email: 'back@x.org' },
      extensions: { Mobile: { No: '2' } },
    });
    // `force` deletes the records of Mobile; restoring brings them back as residual ones.
    const fewer = { attributes: [text('Mail'), text('Login')], extensions: [phone('Phone')] };
    await schemas.define(fewer, { force: true });
    await profiles.restore('ann', 1);
    const { reading } = await profiles.get('ann', { attributes: ['Mail'], extensions: ['Phone'] });
    await schemas.define({
      attributes: [text('Email', 'Mail'), text('Login')],
      extensions: [phone('Mobile', 'Phone')],
    });
    const before = await profiles.get('ann', { extensions: 'all' });
    expect(before).to.deep.include({ attributes: { Email: 'back@x.org', Login: 'ann' } });
    expect(before.extensions).to.deep.equal({ Mobile: { No: '2' } });
    await profiles.replace('ann', { attributes: {}, extensions: {} }, { basedOn: reading });
    const { attributes, extensions } = await profiles.get('ann', { extensions: 'all' });
    expect({ attributes, extensions }).to.deep.equal({
      attributes: before.attributes,
      extensions: before.extensions,
    });
  });

  it('R22 R26 a definition that joins two was not shown by what showed one of them', async () => {
    const { profiles, schemas } = await withAnn();
    const { reading } = await profiles.get('ann', { attributes: ['Name'] });
    const joined = { name: 'Text', type: 'string', formerly: ['Plan', 'Name'] } as const;
    await schemas.defineAttributes([joined, V1.attributes[1] as never]);
    await profiles.replace('ann', { attributes: { Mail: ['c@x.org'] } }, { basedOn: reading });
    expect((await profiles.get('ann')).attributes).to.deep.equal({ Text: 'gold', Mail: ['c@x.org'] });
    expect((await profiles.get('ann', { residual: true })).residual).to.deep.equal({ attributes: { Name: 'Ann' } });
  });

  it('L4 R26 a change based on the time before is carried over', async () => {
    const { profiles, schemas, content } = await withAnn();
    const before = await profiles.get('ann', { extensions: 'all' });
    await schemas.define(V2);
    await profiles.patch('ann', { attributes: { FullName: 'Anna' } });
    const mine = { attributes: { ...renamedAnn.attributes, Email: ['n@x.org'] } };
    await profiles.replace('ann', mine, { basedOn: before, rebase: true });
    const attributes = { ...renamedAnn.attributes, FullName: 'Anna', Email: ['n@x.org'] };
    expect(await content()).to.deep.equal({ ...renamedAnn, attributes });
  });

  it('R21 R26 a new key in the same change is backfilled under the new names', async () => {
    const { profiles, schemas, find } = await withAnn();
    await profiles.create({
      customerId: 'bob',
      attributes: { Name: 'Ann' },
      extensions: { Phone: { Number: '9', Kind: 'home' } },
    });
    const byUse = { name: 'byUse', source: 'Telephone', attributes: ['Use'] };
    const unique = { name: 'byName', attributes: ['FullName'], unique: true };
    const keys = V2.identificationKeys ?? [];
    const collision = schemas.define({ ...V2, identificationKeys: [...keys, unique] });
    expect((await refusal<SchemaInUseError>(collision)).collisions).to.equal(1);
    const { version: _, ...unchanged } = await schemas.get();
    expect(unchanged).to.deep.equal(V1);
    await schemas.define({ ...V2, identificationKeys: [...keys, byUse] });
    expect(await find({ 'Telephone.Use': 'home' })).to.deep.equal(['ann', 'bob']);
  });

  it('W8 R26 a key stands against joining its attribute, parting it from a former name, and other values under the new one', async () => {
    const { profiles, schemas, find } = await withAnn();
    const [name, mail, plan] = V1.attributes as [never, never, never];
    const texts = { name: 'Texts', type: 'string', multiValued: true } as const;
    const keyed = V1.attributes[1];
    const join = [name, { ...texts, formerly: ['Mail', 'Plan'] }];
    expect(await outcome(schemas.defineAttributes(join))).to.equal('schema_in_use');
    expect((await schemas.tryOut({ defineAttributes: join })).keysInUse).to.deep.equal(['byMail']);
    await schemas.defineAttributes([name, { ...texts, formerly: ['Mail'] }, plan]);
    expect(await outcome(schemas.defineAttributes([name, texts, plan]))).to.equal('schema_in_use');
    await schemas.defineAttributes([name, { ...keyed, formerly: ['Texts'] } as never, plan]);
    await schemas.defineAttributes([name, mail, plan]);
    // Residual values under the name that the attribute is to have.
    await schemas.defineAttributes([name, mail]);
    const toPlan = { ...texts, name: 'Plan', formerly: ['Mail'] };
    expect(await outcome(schemas.defineAttributes([name, toPlan]))).to.equal('schema_in_use');
    const report = await schemas.tryOut({ defineAttributes: [name, toPlan] });
    expect([report.fits, report.keysInUse]).to.deep.equal([false, ['byMail']]);
    await schemas.define({ attributes: [name, mail] }, { residual: 'drop', force: true });
    await schemas.addKey({ name: 'byMail', attributes: ['Mail'] });
    await schemas.defineAttributes([name, toPlan]);
    expect(await find({ Plan: 'a@x.org' })).to.deep.equal(['ann']);
    expect((await profiles.get('ann')).attributes).to.deep.equal({ Name: 'Ann', Plan: ['a@x.org'] });
  });

  it('R23 R26 renaming and retyping hides what does not fit, and it comes back', async () => {
    const { profiles, schemas } = await withAnn();
    const retyped = { name: 'Score', type: 'integer', formerly: ['Name'] } as const;
    const rest = V1.attributes.slice(1);
    const report = await schemas.tryOut({ defineAttributes: [retyped, ...rest] });
    expect(report.residual.map(({ pointer }) => pointer)).to.deep.equal(['/Name']);
    await schemas.defineAttributes([retyped, ...rest]);
    await profiles.patch('ann', { attributes: { Plan: 'silver' } });
    expect((await profiles.get('ann')).attributes).not.to.have.property('Score');
    const back = { name: 'Label', type: 'string', formerly: ['Score'] } as const;
    const { returning } = await schemas.tryOut({ defineAttributes: [back, ...rest] });
    expect(returning.map(({ pointer }) => pointer)).to.deep.equal(['/Label']);
    await schemas.defineAttributes([back, ...rest]);
    expect((await profiles.get('ann')).attributes.Label).to.equal('Ann');
    await schemas.defineAttributes([retyped, ...rest]);
    await profiles.patch('ann', { attributes: { Score: 7 } });
    expect((await profiles.get('ann', { residual: true })).residual).to.equal(undefined);
  });

  it('R23 R26 dropping residual values leaves what stands under former names', async () => {
    const { profiles, schemas, content } = await withAnn();
    await schemas.define(V2, { residual: 'drop' });
    expect((await profiles.get('ann')).revision).to.equal(1);
    const without = { ...V2, attributes: V2.attributes.slice(1) };
    await schemas.define(without, { residual: 'drop' });
    await schemas.define(V2);
    const { FullName: _, ...others } = renamedAnn.attributes;
    expect(await content()).to.deep.equal({ ...renamedAnn, attributes: others });
  });

  it('W8 R26 records under a former name conflict with removing the extension, and go with force', async () => {
    const { schemas, content, find } = await withAnn();
    await schemas.define(V2);
    const gone = { ...V2, extensions: [], identificationKeys: [] };
    expect(await outcome(schemas.define(gone))).to.equal('schema_in_use');
    const { records } = await schemas.tryOut(gone);
    expect(records.map(({ pointer, count }) => [pointer, count])).to.deep.equal([['/Telephone', 1]]);
    await schemas.define(gone, { force: true });
    await schemas.define(V2);
    expect(await content()).to.deep.equal({ ...renamedAnn, extensions: { Telephone: [] } });
    expect(await find({ 'Telephone.No': '1' })).to.deep.equal([]);
  });

  it('W8 R26 an extension is renamed and becomes single-valued in one change, which deletes its records', async () => {
    const { schemas, content, find, profiles } = await withAnn();
    const [telephone] = V2.extensions ?? [];
    const { unique: _, ...loose } = telephone as NonNullable<typeof telephone>;
    const single = { ...V2, extensions: [{ ...loose, type: 'single-valued' as const }] };
    expect(await outcome(schemas.define(single))).to.equal('schema_in_use');
    expect((await schemas.get()).extensions).to.deep.equal(V1.extensions);
    await schemas.define(single, { force: true });
    expect(await content()).to.deep.equal({ ...renamedAnn, extensions: {} });
    expect(await find({ 'Telephone.No': '1' })).to.deep.equal([]);
    await profiles.insertRecords('ann', { Telephone: { No: '5' } });
    expect(await find({ 'Telephone.No': '5' })).to.deep.equal(['ann']);
  });

  it('R26 a former name is given to no other definition meanwhile', async () => {
    const { schemas } = await withAnn();
    await schemas.define(V2);
    const phone = { name: 'phone', type: 'multi-valued', attributes: [] } as const;
    expect(await outcome(schemas.addExtension(phone))).to.equal('already_exists');
    expect(await outcome(schemas.addExtension({ ...phone, name: 'Name' }))).to.equal('already_exists');
    expect(await outcome(schemas.addExtension({ ...phone, name: 'New', formerly: ['Telephone'] }))).to.equal(
      'already_exists',
    );
    const attributes = [...V2.attributes, { name: 'Phone', type: 'string' } as const];
    expect(await outcome(schemas.defineAttributes(attributes))).to.equal('invalid_schema');
    const [telephone] = V2.extensions as [NonNullable<typeof V2.extensions>[number]];
    await schemas.replaceExtension('Telephone', { ...telephone, formerly: [] }).catch(() => undefined);
    await schemas.removeKey('byPhone');
    await schemas.replaceExtension('Telephone', { ...telephone, formerly: [] }, { force: true });
    expect((await schemas.addExtension(phone)).name).to.equal('phone');
  });

  it('R26 W8 replaceExtension replaces or renames: its definition has the name, or has it formerly', async () => {
    const { schemas } = await withAnn();
    const [phone] = V1.extensions as [NonNullable<typeof V1.extensions>[number]];
    const titled = { ...phone, title: 'Phones' };
    expect(await schemas.replaceExtension('PHONE', titled)).to.deep.equal(titled);
    const wrong = await refusal<InvalidSchemaError>(schemas.replaceExtension('Phone', { ...phone, name: 'Fax' }));
    expect(wrong.violations.map(({ pointer, rule }) => [pointer, rule])).to.deep.equal([['/name', 'R26']]);
    expect(await outcome(schemas.replaceExtension('Fax', phone))).to.equal('not_found');
    expect(await outcome(schemas.replaceExtension('Phone', { ...phone, name: 'Name', formerly: ['Phone'] }))).to.equal(
      'already_exists',
    );
    const renamed = { ...phone, name: 'Fax', formerly: ['Phone'] };
    const { fits } = await schemas.tryOut({ replaceExtension: { name: 'Phone', definition: renamed } });
    expect(fits).to.equal(true);
    expect(await schemas.replaceExtension('Phone', renamed)).to.deep.equal(renamed);
  });

  it('R26 R21 W8 the difference tells what the change itself does', async () => {
    const { schemas } = await withAnn();
    expect(await schemas.difference(V1)).to.deep.equal({ changes: [], allowed: true });
    const { changes, allowed } = await schemas.difference(V2);
    expect([allowed, new Set(changes.map(({ change }) => change))]).to.deep.equal([
      true,
      new Set(['renamed', 'continued']),
    ]);
    const rebuilt = { ...V2, identificationKeys: V2.identificationKeys?.map((key) => ({ ...key, unique: true })) };
    expect((await schemas.difference(rebuilt)).changes.at(-1)).to.deep.equal({
      definition: 'key',
      name: 'byPhone',
      change: 'rebuilt',
    });
    let backfilled = 0;
    await schemas.define(rebuilt, { onProgress: (profiles) => (backfilled = profiles) });
    expect(backfilled).to.equal(1);
    const one = await schemas.difference({ removeKey: 'byMail' });
    expect(one.changes).to.deep.equal([{ definition: 'key', name: 'byMail', change: 'dropped' }]);
    const [telephone] = V2.extensions as [NonNullable<typeof V2.extensions>[number]];
    const definition = { ...telephone, name: 'Tel', formerly: ['Telephone'] };
    const ofExtension = await schemas.difference({ replaceExtension: { name: 'Telephone', definition } });
    expect(ofExtension.changes.map(({ change, name }) => [change, name])).to.deep.equal([
      ['renamed', 'Tel'],
      ['continued', 'byPhone'],
    ]);
    expect(await outcome(schemas.difference({ attributes: [{ name: '1', type: 'string' }] }))).to.equal(
      'invalid_schema',
    );
  });

  it('R26 a definition has at most 100 former names, those that it takes in included', async () => {
    const { schemas } = createServices().dossier.tenant('1');
    const names = (count: number) => Array.from({ length: count }, (_, at) => `F${at}`);
    await schemas.define({ attributes: [{ name: 'A', type: 'string', formerly: names(100) }] });
    const refused = schemas.define({ attributes: [{ name: 'B', type: 'string', formerly: ['A'] }] });
    expect(
      (await refusal<InvalidSchemaError>(refused)).violations.map(({ pointer, rule }) => [pointer, rule]),
    ).to.deep.equal([['/attributes/0/formerly', 'R26']]);
  });

  it('S1 R26 trying a joining tells which values would be hidden, since another name wins', async () => {
    const { schemas } = await withAnn();
    const [, mail] = V1.attributes as [never, never];
    const joined = { name: 'Text', type: 'string', formerly: ['Plan', 'Name'] } as const;
    const { residual, returning } = await schemas.tryOut({ defineAttributes: [joined, mail] });
    expect([residual.map(({ pointer }) => pointer), returning]).to.deep.equal([['/Name'], []]);
  });

  it('W8 R26 joining extensions and making one of them single-valued are two changes', async () => {
    const { profiles, schemas } = createServices().dossier.tenant('1');
    const attributes = [{ name: 'No', type: 'string' as const }];
    const [many, one] = [
      { name: 'Phones', type: 'multi-valued' as const, attributes },
      { name: 'Phone', type: 'single-valued' as const, attributes },
    ];
    await schemas.define({ attributes: [], extensions: [many, one] });
    await profiles.create({
      customerId: 'ann',
      attributes: {},
      extensions: { Phones: { No: '1' }, Phone: { No: '2' } },
    });
    const joined = { attributes: [], extensions: [{ ...one, formerly: ['Phones'] }] };
    expect(await outcome(schemas.define(joined, { force: true }))).to.equal('schema_in_use');
    await schemas.define({ attributes: [], extensions: [{ ...many, type: 'single-valued' }, one] }, { force: true });
    await schemas.define(joined);
    expect((await profiles.get('ann', { extensions: 'all' })).extensions).to.deep.equal({ Phone: { No: '2' } });
  });
});
