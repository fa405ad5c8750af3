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

describe('ProfileService: records stored under an older schema', () => {
  const stored = async (before: SchemaDefinition, after: SchemaDefinition, Phone: unknown[]) => {
    const services = createServices();
    await services.schemas.define(TENANT, before);
    await services.profiles.create(TENANT, { customerId: 'bruce', attributes: {}, extensions: { Phone } });
    // Stored directly: a schema change that adds `unique` over equal records is refused (W8), and was not in version 0.1.
    const { attributes, extensions = [] } = after;
    const schema = { attributes, extensions, identificationKeys: [] };
    await services.repository.commitSchema(TENANT, { expectedVersion: 1, schema });
    return { ...services, phones: async () => (await services.state()).extensions?.Phone };
  };

  it('W10 null identifies a record that lacks a unique attribute, and a later default does not fill it in', async () => {
    const [before, after] = [schemaWith(['Kind']), schemaWith(['Kind'], { default: 'home' })];
    const { profiles, phones } = await stored(before, after, [{}, { Kind: 'home' }]);
    await profiles.updateRecord(TENANT, 'bruce', 'Phone', { Kind: null, Note: 'new' });
    expect(await phones()).to.deep.equal([{ Note: 'new' }, { Kind: 'home' }]);
  });

  it('W9 W10 of records with equal unique attributes, the first one is changed', async () => {
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
