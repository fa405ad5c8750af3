import { expect } from 'chai';
import type { CreateInput, InvalidProfileError } from 'dossier';
import { BRUCE, createServicesWithBruce, outcome, refusal, TENANT, tickingClock } from '../service-harness.js';

const { attributes, extensions } = BRUCE;

describe('ProfileService: create', () => {
  it('R4 R6 R13 stores the input with defaults and revision 1', async () => {
    const { profiles, state } = await createServicesWithBruce(undefined, { now: tickingClock() });
    const created = await profiles.create(
      TENANT,
      { customerId: 'x', attributes: { FirstName: 'X' } },
      { segment: 'gold' },
    );
    expect(created).to.deep.equal({
      tenantId: TENANT,
      customerId: 'x',
      revision: 1,
      reading: created.reading,
      attributes: { FirstName: 'X', Score: 7 },
      segment: 'gold',
      createdAt: created.updatedAt,
      updatedAt: created.createdAt,
    });
    expect(created.createdAt).to.match(/^2024-01-01T00:00:\d\d\.000Z$/);
    const { reading } = await state('x');
    expect(await state('x')).to.deep.equal({ ...created, reading, extensions: { Phone: [] } });
  });

  it('R8 returns the extensions of the input', async () => {
    const { profiles } = await createServicesWithBruce();
    expect((await profiles.create(TENANT, { attributes, extensions })).extensions).to.deep.equal(extensions);
    expect((await profiles.create(TENANT, { members: { ...attributes, ...extensions } })).extensions).to.deep.equal(
      extensions,
    );
    expect(await profiles.create(TENANT, { attributes })).not.to.have.property('extensions');
  });

  it('generated customer ids have 16 characters, and sort by creation time', async () => {
    const { profiles } = await createServicesWithBruce();
    const ids: string[] = [];
    for (let index = 0; index < 200; index += 1) ids.push((await profiles.create(TENANT, { attributes })).customerId);
    for (const id of ids) expect(id).to.match(/^[0-9A-Za-z]{16}$/);
    expect(new Set(ids)).to.have.property('size', 200);
    expect(ids.toSorted()).to.deep.equal(ids);
  });

  it('generated customer ids increase even if the clock stops, is set back, or is far in the future', async () => {
    for (const times of [
      [5, 5, 5, 5],
      [5, 3, 1, 4],
      [0, 1, 2 ** 40, 2 ** 41],
      [Date.UTC(2024), Date.UTC(2500)],
    ]) {
      const clock = times.values();
      const now = () => new Date(clock.next().value ?? 0);
      const { profiles } = await createServicesWithBruce(undefined, { now });
      const ids: string[] = [];
      for (let index = 0; index < 4; index += 1) ids.push((await profiles.create(TENANT, { attributes })).customerId);
      expect(ids.toSorted()).to.deep.equal(ids);
    }
  });

  it('customer ids have 1 to 64 characters of the alphabet, and are compared byte for byte', async () => {
    const { profiles } = await createServicesWithBruce();
    const ids = ['a', 'A', 'x'.repeat(64), '0', '.', '..', '-', '_', '~', '__proto__', 'constructor', 'BRUCE'];
    for (const customerId of ids) {
      expect(await outcome(profiles.create(TENANT, { customerId, attributes })), customerId).to.equal('ok');
      expect((await profiles.get(TENANT, customerId)).customerId).to.equal(customerId);
    }
    for (const wrong of ['', 'x'.repeat(65), 'a b', 'a/b', 'ä', 'a\n', 'a\u0000', 'a%', null, 5, {}, ['a']]) {
      const input = { customerId: wrong as string, attributes };
      expect(await outcome(profiles.create(TENANT, input)), String(wrong)).to.equal('malformed_request');
    }
  });

  it('R11 refuses an input that is not a representation, alone and in an array, even a sparse one', async () => {
    const { profiles } = await createServicesWithBruce();
    const holes: CreateInput[] = [];
    holes[1] = { attributes };
    for (const wrong of [undefined, null, 5, 'x', []] as unknown as CreateInput[]) {
      expect(await outcome(profiles.create(TENANT, wrong))).to.equal('invalid_profile');
      expect(await outcome(profiles.createMany(TENANT, [wrong]))).to.equal('invalid_profile');
    }
    expect(await outcome(profiles.createMany(TENANT, holes))).to.equal('invalid_profile');
  });

  it('a customer id that is taken is refused, and nothing changes', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const before = await state();
    const input = { customerId: BRUCE.customerId, attributes: { FirstName: 'Other' } };
    expect(await outcome(profiles.create(TENANT, input))).to.equal('already_exists');
    expect(await state()).to.deep.equal(before);
  });

  it('R11 refuses an invalid profile', async () => {
    const { profiles } = await createServicesWithBruce();
    for (const wrong of [undefined, null, {}, [], 'x', { customerId: 'x' }, { Attributes: {} }, new Map()]) {
      expect(await outcome(profiles.create(TENANT, wrong as unknown as CreateInput))).to.equal('invalid_profile');
    }
  });

  it('the host may generate customer ids, and an invalid one is not stored', async () => {
    const made = ['mine-1', 'bruce', 'mine-2', 'not an id', '', undefined];
    const options = { generateCustomerId: () => made.shift() as string };
    const { profiles } = await createServicesWithBruce(undefined, options);
    const create = () => profiles.create(TENANT, { attributes });
    expect((await create()).customerId).to.equal('mine-1');
    expect((await create()).customerId, 'one that is taken is generated again').to.equal('mine-2');
    for (let index = 0; index < 3; index += 1) expect(await outcome(create())).to.equal('invalid_options');
  });

  it('R12 createMany creates all profiles, or none', async () => {
    const { profiles } = await createServicesWithBruce();
    const inputs = [{ customerId: 'a', attributes }, { attributes, extensions }, { members: { FirstName: 'x' } }];
    const created = await profiles.createMany(TENANT, inputs);
    expect(created.map(({ revision }) => revision)).to.deep.equal([1, 1, 1]);
    const clash = [
      { customerId: 'b', attributes },
      { customerId: 'a', attributes },
    ];
    expect(await outcome(profiles.createMany(TENANT, clash))).to.equal('already_exists');
    const twice = [
      { customerId: 'b', attributes },
      { customerId: 'b', attributes },
    ];
    expect(await outcome(profiles.createMany(TENANT, twice))).to.equal('already_exists');
    const wrong = [{ customerId: 'b', attributes }, { attributes: {} }, { members: { Other: 1 } }];
    const { violations } = await refusal<InvalidProfileError>(profiles.createMany(TENANT, wrong));
    expect(violations.map(({ pointer }) => pointer)).to.have.members([
      '/1/attributes/FirstName',
      '/2/Other',
      '/2/FirstName',
    ]);
    expect(await outcome(profiles.get(TENANT, 'b'))).to.equal('not_found');
  });

  it('R12 createMany generates distinct customer ids', async () => {
    const made = ['same', 'same', 'a', 'a', 'chosen', 'b', 'c'];
    const { profiles } = await createServicesWithBruce(undefined, { generateCustomerId: () => made.shift() ?? 'last' });
    const created = await profiles
      .createMany(TENANT, [{ attributes }, { attributes }])
      .catch((error: unknown) => error);
    expect((created as { customerId: string }[]).map(({ customerId }) => customerId)).to.deep.equal(['chosen', 'b']);
  });
});
