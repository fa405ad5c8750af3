import { expect } from 'chai';
import type { AttributeDefinition, SchemaDefinition } from 'dossier';
import { createServices, TENANT } from '../service-harness.js';

const schemaWith = (unique: readonly string[], kind: Partial<AttributeDefinition> = {}): SchemaDefinition => ({
  attributes: [],
  extensions: [
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Kind', type: 'string', ...kind },
        { name: 'Note', type: 'string' },
      ],
      unique,
    },
  ],
});

describe('ProfileService: records that an older schema let in', () => {
  const stored = async (before: SchemaDefinition, after: SchemaDefinition, Phone: unknown[]) => {
    const services = createServices();
    await services.schemas.define(TENANT, before);
    await services.profiles.create(TENANT, { customerId: 'bruce', attributes: {}, extensions: { Phone } });
    await services.schemas.define(TENANT, after);
    return { ...services, phones: async () => (await services.state()).extensions?.Phone };
  };

  it('W10: a record is found by what it lacks and goes on lacking it, also where there is a default by now', async () => {
    const [before, after] = [schemaWith(['Kind']), schemaWith(['Kind'], { default: 'home' })];
    const { profiles, phones } = await stored(before, after, [{}, { Kind: 'home' }]);
    await profiles.updateRecord(TENANT, 'bruce', 'Phone', { Kind: null, Note: 'new' });
    expect(await phones()).to.deep.equal([{ Note: 'new' }, { Kind: 'home' }]);
  });

  it('W9, W10: of records that agree on the unique attributes the first is meant, whatever is done to it', async () => {
    const { profiles, phones } = await stored(schemaWith([]), schemaWith(['Kind']), [
      { Kind: 'home', Note: '1' },
      { Kind: 'home', Note: '2' },
    ]);
    await profiles.insertRecords(TENANT, 'bruce', { Phone: { Kind: 'home', Note: '3' } });
    expect(await phones()).to.deep.equal([
      { Kind: 'home', Note: '3' },
      { Kind: 'home', Note: '2' },
    ]);
    await profiles.updateRecord(TENANT, 'bruce', 'Phone', { Kind: 'home', Note: '4' });
    await profiles.deleteRecord(TENANT, 'bruce', 'Phone', { Kind: 'home' });
    expect(await phones()).to.deep.equal([{ Kind: 'home', Note: '2' }]);
  });
});
