import { expect } from 'chai';
import type { InvalidProfileError, SchemaDefinition } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import { createServices, outcome, refusal, TENANT } from '../service-harness.js';

const LOOSE = {
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'Color', type: 'string' },
    { name: 'Tags', type: 'string', multiValued: true },
  ],
  extensions: [
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string' },
        { name: 'Kind', type: 'string' },
        { name: 'Note', type: 'string' },
      ],
      unique: ['Number'],
    },
  ],
} as const satisfies SchemaDefinition;

/** The same schema with constraints, which what was stored before may break. */
const STRICT: SchemaDefinition = {
  attributes: [
    LOOSE.attributes[0],
    { ...LOOSE.attributes[1], oneOf: ['red', 'green'] },
    { ...LOOSE.attributes[2], minItems: 2, maxItems: 3 },
  ],
  extensions: [
    {
      ...LOOSE.extensions[0],
      attributes: [
        { name: 'Number', type: 'string', format: 'phone' },
        { name: 'Kind', type: 'string', oneOf: ['home', 'work'] },
        { name: 'Note', type: 'string' },
      ],
      maxRecords: 2,
    },
  ],
};

const BREACHES = {
  attributes: { Name: 'Ann', Color: 'blue', Tags: ['a'] },
  extensions: { Phone: [{ Number: '123', Kind: 'x' }, { Number: '+4930', Kind: 'boat' }, { Number: '+4931' }] },
};

async function faults(attempt: Promise<unknown>): Promise<readonly string[]> {
  const { code, violations } = await refusal<InvalidProfileError>(attempt);
  return [code, ...violations.map(({ rule, pointer }) => `${rule} ${pointer}`)];
}

/** Services with a profile that was stored before the schema got constraints. */
async function createOlder() {
  const services = createServices();
  await services.schemas.define(TENANT, LOOSE);
  await services.profiles.create(TENANT, { customerId: 'ann', ...BREACHES });
  await services.schemas.define(TENANT, STRICT);
  return services;
}

describe('ProfileService: constraints', () => {
  it('R11 R24 every operation that stores values refuses breaches, all at once', async () => {
    const { profiles, schemas } = createServices();
    await schemas.define(TENANT, STRICT);
    await profiles.create(TENANT, { customerId: 'ann', attributes: {}, extensions: { Phone: { Number: '+4930' } } });
    const all = [
      'invalid_profile',
      'R24 /attributes/Color',
      'R24 /attributes/Tags',
      'R24 /extensions/Phone/0/Number',
      'R24 /extensions/Phone/0/Kind',
      'R24 /extensions/Phone/1/Kind',
      'R24 /extensions/Phone',
    ];
    expect(await faults(profiles.create(TENANT, BREACHES))).to.deep.equal(all);
    expect(await faults(profiles.replace(TENANT, 'ann', BREACHES))).to.deep.equal(all);
    expect(await faults(profiles.insertRecords(TENANT, 'ann', { Phone: { Number: '1' } }))).to.deep.equal([
      'invalid_profile',
      'R24 /Phone/Number',
    ]);
    const update = profiles.updateRecord(TENANT, 'ann', 'Phone', { Number: '+4930', Kind: 'boat' });
    expect(await faults(update)).to.deep.equal(['invalid_profile', 'R24 /Kind']);
  });

  it('R16 R24 what breaks a constraint of today is answered as it is, and a replacement has to mend it', async () => {
    const { profiles, state } = await createOlder();
    const read = await state('ann');
    expect(read).to.deep.include(BREACHES);
    expect((await faults(profiles.replace(TENANT, 'ann', read, { basedOn: read })))[0]).to.equal('invalid_profile');
    const mended = { attributes: { ...read.attributes, Color: 'red', Tags: ['a', 'b'] } };
    expect(await outcome(profiles.replace(TENANT, 'ann', mended, { basedOn: read }))).to.equal('ok');
    expect((await state('ann')).extensions, 'R7').to.deep.equal(BREACHES.extensions);
  });

  it('R18 R24 a profile is found by a value that breaks a constraint of today', async () => {
    const { profiles, schemas } = await createOlder();
    await schemas.addKey(TENANT, { name: 'byColor', attributes: ['Color'] });
    const { items: found } = await profiles.identify(TENANT, { values: { Color: 'blue' } });
    expect(found.map(({ customerId }) => customerId)).to.deep.equal(['ann']);
  });

  it('W9 R24 an insertion counts the records that there would be', async () => {
    const { profiles, schemas } = createServices();
    await schemas.define(TENANT, STRICT);
    const Phone = [{ Number: '+4930' }, { Number: '+4931' }];
    await profiles.create(TENANT, { customerId: 'ann', attributes: {}, extensions: { Phone } });
    expect(await faults(profiles.insertRecords(TENANT, 'ann', { phone: { Number: '+4932' } }))).to.deep.equal([
      'invalid_profile',
      'R24 /phone',
    ]);
    const replacing = { Phone: { Number: '+4931', Kind: 'home' } };
    expect(await outcome(profiles.insertRecords(TENANT, 'ann', replacing))).to.equal('ok');
    expect(await outcome(profiles.insertRecords(TENANT, 'ann', { Phone: [] }))).to.equal('ok');
  });

  it('W10 R24 an update has to mend the record, and a deletion has not', async () => {
    const { profiles, state } = await createOlder();
    const noted = profiles.updateRecord(TENANT, 'ann', 'Phone', { Number: '+4930', Note: 'n' });
    expect(await faults(noted)).to.deep.equal(['invalid_profile', 'R24 /Kind']);
    const mended = profiles.updateRecord(TENANT, 'ann', 'Phone', { Number: '+4930', Kind: 'work' });
    expect(await outcome(mended)).to.equal('ok');
    expect(await outcome(profiles.deleteRecord(TENANT, 'ann', 'Phone', { Number: '123' }))).to.equal('ok');
    expect((await state('ann')).extensions?.Phone).to.deep.equal([
      { Number: '+4930', Kind: 'work' },
      { Number: '+4931' },
    ]);
  });

  it('W11 R24 a merge may not join more values or records than there may be', async () => {
    const { profiles, schemas } = createServices();
    await schemas.define(TENANT, STRICT);
    const create = (customerId: string, ...values: string[]) =>
      profiles.create(TENANT, {
        customerId,
        attributes: { Tags: values },
        extensions: { Phone: values.slice(0, 2).map((value) => ({ Number: `+${value}0` })) },
      });
    await create('a', '1', '2');
    await create('b', '3', '4');
    await create('c', '2', '1');
    const { code, violations } = await refusal<InvalidProfileError>(profiles.merge(TENANT, 'a', 'b'));
    expect([code, ...violations]).to.deep.equal([
      'invalid_profile',
      { pointer: '', rule: 'R24', expected: 'at most 3 values of Tags in the merged profile (`maxItems`)' },
      { pointer: '', rule: 'R24', expected: 'at most 2 records of Phone in the merged profile (`maxRecords`)' },
    ]);
    expect(await outcome(profiles.merge(TENANT, 'a', 'c'))).to.equal('ok');
  });

  it('W11 R16 R24 a merge keeps values that break a constraint of today', async () => {
    const { profiles, state } = await createOlder();
    await profiles.create(TENANT, { customerId: 'bob', attributes: { Name: 'Bob' } });
    await profiles.merge(TENANT, 'bob', 'ann');
    const { attributes, extensions } = await state('bob');
    expect(attributes).to.deep.equal({ ...BREACHES.attributes, Name: 'Bob' });
    expect(extensions).to.deep.equal(BREACHES.extensions);
  });

  it('R24 a breach is a violation of the row of an import', async () => {
    const { profiles, schemas } = createServices();
    await schemas.define(TENANT, STRICT);
    const rows = [
      { line: 1, members: { Color: 'blue' } },
      { line: 2, members: { Color: 'red' } },
      {
        line: 3,
        cells: [
          ['Color', 'green'],
          ['Tags', 'a'],
          ['Phone.Number', '1'],
        ] as const,
      },
    ];
    const { created, errors } = await profiles.import(TENANT, rows);
    expect(created).to.equal(1);
    expect(errors.map(({ line, violations }) => [line, violations?.map(({ pointer }) => pointer)])).to.deep.equal([
      [1, ['/Color']],
      [3, ['/Tags', '/Phone/Number']],
    ]);
  });

  it('R16 R24 another process checks by constraints that have just changed', async () => {
    const repository = new InMemoryProfileRepository();
    const [one, other] = [createServices(repository), createServices(repository)];
    await one.schemas.define(TENANT, LOOSE);
    await other.profiles.create(TENANT, { customerId: 'ann', attributes: { Color: 'blue' } });
    await one.schemas.define(TENANT, {
      ...STRICT,
      attributes: [{ name: 'Color', type: 'string', pattern: 'gr[ae]y' }],
    });
    const replace = (Color: string) => outcome(other.profiles.replace(TENANT, 'ann', { attributes: { Color } }));
    expect([await replace('blue'), await replace('grey')]).to.deep.equal(['invalid_profile', 'ok']);
  });

  it('R24 maxPatterns limits the patterns of a schema, those of extensions included', async () => {
    const { schemas } = createServices(undefined, { maxPatterns: 2 });
    const attributes = (...names: string[]) => names.map((name) => ({ name, type: 'string', pattern: 'a' }) as const);
    const withPatterns = (...names: string[]): SchemaDefinition => ({
      attributes: attributes('A'),
      extensions: [{ name: 'E', type: 'multi-valued', attributes: attributes(...names) }],
    });
    expect(await faults(schemas.define(TENANT, withPatterns('A', 'B')))).to.deep.equal([
      'invalid_schema',
      'R24 /attributes',
    ]);
    expect(await outcome(schemas.define(TENANT, withPatterns('A')))).to.equal('ok');
    const another = { name: 'F', type: 'single-valued', attributes: attributes('A') } as const;
    expect(await outcome(schemas.addExtension(TENANT, another))).to.equal('invalid_schema');
  });

  it('R13 R24 R25 a schema that differs in a constraint or a title alone is another version', async () => {
    const { schemas } = createServices();
    const schema = (more: object) => ({ attributes: [{ name: 'A', type: 'integer', ...more }] }) as SchemaDefinition;
    const versions = [];
    for (const more of [{}, { minimum: 1 }, { minimum: 1, title: 'Age' }, { minimum: 1, title: 'Age' }]) {
      versions.push((await schemas.define(TENANT, schema(more))).version);
    }
    expect(versions).to.deep.equal([1, 2, 3, 3]);
    expect((await schemas.get(TENANT)).attributes[0]).to.deep.equal({
      name: 'A',
      type: 'integer',
      minimum: 1,
      title: 'Age',
    });
  });
});
