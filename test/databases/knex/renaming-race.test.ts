import { expect } from 'chai';
import { type AttributeDefinition, createDossier, type IdentificationKeyDefinition, isDossierError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';

const CUSTOMERS = ['ann', 'bob', 'cleo'];
const WRITES = 8;
const NAMES = ['Mail', 'Email', 'Contact', 'Mail'];

/** Processes write by whichever name the attribute has while another one renames it. */
describeOnEachServer('an attribute that is renamed while profiles are written', (server) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase(server);
  });
  afterEach(() => database.dispose());

  it('R16 R26 keeps every write, and its key finds the last of each profile', async () => {
    const knex = database.open();
    await migrate(knex);
    const process = () => createDossier({ repository: new KnexProfileRepository(knex) }).tenant('1');
    const schemaWith = (name: string, formerly: string[]) => {
      const attribute: AttributeDefinition = { name, type: 'string', formerly };
      const key: IdentificationKeyDefinition = { name: 'byMail', attributes: [name], unique: true };
      return { attributes: [attribute], identificationKeys: [key] };
    };
    const { schemas, profiles } = process();
    await schemas.define(schemaWith('Mail', []));
    for (const customerId of CUSTOMERS) await profiles.create({ customerId, attributes: { Mail: `${customerId}-` } });

    /** Writes by one name after the other until one is accepted. */
    const write = async (writer: ReturnType<typeof process>, customerId: string, value: string) => {
      for (let attempt = 0; ; attempt += 1) {
        const attributes = { [NAMES[attempt % 3] ?? '']: value };
        try {
          return await writer.profiles.replace(customerId, { attributes });
        } catch (error) {
          if (!isDossierError(error) || error.code !== 'invalid_profile' || attempt > 100) throw error;
        }
      }
    };
    const writers = CUSTOMERS.map(async (customerId) => {
      const writer = process();
      for (let count = 1; count <= WRITES; count += 1) await write(writer, customerId, `${customerId}-${count}`);
    });
    const renaming = async () => {
      for (const [index, name] of NAMES.slice(1).entries()) {
        await process().schemas.define(schemaWith(name, [NAMES[index] ?? '']));
      }
    };
    await Promise.all([...writers, renaming()]);

    for (const customerId of CUSTOMERS) {
      const last = `${customerId}-${WRITES}`;
      const { attributes, revision, residual } = await profiles.get(customerId, { residual: true });
      expect([attributes, revision, residual]).to.deep.equal([{ Mail: last }, WRITES + 1, undefined]);
      const find = async (value: string) =>
        (await profiles.identify({ values: { Mail: value } })).items.map((one) => one.customerId);
      expect(await find(last)).to.deep.equal([customerId]);
      for (let count = 1; count < WRITES; count += 1) expect(await find(`${customerId}-${count}`)).to.deep.equal([]);
      const former = await Promise.all(
        Array.from({ length: WRITES }, (_, index) => profiles.at(customerId, index + 2)),
      );
      const kept = former.map((state) => state.attributes);
      expect(kept).to.deep.equal(
        Array.from({ length: WRITES }, (_, index) => ({ Mail: `${customerId}-${index + 1}` })),
      );
    }
  });
});
