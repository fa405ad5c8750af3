import { expect } from 'chai';
import { createServicesWithBruce, outcome, SCHEMA, TENANT } from '../service-harness.js';

describe('force must be a boolean', () => {
  const WORDS = ['no', 'false', 1, {}] as unknown as boolean[];

  it('W8 another value deletes no records', async () => {
    const { schemas, state } = await createServicesWithBruce();
    const before = await state();
    for (const force of WORDS) {
      expect(await outcome(schemas.removeExtension(TENANT, 'Phone', { force }))).to.equal('malformed_request');
      const withoutExtensions = { attributes: SCHEMA.attributes };
      expect(await outcome(schemas.define(TENANT, withoutExtensions, { force }))).to.equal('malformed_request');
    }
    expect(await state()).to.deep.equal(before);
  });

  it('W11 another value overrides no records', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const before = await state();
    const Phone = { Number: '1', Kind: 'work' };
    await profiles.create(TENANT, { customerId: 'source', attributes: { FirstName: 'B' }, extensions: { Phone } });
    for (const force of WORDS) {
      expect(await outcome(profiles.merge(TENANT, 'bruce', 'source', { force }))).to.equal('malformed_request');
    }
    expect(await state()).to.deep.equal(before);
  });
});
