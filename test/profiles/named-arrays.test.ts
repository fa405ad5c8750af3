import { expect } from 'chai';
import type { ProfileService } from 'dossier';
import { BRUCE, createServices, createServicesWithBruce, outcome, SCHEMA, TENANT } from '../service-harness.js';

const { customerId, attributes } = BRUCE;

/** What `phones.home = …` makes of an empty array: it reads as none, and JSON shows none of it. */
const named = (): never[] => Object.assign([], { home: { Number: '9' } });

const CHANGES: Readonly<Record<string, (profiles: ProfileService) => Promise<unknown>>> = {
  'replace, an attribute': (profiles) =>
    profiles.replace(TENANT, customerId, { attributes: { ...attributes, Email: named() } }),
  'replace, an extension': (profiles) =>
    profiles.replace(TENANT, customerId, { attributes, extensions: { Phone: named() } }),
  'replace, a single-valued extension': (profiles) =>
    profiles.replace(TENANT, customerId, { attributes, extensions: { Address: named() } }),
  'replace, flat': (profiles) => profiles.replace(TENANT, customerId, { members: { ...attributes, Phone: named() } }),
  patch: (profiles) => profiles.patch(TENANT, customerId, { attributes: { Email: named() } }),
  insertRecords: (profiles) => profiles.insertRecords(TENANT, customerId, { Phone: named() }),
};

describe('R5 R8 an empty array with named members is not taken for no value', () => {
  for (const [what, change] of Object.entries(CHANGES)) {
    it(`${what} refuses it, and changes nothing, whether the schema is in memory or not`, async () => {
      const services = await createServicesWithBruce();
      const before = await services.state();
      for (const { profiles } of [services, createServices(services.repository)]) {
        expect(await outcome(change(profiles))).to.equal('invalid_profile');
      }
      expect(await services.state()).to.deep.equal(before);
    });
  }

  it('a schema refuses it, and keeps its definitions', async () => {
    const { schemas } = await createServicesWithBruce();
    const list = Object.assign([], { FirstName: { name: 'FirstName', type: 'string' } });
    expect(await outcome(schemas.define(TENANT, { ...SCHEMA, attributes: list }))).to.equal('invalid_schema');
    expect(await outcome(schemas.defineAttributes(TENANT, list))).to.equal('invalid_schema');
    expect((await schemas.get(TENANT)).attributes).to.have.lengthOf(SCHEMA.attributes.length);
  });
});
