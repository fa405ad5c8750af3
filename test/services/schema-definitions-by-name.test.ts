import { expect } from 'chai';
import { createProfiles, type ExtensionDefinition, type IdentificationKeyDefinition, isDossierError } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';

const PHONE: ExtensionDefinition = {
  name: 'Phone',
  type: 'multi-valued',
  attributes: [{ name: 'K', type: 'string' }],
};
const BY_K: IdentificationKeyDefinition = { name: 'byK', source: 'Phone', attributes: ['K'] };

describe('SchemaService: one definition by its name', () => {
  const create = async () => {
    const { schemas } = createProfiles({ repository: new InMemoryProfileRepository() });
    await schemas.define('1', { attributes: [], extensions: [PHONE], identificationKeys: [BY_K] });
    return schemas;
  };

  const codeOf = async (answer: Promise<unknown>) => {
    try {
      await answer;
      return 'none';
    } catch (error) {
      return isDossierError(error) ? error.code : error;
    }
  };

  it('W4: getExtension and getKey find it without regard to case', async () => {
    const schemas = await create();
    for (const name of ['Phone', 'phone', 'PHONE']) expect(await schemas.getExtension('1', name)).to.deep.equal(PHONE);
    for (const name of ['byK', 'BYK', 'byk']) expect(await schemas.getKey('1', name)).to.deep.equal(BY_K);
  });

  it('R1: a foreign letter does not fold to one of theirs', async () => {
    expect(await codeOf((await create()).getKey('1', 'by\u212A'))).to.equal('not_found');
  });

  it('R17: is not found where there is none, for a tenant without a schema, and for another tenant', async () => {
    const schemas = await create();
    await schemas.define('2', { attributes: [] });
    for (const [tenant, name] of [
      ['1', 'constructor'],
      ['2', 'Phone'],
      ['3', 'Phone'],
    ] as const) {
      expect(await codeOf(schemas.getExtension(tenant, name))).to.equal('not_found');
    }
    for (const [tenant, name] of [
      ['1', 'toString'],
      ['2', 'byK'],
      ['3', 'byK'],
    ] as const) {
      expect(await codeOf(schemas.getKey(tenant, name))).to.equal('not_found');
    }
  });

  it('not_found: what is no name is the name of none', async () => {
    const schemas = await create();
    for (const wrong of [undefined, null, 7, {}] as unknown as string[]) {
      const asking = [schemas.getExtension('1', wrong), schemas.getKey('1', wrong)];
      const removing = [schemas.removeExtension('1', wrong), schemas.removeKey('1', wrong)];
      for (const answer of [...asking, ...removing]) expect(await codeOf(answer)).to.equal('not_found');
    }
  });

  it('answers a copy', async () => {
    const schemas = await create();
    Object.assign(await schemas.getExtension('1', 'Phone'), { name: 'Changed' });
    Object.assign(await schemas.getKey('1', 'byK'), { name: 'Changed' });
    expect(await schemas.getExtension('1', 'Phone')).to.deep.equal(PHONE);
    expect(await schemas.getKey('1', 'byK')).to.deep.equal(BY_K);
  });
});
