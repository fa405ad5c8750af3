import { expect } from 'chai';
import {
  type AttributeDefinition,
  createDossier,
  type ExtensionDefinition,
  type IdentificationKeyDefinition,
  isDossierError,
} from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';

const PHONE: ExtensionDefinition = {
  name: 'Phone',
  type: 'multi-valued',
  attributes: [{ name: 'K', type: 'string' }],
};
const BY_K: IdentificationKeyDefinition = { name: 'byK', source: 'Phone', attributes: ['K'] };

describe('SchemaService: getExtension and getKey', () => {
  const create = async () => {
    const { schemas } = createDossier({ repository: new InMemoryProfileRepository() });
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

  it('W4 find a definition by its name, ignoring case', async () => {
    const schemas = await create();
    for (const name of ['Phone', 'phone', 'PHONE']) expect(await schemas.getExtension('1', name)).to.deep.equal(PHONE);
    for (const name of ['byK', 'BYK', 'byk']) expect(await schemas.getKey('1', name)).to.deep.equal(BY_K);
  });

  describe('R1 return referenced names in the case of their definitions', () => {
    const declared: ExtensionDefinition = { ...PHONE, unique: ['K'] };
    const wanted: IdentificationKeyDefinition = { name: 'byK', source: 'Phone', attributes: ['K'] };
    const given: IdentificationKeyDefinition = { ...wanted, source: 'PHONE', attributes: ['k'] };
    const attributes: AttributeDefinition[] = [{ name: 'Email', type: 'string' }];

    it('after the definition was added', async () => {
      const { schemas } = createDossier({ repository: new InMemoryProfileRepository() });
      await schemas.define('1', { attributes });
      expect(await schemas.addExtension('1', { ...declared, unique: ['k'] })).to.deep.equal(declared);
      expect(await schemas.addKey('1', given)).to.deep.equal(wanted);
      expect(await schemas.addKey('1', { name: 'e', source: 'PROFILE', attributes: ['eMAIL'] })).to.deep.equal({
        name: 'e',
        source: 'profile',
        attributes: ['Email'],
      });
      expect(await schemas.getExtension('1', 'Phone')).to.deep.equal(declared);
      expect(await schemas.getKey('1', 'byK')).to.deep.equal(wanted);
    });

    it('after the schema was defined, and defining the result again changes nothing', async () => {
      const { schemas } = createDossier({ repository: new InMemoryProfileRepository() });
      const schema = { attributes, extensions: [{ ...declared, unique: ['k'] }], identificationKeys: [given] };
      const { version, ...answered } = await schemas.define('1', schema);
      expect(answered).to.deep.equal({ attributes, extensions: [declared], identificationKeys: [wanted] });
      for (const same of [answered, schema]) expect((await schemas.define('1', same)).version).to.equal(version);
    });

    it('after they were redefined in another case, without a new backfill', async () => {
      const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() });
      const identificationKeys: IdentificationKeyDefinition[] = [{ name: 'byEmail', attributes: ['Email'] }];
      await schemas.define('1', { attributes, identificationKeys });
      await profiles.create('1', { attributes: { Email: 'a' } });
      const { version, ...answered } = await schemas.defineAttributes('1', [{ name: 'EMAIL', type: 'string' }]);
      expect([version, answered.identificationKeys]).to.deep.equal([2, [{ name: 'byEmail', attributes: ['EMAIL'] }]]);
      expect((await schemas.define('1', answered)).version).to.equal(version);
      expect((await profiles.identify('1', { values: { Email: 'a' } })).items).to.have.length(1);
    });
  });

  it('R1 fold ASCII letters only', async () => {
    expect(await codeOf((await create()).getKey('1', 'by\u212A'))).to.equal('not_found');
  });

  it('R17 find nothing for an unknown name, a tenant without a schema, or another tenant', async () => {
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

  it('not_found: a value that is not a name', async () => {
    const schemas = await create();
    for (const wrong of [undefined, null, 7, {}] as unknown as string[]) {
      const asking = [schemas.getExtension('1', wrong), schemas.getKey('1', wrong)];
      const removing = [schemas.removeExtension('1', wrong), schemas.removeKey('1', wrong)];
      for (const answer of [...asking, ...removing]) expect(await codeOf(answer)).to.equal('not_found');
    }
  });

  it('return a copy', async () => {
    const schemas = await create();
    Object.assign(await schemas.getExtension('1', 'Phone'), { name: 'Changed' });
    Object.assign(await schemas.getKey('1', 'byK'), { name: 'Changed' });
    expect(await schemas.getExtension('1', 'Phone')).to.deep.equal(PHONE);
    expect(await schemas.getKey('1', 'byK')).to.deep.equal(BY_K);
  });
});
