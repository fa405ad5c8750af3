import { expect } from 'chai';
import { createDossier } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { creation, email, firstSchema, HISTORY } from '../../adapters/knex/sample-changes.js';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { withSetting } from './connection-settings.js';

type Client = 'pg' | 'mysql2';

const UNICODE = 'Zoë 日本語 \u{1F600} e\u0301';

/** Settings with which text would lose characters, or changes be lost, without an error. */
const UNSAFE: Readonly<Record<Client, Readonly<Record<string, string>>>> = {
  pg: { "SET client_encoding = 'LATIN1'": 'client_encoding = UTF8', 'SET array_nulls = off': 'array_nulls = on' },
  mysql2: {
    'SET NAMES latin1': 'the character set utf8mb4',
    'SET character_set_connection = latin1': 'the character set utf8mb4',
    'SET autocommit = 0': 'autocommit = 1',
    "SET sql_mode = 'EMPTY_STRING_IS_NULL'": 'an sql_mode without EMPTY_STRING_IS_NULL',
  },
};

const SAFE: Readonly<Record<Client, readonly string[]>> = {
  pg: ["SET bytea_output = 'escape'", 'SET standard_conforming_strings = off', 'SET transform_null_equals = on'],
  mysql2: ["SET sql_mode = ''", "SET sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES'", 'SET character_set_results = NULL'],
};

/** Options that hosts give to their drivers. */
const DRIVER_OPTIONS: Readonly<Record<Client, Readonly<Record<string, object>>>> = {
  pg: {
    'type parsers for numbers and text': {
      types: { getTypeParser: (type: number) => (type === 20 ? BigInt : parseJson) },
    },
  },
  mysql2: {
    'raw values': { typeCast: false },
    'values of a custom type cast': {
      typeCast: (field: { buffer(): Buffer | null }) => field.buffer()?.toString('hex'),
    },
    'rows nested by table': { nestTables: true },
    'rows as arrays': { rowsAsArray: true },
    'named placeholders and large numbers as text': {
      namedPlaceholders: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
    },
  },
};

describeOnEachServer('settings', (server) => {
  let database: TestDatabase;
  afterEach(() => database?.dispose());

  for (const [setting, needed] of Object.entries(UNSAFE[server.client])) {
    // MySQL has no such mode.
    if (server.name === 'MySQL' && setting.includes('EMPTY_STRING_IS_NULL')) continue;
    it(`migrate and ping refuse: ${setting}`, async () => {
      database = await createDatabase(server);
      const knex = database.open(withSetting(setting));
      await expectRefused(migrate(knex), needed);
      await migrate(database.open());
      await expectRefused(new KnexProfileRepository(knex).ping(), needed);
    });
  }

  for (const setting of SAFE[server.client]) {
    it(`values are unchanged with: ${setting}`, async () => {
      database = await createDatabase(server);
      await expectUnchanged(database.open(withSetting(setting)));
    });
  }

  for (const [title, options] of Object.entries(DRIVER_OPTIONS[server.client])) {
    it(`values are unchanged if the driver returns ${title}`, async () => {
      database = await createDatabase(server);
      // With these, Knex warns that it cannot read the server's version.
      const log = { warn() {} };
      await expectUnchanged(database.open({ connection: { ...partsOf(database.url), ...options }, log }));
    });
  }

  if (server.name === 'MariaDB') {
    it('entries are replaced whatever `group_concat_max_len` is', async () => {
      database = await createDatabase(server);
      for (const length of [4, 100, 1_024, 1_048_576]) {
        const options = { tablePrefix: `p${length}_` };
        const knex = database.open(withSetting(`SET SESSION group_concat_max_len = ${length}`));
        await migrate(knex, options);
        const { profiles, schemas } = createDossier({ repository: new KnexProfileRepository(knex, options) });
        await schemas.define('1', {
          attributes: [{ name: 'Email', type: 'string', multiValued: true }],
          identificationKeys: [{ name: 'byEmail', attributes: ['Email'] }],
        });
        const emails = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `${from + index}`);
        await profiles.create('1', { customerId: 'anna', attributes: { Email: emails(0, 20) } });
        for (const given of [emails(10, 30), emails(10, 31), emails(11, 31), emails(30, 32), []]) {
          await profiles.replace('1', 'anna', { attributes: { Email: given } });
          const rows = await knex(`${options.tablePrefix}profile_keys`).count({ rows: '*' });
          expect(rows).to.deep.equal([{ rows: given.length }]);
        }
      }
    });
  }

  if (server.client === 'pg') {
    it('a database whose encoding lacks characters is refused, and SQL_ASCII leaves values unchanged', async () => {
      database = await createDatabase(server, "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
      await expectRefused(migrate(database.open()), 'a database with the encoding UTF8');
      await database.dispose();
      database = await createDatabase(server, "ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
      await expectUnchanged(database.open());
    });
  }
});

async function expectRefused(refused: Promise<unknown>, needed: string): Promise<void> {
  const error: unknown = await refused.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.include({ code: 'storage_unavailable', outcomeUnknown: false });
  expect(error).to.have.property('message').that.contains(needed);
}

async function expectUnchanged(knex: Knex): Promise<void> {
  await migrate(knex);
  const repository = new KnexProfileRepository(knex);
  await repository.ping();
  await repository.commitSchema('1', firstSchema);
  const attributes = { Name: UNICODE };
  const created = { ...creation('anna', [email('a')]), attributes };
  expect(await repository.commit('1', [created], HISTORY)).to.include({ outcome: 'committed' });
  expect(await repository.commit('1', [created], HISTORY)).to.deep.equal({ outcome: 'id_taken', index: 0 });
  const { schemaVersion, profiles } = await repository.find('1', email('a'), { limit: 10, extensions: true });
  expect(schemaVersion).to.equal(1);
  expect(profiles.map((profile) => [profile.revision, profile.attributes])).to.deep.equal([[1, attributes]]);
}

function partsOf(url: string): object {
  const { hostname, port, username, password, pathname } = new URL(url);
  return { host: hostname, port: Number(port), user: username, password, database: pathname.slice(1) };
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
