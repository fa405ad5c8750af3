import { expect } from 'chai';
import { BRUCE, createServicesWithBruce, outcome, refusal, SCHEMA, TENANT } from '../service-harness.js';

const { customerId, attributes } = BRUCE;
const changed = { attributes: { FirstName: 'Elsewhere' }, extensions: {} };

/** Tenant ids that a careless storage or cache would confuse. */
const OTHERS = ['2', '01', '1.', '1~', '1-', '10', '0', 'constructor', '__proto__'];

describe('services: tenants', () => {
  it("R17 no operation sees or changes another tenant's data", async () => {
    const { profiles, schemas, state } = await createServicesWithBruce();
    const before = await state();
    const schema = await schemas.get(TENANT);
    for (const other of OTHERS) {
      expect(await outcome(schemas.get(other)), other).to.equal('not_found');
      expect(await outcome(profiles.get(other, customerId))).to.equal('not_found');
      expect(await outcome(profiles.create(other, BRUCE))).to.equal('schema_not_defined');
      await schemas.define(other, SCHEMA);
      expect(await outcome(profiles.get(other, customerId))).to.equal('not_found');
      expect(await outcome(profiles.replace(other, customerId, changed))).to.equal('not_found');
      expect(await outcome(profiles.replace(other, customerId, changed, { ifRevision: 1 }))).to.equal('not_found');
      expect(await outcome(profiles.delete(other, customerId))).to.equal('not_found');
      expect(await outcome(profiles.insertRecords(other, customerId, {}))).to.equal('not_found');
      expect(await outcome(profiles.create(other, BRUCE))).to.equal('ok');
      await profiles.replace(other, customerId, changed);
      await schemas.removeExtension(other, 'Phone', { force: true });
      await profiles.delete(other, customerId);
      expect(await state()).to.deep.equal(before);
      expect(await schemas.get(TENANT)).to.deep.equal(schema);
    }
  });

  it('R17 errors reveal nothing about another tenant', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await schemas.define('2', SCHEMA);
    const here = await refusal(profiles.get('2', customerId));
    const nowhere = await refusal(profiles.get('2', 'nobody'));
    expect([here.code, here.message]).to.deep.equal([nowhere.code, nowhere.message]);
  });

  it("R16 R17 each tenant's profiles are checked by its own schema", async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await schemas.define('2', { attributes: [{ name: 'FirstName', type: 'integer' }] });
    for (let round = 0; round < 2; round += 1) {
      expect(await outcome(profiles.create('2', { attributes: { FirstName: 1 } }))).to.equal('ok');
      expect(await outcome(profiles.create('2', { attributes }))).to.equal('invalid_profile');
      expect(await outcome(profiles.create(TENANT, { attributes }))).to.equal('ok');
      expect(await outcome(profiles.create(TENANT, { attributes: { FirstName: 1 } }))).to.equal('invalid_profile');
    }
  });

  it('R17 refuses a tenant id that some storage would not compare byte for byte', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    for (const wrong of ['', ' ', '1 ', '1\u0000', '1/2', '1%', 'ä', 'x'.repeat(65), null, undefined, 1, ['1'], {}]) {
      const tenant = wrong as string;
      for (const operation of [
        profiles.get(tenant, customerId),
        profiles.create(tenant, BRUCE),
        profiles.replace(tenant, customerId, changed),
        profiles.delete(tenant, customerId),
        schemas.get(tenant),
        schemas.define(tenant, SCHEMA),
        schemas.defineAttributes(tenant, []),
        schemas.removeExtension(tenant, 'Phone'),
      ]) {
        expect(await outcome(operation)).to.equal('malformed_request');
      }
    }
  });
});
