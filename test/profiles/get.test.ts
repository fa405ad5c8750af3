import { expect } from 'chai';
import { BRUCE, createServicesWithBruce, outcome, TENANT } from '../service-harness.js';

const { customerId, attributes, extensions } = BRUCE;

describe('ProfileService: get', () => {
  it('W4 returns all attributes, and only the requested extensions', async () => {
    const { profiles } = await createServicesWithBruce();
    const answered = async (wanted: 'all' | readonly string[] | undefined) =>
      (await profiles.get(TENANT, customerId, { extensions: wanted })).extensions;
    expect((await profiles.get(TENANT, customerId)).attributes).to.deep.equal(attributes);
    expect(await answered(undefined)).to.equal(undefined);
    expect(await answered('all')).to.deep.equal(extensions);
    expect(await answered(['Phone'])).to.deep.equal({ Phone: extensions.Phone });
    expect(await answered(['ADDRESS', 'phone', 'address'])).to.deep.equal(extensions);
  });

  it('R8 W4 without requested extensions, returns no extensions member, which a replacement would apply as R8', async () => {
    const { profiles } = await createServicesWithBruce();
    expect(await profiles.get(TENANT, customerId, { extensions: [] })).not.to.have.property('extensions');
  });

  it('W4 an extension without records is [] or omitted', async () => {
    const { profiles } = await createServicesWithBruce();
    const { customerId: empty } = await profiles.create(TENANT, { attributes });
    const { extensions: none } = await profiles.get(TENANT, empty, { extensions: ['Address', 'Phone'] });
    expect(none).to.deep.equal({ Phone: [] });
  });

  it('W4 an extension that the schema does not have is not_found', async () => {
    const { profiles } = await createServicesWithBruce();
    for (const name of ['Other', 'FirstName', '', '__proto__', 'constructor', 'Phon\u0435']) {
      expect(await outcome(profiles.get(TENANT, customerId, { extensions: [name] }))).to.equal('not_found');
    }
  });

  it('W10 changing its records is not_found as well, whatever the name', async () => {
    const { profiles } = await createServicesWithBruce();
    for (const name of ['Other', 'FirstName', 'constructor', undefined, null, 7, {}] as unknown as string[]) {
      for (const change of [profiles.updateRecord, profiles.deleteRecord]) {
        const record = { Number: '1' };
        expect(await outcome(change.call(profiles, TENANT, customerId, name, record))).to.equal('not_found');
      }
    }
  });

  it('W4 refuses extensions that are not an array of names', async () => {
    const { profiles } = await createServicesWithBruce();
    const wrongs: unknown[] = ['Phone', '*', [1], [null], [['Phone']]];
    for (const wrong of wrongs) {
      const options = { extensions: wrong as string[] };
      expect(await outcome(profiles.get(TENANT, customerId, options))).to.equal('malformed_request');
    }
  });

  it('R12 returns a copy', async () => {
    const { state } = await createServicesWithBruce();
    const one = await state();
    const before = structuredClone(one);
    (one.attributes.Email as string[]).push('x');
    Object.assign(one.extensions ?? {}, { Phone: [] });
    expect(await state()).to.deep.equal(before);
  });

  it('R15 a deleted profile is not_found', async () => {
    const { profiles } = await createServicesWithBruce();
    await profiles.delete(TENANT, customerId, { ifRevision: 1 });
    expect(await outcome(profiles.get(TENANT, customerId))).to.equal('not_found');
    expect(await outcome(profiles.delete(TENANT, customerId))).to.equal('not_found');
  });
});
