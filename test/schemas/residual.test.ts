import { expect } from 'chai';
import { BRUCE, createServicesWithBruce, outcome, SCHEMA, TENANT } from '../service-harness.js';

const { customerId } = BRUCE;
const WITHOUT_EMAIL = { ...SCHEMA, attributes: SCHEMA.attributes.filter(({ name }) => name !== 'Email') };
const KNOWN = { FirstName: 'Robert' };

describe('residual values', () => {
  it('R23 are answered on request alone', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await schemas.define(TENANT, WITHOUT_EMAIL);
    expect((await profiles.get(TENANT, customerId)).residual).to.equal(undefined);
    const shown = await profiles.get(TENANT, customerId, { residual: true });
    expect(shown.residual).to.deep.equal({ attributes: { Email: BRUCE.attributes.Email } });
    expect(await profiles.replace(TENANT, customerId, { attributes: KNOWN })).not.to.have.property('residual');
  });

  it('R23 are in a walk over all profiles on request alone', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await profiles.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Clark' } });
    await schemas.define(TENANT, WITHOUT_EMAIL);
    const walk = async (options?: object) => {
      const residual = [];
      for await (const profile of profiles.all(TENANT, options)) residual.push(profile.residual);
      return residual;
    };
    expect(await walk()).to.deep.equal([undefined, undefined]);
    expect(await walk({ residual: true })).to.deep.equal([
      { attributes: { Email: BRUCE.attributes.Email } },
      undefined,
    ]);
    expect(await outcome(walk({ residual: 'yes' }))).to.equal('malformed_request');
  });

  it('R23 survive every change of the profile, and come back with the definition', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await schemas.define(TENANT, WITHOUT_EMAIL);
    await profiles.replace(TENANT, customerId, { attributes: KNOWN, extensions: {} });
    await profiles.insertRecords(TENANT, customerId, { Phone: [{ Number: '1' }] });
    await schemas.define(TENANT, SCHEMA);
    const { attributes } = await profiles.get(TENANT, customerId);
    expect(attributes).to.deep.include({ ...KNOWN, Email: BRUCE.attributes.Email });
    await profiles.replace(TENANT, customerId, { attributes: KNOWN });
    await schemas.define(TENANT, WITHOUT_EMAIL);
    expect((await profiles.get(TENANT, customerId, { residual: true })).residual).to.equal(undefined);
  });

  it('R21 R23 what comes back is found by a key that uses it', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await schemas.define(TENANT, WITHOUT_EMAIL);
    await profiles.replace(TENANT, customerId, { attributes: KNOWN });
    await schemas.define(TENANT, SCHEMA);
    await schemas.addKey(TENANT, { name: 'byEmail', attributes: ['Email'] });
    const { items } = await profiles.identify(TENANT, { key: 'byEmail', values: { Email: BRUCE.attributes.Email[0] } });
    expect(items.map((item) => item.customerId)).to.deep.equal([customerId]);
  });

  it('R23 a schema change drops them on request: those that it makes, and those that were, in one change each', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await profiles.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Clark' } });
    await schemas.define(TENANT, WITHOUT_EMAIL);
    const attributes = WITHOUT_EMAIL.attributes.filter(({ name }) => name !== 'Score');
    await schemas.define(TENANT, { ...WITHOUT_EMAIL, attributes }, { residual: 'drop' });
    const { revision, residual } = await profiles.get(TENANT, customerId, { residual: true });
    expect([revision, residual]).to.deep.equal([2, undefined]);
    expect((await profiles.get(TENANT, 'clark')).revision).to.equal(2);
    const [present] = (await profiles.history(TENANT, customerId)).items;
    expect(present?.operation).to.equal('schema_change');
    await schemas.define(TENANT, SCHEMA);
    expect((await profiles.get(TENANT, customerId)).attributes).not.to.have.property('Email');
  });

  it('R23 W11 move in a merge as attributes do', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await profiles.create(TENANT, { customerId: 'clark', attributes: { FirstName: 'Clark' } });
    await schemas.define(TENANT, WITHOUT_EMAIL);
    await profiles.merge(TENANT, 'clark', customerId);
    const { residual } = await profiles.get(TENANT, 'clark', { residual: true });
    expect(residual).to.deep.equal({ attributes: { Email: BRUCE.attributes.Email } });
  });

  it('H3 R23 come back when a former state is restored, and are named', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await schemas.define(TENANT, WITHOUT_EMAIL, { residual: 'drop' });
    await profiles.delete(TENANT, customerId);
    const restored = await profiles.restore(TENANT, customerId, 1);
    expect(restored.unknown).to.deep.equal(['/Email']);
    expect(restored.attributes).not.to.have.property('Email');
    await profiles.replace(TENANT, customerId, { attributes: KNOWN, extensions: {} });
    await schemas.define(TENANT, SCHEMA);
    expect((await profiles.get(TENANT, customerId)).attributes).to.deep.include({ Email: BRUCE.attributes.Email });
    expect((await profiles.restore(TENANT, customerId, 1)).unknown).to.deep.equal([]);
  });
});
