import type { ClauseGroup } from '../clause.js';
import { race } from '../concurrency.js';
import { commitAll, commitSchemaVersion, expectConflict, expectEqual, expectOneWinner } from '../expectations.js';
import { ANNA, city, creation, sampleSchema, TENANT, update } from '../sample-changes.js';
import { stateOf } from '../tenant-state.js';
import { hostileNames, hostileTexts, numbers } from './hostile-values.js';

/** `loadSchema` and `commitSchema`. */
export const schemaClauses: ClauseGroup = (clause) => {
  clause('schema/none', 'loadSchema resolves to undefined if there is no schema', async ({ repository }) => {
    expectEqual(await repository.loadSchema('3'), undefined, 'loadSchema');
  });

  clause(
    'schema/versions',
    'each schema is stored under the next version',
    async ({ repository, secondConnection }) => {
      const expectVersion = async (version: number | undefined) => {
        const stored = version === undefined ? undefined : { version, schema: sampleSchema(`3/${version}`) };
        for (const reader of [secondConnection, repository]) {
          expectEqual(await reader.loadSchema('3'), stored, 'loadSchema');
          const loaded = await reader.load('3', ANNA, { extensions: false });
          expectEqual(loaded, { schemaVersion: version }, 'the result of load');
          const found = await reader.find('3', city('Ulm'), { limit: 1, extensions: false });
          expectEqual(found, { schemaVersion: version, profiles: [], more: false }, 'the result of find');
        }
      };
      // Read first, to detect a cache that remembers that there is no schema.
      await expectVersion(undefined);
      for (const version of [1, 2, 3, 4]) {
        await commitSchemaVersion(version % 2 === 0 ? secondConnection : repository, version, '3');
        await expectVersion(version);
      }
    },
  );

  clause('schema/versions', 'versions exceed one byte', async ({ repository }) => {
    for (let version = 2; version <= 260; version++) await commitSchemaVersion(repository, version);
    const moved = { outcome: 'schema_changed', schemaVersion: 260 } as const;
    for (const other of [1, 4, 26, 259, 261, 2600]) {
      const schema = sampleSchema('refused');
      const answer = await repository.commitSchema(TENANT, { expectedVersion: other, schema });
      expectEqual(answer, moved, 'commitSchema');
      await expectConflict(repository, [creation(ANNA, { schemaVersion: other })], moved);
    }
    await commitAll(repository, creation(ANNA, { schemaVersion: 260 }));
    expectEqual((await repository.loadSchema(TENANT))?.version, 260, 'the version that loadSchema returns');
  });

  clause(
    'schema/versions',
    'storing an equal schema also creates a version',
    async ({ repository, secondConnection }) => {
      for (const expectedVersion of [1, 2]) {
        const schema = sampleSchema(`${TENANT}/1`);
        const committed = await repository.commitSchema(TENANT, { expectedVersion, schema });
        expectEqual(committed, { outcome: 'committed' }, 'commitSchema');
        expectEqual(await secondConnection.loadSchema(TENANT), { version: expectedVersion + 1, schema }, 'loadSchema');
      }
    },
  );

  clause('schema/alone', 'a schema change leaves profiles and entries unchanged', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold', addEntries: [city('Ulm')] }));
    await commitAll(repository, update(ANNA, 1));
    const { profiles, holders } = await stateOf(repository, TENANT, [city('Ulm')]);
    await commitSchemaVersion(repository, 2);
    const after = await stateOf(repository, TENANT, [city('Ulm')]);
    expectEqual([after.profiles, after.holders], [profiles, holders], 'the profiles and the holders of the entry');
  });

  clause('schema/round-trip', 'a schema is returned as stored', async ({ repository }) => {
    const schema = {
      attributes: [
        {
          name: 'constructor',
          type: 'string',
          multiValued: true,
          mandatory: true,
          length: 65_535,
          default: ['😀 ', ''],
        },
        { name: 'Max', type: 'long', default: '9223372036854775807' },
        { name: 'Flag', type: 'boolean', default: false },
      ],
      extensions: [
        { name: 'toString', type: 'multi-valued', attributes: [], unique: [], closing: true },
        { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string', default: null }] },
      ],
      identificationKeys: [{ name: '__proto__', attributes: ['Max'], unique: true, index: 'k-1', filling: true }],
      // Unknown members: a later version of the services may add some.
      notes: [
        {
          texts: hostileTexts,
          numbers,
          names: Object.fromEntries(hostileNames.map((name) => [name, name])),
          gone: undefined,
        },
      ],
    } as const;
    const committed = await repository.commitSchema(TENANT, { expectedVersion: 1, schema });
    expectEqual(committed, { outcome: 'committed' }, 'commitSchema');
    expectEqual(await repository.loadSchema(TENANT), { version: 2, schema }, 'loadSchema');
    await commitSchemaVersion(repository, 3);
    expectEqual((await repository.loadSchema(TENANT))?.schema, sampleSchema(`${TENANT}/3`), 'the next schema');
  });

  clause('schema/round-trip', 'a schema of 1 MiB is returned as stored', async ({ repository }) => {
    const attributes = Array.from({ length: 16 }, (_, number) => {
      return {
        name: `Text${number}`,
        type: 'string',
        length: 65_535,
        default: `${number}`.padEnd(65_535, '.'),
      } as const;
    });
    const schema = { ...sampleSchema('large'), attributes };
    const committed = await repository.commitSchema(TENANT, { expectedVersion: 1, schema });
    expectEqual(committed, { outcome: 'committed' }, 'commitSchema');
    expectEqual(await repository.loadSchema(TENANT), { version: 2, schema }, 'loadSchema');
  });

  clause('schema/compare-and-set', 'a wrong version is refused, and nothing changes', async ({ repository }) => {
    const before = await repository.loadSchema(TENANT);
    for (const expectedVersion of [0, 2, 7]) {
      const refused = { expectedVersion, schema: sampleSchema('refused') };
      const moved = { outcome: 'schema_changed', schemaVersion: 1 };
      expectEqual(await repository.commitSchema(TENANT, refused), moved, 'commitSchema');
    }
    expectEqual(await repository.loadSchema(TENANT), before, 'the schema after the refused changes');
    const first = { expectedVersion: 1, schema: sampleSchema('refused') };
    expectEqual(
      await repository.commitSchema('3', first),
      { outcome: 'schema_changed' },
      'commitSchema without a schema',
    );
    expectEqual(await repository.loadSchema('3'), undefined, 'the schema after the refused first version');
  });

  clause('schema/compare-and-set', 'exactly one of 20 concurrent first versions wins', async (context) => {
    await expectOneSchemaWinner(context, 0);
  });

  clause('schema/compare-and-set', 'exactly one of 20 concurrent later versions wins', async (context) => {
    await commitSchemaVersion(context.repository, 1, '3');
    await expectOneSchemaWinner(context, 1);
  });
};

async function expectOneSchemaWinner(context: Parameters<typeof race>[0], expectedVersion: number): Promise<void> {
  const results = await race(context, 20, (connection, racer) =>
    connection.commitSchema('3', { expectedVersion, schema: sampleSchema(`racer ${racer}`) }),
  );
  expectOneWinner(results, { outcome: 'schema_changed', schemaVersion: expectedVersion + 1 });
  const winner = results.findIndex((result) => result.outcome === 'committed');
  const expected = { version: expectedVersion + 1, schema: sampleSchema(`racer ${winner}`) };
  expectEqual(await context.repository.loadSchema('3'), expected, 'what the winner stored');
}
