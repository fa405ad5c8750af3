import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectObstacle, expectOneWinner, expectSame } from '../expectations.js';
import { race } from '../racing.js';
import { ANNA, city, creation, sampleSchema, TENANT, update } from '../sample-changes.js';
import { stateOf } from '../stored-state.js';
import { hostileNames, hostileTexts, numbers } from './hostile-values.js';
import { withMembers } from './with-members.js';

/** `loadSchema` and `commitSchema`. */
export const schemaClauses: ClauseGroup = (clause) => {
  clause('schema/none', 'a tenant without a schema has none', async ({ repository }) => {
    expectSame(await repository.loadSchema('3'), undefined, 'loadSchema');
  });

  clause('schema/versions', 'each schema is kept whole under the next version', async ({ repository, rival }) => {
    const expectVersion = async (version: number | undefined) => {
      const stored = version === undefined ? undefined : { version, schema: sampleSchema(`3/${version}`) };
      for (const reader of [rival, repository]) {
        expectSame(await reader.loadSchema('3'), stored, 'loadSchema');
        const loaded = await reader.load('3', ANNA, { extensions: false });
        expectSame(loaded, { schemaVersion: version }, 'the version by load');
        const found = await reader.find('3', city('Ulm'), { limit: 1, extensions: false });
        expectSame(found, { schemaVersion: version, profiles: [] }, 'the version by find');
      }
    };
    // That there is none is not to be remembered either.
    await expectVersion(undefined);
    for (const version of [1, 2, 3, 4]) {
      await commitSchemaVersion(version % 2 === 0 ? rival : repository, version, '3');
      await expectVersion(version);
    }
  });

  clause('schema/versions', 'versions count on beyond what a byte holds', async ({ repository }) => {
    for (let version = 2; version <= 260; version++) await commitSchemaVersion(repository, version);
    const moved = { outcome: 'schema_moved', schemaVersion: 260 } as const;
    for (const other of [1, 4, 26, 259, 261, 2600]) {
      const schema = sampleSchema('refused');
      const answer = await repository.commitSchema({ tenantId: TENANT, expectedVersion: other, schema });
      expectSame(answer, moved, 'commitSchema');
      await expectObstacle(repository, [creation(ANNA, { schemaVersion: other })], moved);
    }
    await commitAll(repository, creation(ANNA, { schemaVersion: 260 }));
    expectSame((await repository.loadSchema(TENANT))?.version, 260, 'the version by loadSchema');
  });

  clause('schema/versions', 'a schema that is stored again has the next version', async ({ repository, rival }) => {
    for (const expectedVersion of [1, 2]) {
      const schema = sampleSchema(`${TENANT}/1`);
      const committed = await repository.commitSchema({ tenantId: TENANT, expectedVersion, schema });
      expectSame(committed, { outcome: 'committed' }, 'commitSchema');
      expectSame(await rival.loadSchema(TENANT), { version: expectedVersion + 1, schema }, 'loadSchema');
    }
  });

  clause('schema/alone', 'a schema change leaves profiles and entries as they are', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold', addEntries: [city('Ulm')] }));
    await commitAll(repository, update(ANNA, 1));
    const { profiles, holders } = await stateOf(repository, TENANT, [city('Ulm')]);
    await commitSchemaVersion(repository, 2);
    const after = await stateOf(repository, TENANT, [city('Ulm')]);
    expectSame([after.profiles, after.holders], [profiles, holders], 'the profiles, and those that are found');
  });

  clause('schema/round-trip', 'a schema comes back as it went in', async ({ repository }) => {
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
      // What a later version of the services may put into it.
      notes: [
        { texts: hostileTexts, numbers, names: withMembers(hostileNames.map((name) => [name, name])), gone: undefined },
      ],
    } as const;
    const committed = await repository.commitSchema({ tenantId: TENANT, expectedVersion: 1, schema });
    expectSame(committed, { outcome: 'committed' }, 'commitSchema');
    expectSame(await repository.loadSchema(TENANT), { version: 2, schema }, 'loadSchema');
    await commitSchemaVersion(repository, 3);
    expectSame(
      (await repository.loadSchema(TENANT))?.schema,
      sampleSchema(`${TENANT}/3`),
      'the schema that replaced it',
    );
  });

  clause('schema/round-trip', 'a schema of 1 MiB comes back as it went in', async ({ repository }) => {
    const attributes = Array.from({ length: 16 }, (_, number) => {
      return {
        name: `Text${number}`,
        type: 'string',
        length: 65_535,
        default: `${number}`.padEnd(65_535, '.'),
      } as const;
    });
    const schema = { ...sampleSchema('large'), attributes };
    const committed = await repository.commitSchema({ tenantId: TENANT, expectedVersion: 1, schema });
    expectSame(committed, { outcome: 'committed' }, 'commitSchema');
    expectSame(await repository.loadSchema(TENANT), { version: 2, schema }, 'loadSchema');
  });

  clause('schema/compare-and-set', 'another version is answered, and changes nothing', async ({ repository }) => {
    const before = await repository.loadSchema(TENANT);
    for (const expectedVersion of [0, 2, 7]) {
      const refused = { tenantId: TENANT, expectedVersion, schema: sampleSchema('refused') };
      const moved = { outcome: 'schema_moved', schemaVersion: 1 };
      expectSame(await repository.commitSchema(refused), moved, 'commitSchema');
    }
    expectSame(await repository.loadSchema(TENANT), before, 'the schema after the refusals');
    const first = { tenantId: '3', expectedVersion: 1, schema: sampleSchema('refused') };
    expectSame(await repository.commitSchema(first), { outcome: 'schema_moved' }, 'commitSchema where there is none');
    expectSame(await repository.loadSchema('3'), undefined, 'the schema where there was none');
  });

  clause('schema/compare-and-set', 'of 20 racers for the first version exactly one wins', async (context) => {
    await expectOneSchemaWinner(context, 0);
  });

  clause('schema/compare-and-set', 'of 20 racers for a later version exactly one wins', async (context) => {
    await commitSchemaVersion(context.repository, 1, '3');
    await expectOneSchemaWinner(context, 1);
  });
};

async function expectOneSchemaWinner(context: Parameters<typeof race>[0], expectedVersion: number): Promise<void> {
  const results = await race(context, 20, (connection, racer) =>
    connection.commitSchema({ tenantId: '3', expectedVersion, schema: sampleSchema(`racer ${racer}`) }),
  );
  expectOneWinner(results, { outcome: 'schema_moved', schemaVersion: expectedVersion + 1 });
  const winner = results.findIndex((result) => result.outcome === 'committed');
  const expected = { version: expectedVersion + 1, schema: sampleSchema(`racer ${winner}`) };
  expectSame(await context.repository.loadSchema('3'), expected, 'what the winner stored');
}
