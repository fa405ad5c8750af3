import { expect } from 'chai';
import { BRUCE, createServicesWithBruce, outcome, SCHEMA, TENANT } from '../service-harness.js';

/** A call of a method with these options: misspelt ones, or a value that is no object of options. */
type Call = (services: Awaited<ReturnType<typeof createServicesWithBruce>>, options: never) => Promise<unknown>;
const { customerId } = BRUCE;
const attributes = { FirstName: 'Robert' };
const phone = { Phone: [{ Number: '9' }] };

const CALLS: Readonly<Record<string, Call>> = {
  create: ({ profiles }, options) => profiles.create(TENANT, { attributes }, options),
  createMany: ({ profiles }, options) => profiles.createMany(TENANT, [{ attributes }], options),
  import: ({ profiles }, options) => profiles.import(TENANT, [{ line: 1, members: attributes }], options),
  'import (context)': ({ profiles }, options) =>
    profiles.import(TENANT, [{ line: 1, members: attributes }], {}, options),
  all: ({ profiles }, options) => profiles.all(TENANT, options).next(),
  get: ({ profiles }, options) => profiles.get(TENANT, customerId, options),
  identify: ({ profiles }, options) => profiles.identify(TENANT, options),
  replace: ({ profiles }, options) => profiles.replace(TENANT, customerId, { attributes }, options),
  patch: ({ profiles }, options) => profiles.patch(TENANT, customerId, { attributes }, options),
  findOrCreate: ({ profiles }, options) => profiles.findOrCreate(TENANT, options, { attributes }),
  'findOrCreate (context)': ({ profiles }, options) =>
    profiles.findOrCreate(TENANT, { key: 'byName' }, { attributes }, options),
  delete: ({ profiles }, options) => profiles.delete(TENANT, customerId, options),
  insertRecords: ({ profiles }, options) => profiles.insertRecords(TENANT, customerId, phone, options),
  updateRecord: ({ profiles }, options) => profiles.updateRecord(TENANT, customerId, 'Phone', { Number: '1' }, options),
  deleteRecord: ({ profiles }, options) => profiles.deleteRecord(TENANT, customerId, 'Phone', { Number: '1' }, options),
  merge: ({ profiles }, options) => profiles.merge(TENANT, customerId, customerId, options),
  history: ({ profiles }, options) => profiles.history(TENANT, customerId, options),
  at: ({ profiles }, options) => profiles.at(TENANT, customerId, 1, options),
  restore: ({ profiles }, options) => profiles.restore(TENANT, customerId, 1, options),
  prune: ({ profiles }, options) => profiles.prune(TENANT, options),
  define: ({ schemas }, options) => schemas.define(TENANT, { attributes: [] }, options),
  defineAttributes: ({ schemas }, options) => schemas.defineAttributes(TENANT, [], options),
  addKey: ({ schemas }, options) => schemas.addKey(TENANT, { name: 'k', attributes: ['FirstName'] }, options),
  removeExtension: ({ schemas }, options) => schemas.removeExtension(TENANT, 'Phone', options),
};

describe('unknown options', () => {
  for (const [method, call] of Object.entries(CALLS)) {
    it(`${method} refuses a misspelt option and null, and changes nothing`, async () => {
      const services = await createServicesWithBruce();
      const before = await services.state();
      for (const options of [{ ifRevison: 7 }, { ifVersoin: 7 }, null, [], 'x']) {
        expect(await outcome(call(services, options as never)), JSON.stringify(options)).to.equal('malformed_request');
      }
      expect(await services.state()).to.deep.equal(before);
      const { version, ...schema } = await services.schemas.get(TENANT);
      expect([version, schema]).to.deep.equal([1, { ...SCHEMA, identificationKeys: [] }]);
    });
  }

  it('a schema change refuses an `onProgress` that is no function before it begins', async () => {
    const { schemas } = await createServicesWithBruce();
    const key = { name: 'byName', attributes: ['FirstName'] };
    for (const onProgress of [5, null] as never[]) {
      for (const change of [
        schemas.define(TENANT, { ...SCHEMA, identificationKeys: [key] }, { onProgress }),
        schemas.addKey(TENANT, key, { onProgress }),
        schemas.tryOut(TENANT, SCHEMA, { onProgress }),
      ]) {
        expect(await outcome(change)).to.equal('malformed_request');
      }
    }
    expect((await schemas.get(TENANT)).version).to.equal(1);
    await schemas.addKey(TENANT, key);
  });
});
