import assert from 'node:assert';
import type { IndexEntry } from '../../src/model/documents.js';
import type {
  ProfileRepository,
  ReplaceChange,
  ReplaceResult,
  UpdateChange,
} from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectEqual, expectHolders, loadProfile } from '../expectations.js';
import {
  ANNA,
  BERT,
  CREATED_AT,
  city,
  creation,
  deletion,
  email,
  replacement,
  TENANT,
  UPDATED_AT,
  update,
} from '../sample-changes.js';
import { stateOf } from '../tenant-state.js';

const LOOK: ReplaceResult = { outcome: 'look' };
const OFF = { history: false };
const RESIDUAL = { attributes: { Old: 1 } };

/** Replaces a profile of {@link TENANT}. */
export async function replace(
  repository: ProfileRepository,
  change: ReturnType<typeof replacement>,
  options = OFF,
): Promise<ReplaceResult> {
  const result = await repository.replace?.(TENANT, change, options);
  return result ?? assert.fail('a repository that declares `replace` must have the method `replace`');
}

/** A `create` change with canonical documents. */
export function canonical(customerId: string, ...addEntries: IndexEntry[]) {
  return creation(customerId, { canonical: true, addEntries });
}

/** Replacements whatever the revision is, if the capability is declared. */
export const replaceClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.replace) return;

  clause('replace/documents', 'the documents are replaced, whatever the revision is (R6, R8)', async (context) => {
    const { repository, secondConnection } = context;
    await commitAll(repository, creation(ANNA, { canonical: true, segment: 'gold' }), creation(BERT));
    await commitAll(repository, update(ANNA, 1, { canonical: true, segment: 'gold' }));
    const others = await loadProfile(repository, BERT);
    const extensions = { Log: [{ Text: 'new' }] };
    const after = { revision: 3, segment: 'gold', createdAt: CREATED_AT, updatedAt: '2024-03-05T00:00:00.000Z' };
    expectEqual(
      await replace(repository, replacement(ANNA, { attributes: { Name: 'Ann' }, extensions, at: after.updatedAt })),
      { outcome: 'replaced', ...after },
      'the result of replace',
    );
    const profile = { customerId: ANNA, ...after, attributes: { Name: 'Ann' }, extensions };
    expectEqual(await loadProfile(secondConnection, ANNA), profile, 'the profile');
    expectEqual(await loadProfile(repository, BERT), others, 'another profile');
    await commitAll(repository, update(ANNA, 3, { attributes: { Name: 'Anna' } }));
  });

  clause('replace/extensions-kept', 'without extensions, these stay (R7)', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { residual: undefined, canonical: true }));
    const { extensions } = await loadProfile(repository, ANNA);
    const { outcome } = await replace(repository, replacement(ANNA, { attributes: {} }));
    expectEqual(outcome, 'replaced', 'the outcome');
    const after = await loadProfile(repository, ANNA);
    expectEqual([after.attributes, after.extensions], [{}, extensions], 'the documents');
    await replace(repository, replacement(ANNA, { attributes: {}, extensions: {} }));
    expectEqual((await loadProfile(repository, ANNA)).extensions, {}, 'empty extensions');
  });

  clause('replace/segment', 'a segment is kept, set or removed', async ({ repository }) => {
    await commitAll(repository, canonical(ANNA));
    const { attributes } = await loadProfile(repository, ANNA);
    const segments = [undefined, 'gold', undefined, 'gold ', 'Gold', null, null];
    const after = [undefined, 'gold', 'gold', 'gold ', 'Gold', undefined, undefined];
    let revision = 1;
    for (const [index, segment] of segments.entries()) {
      const changed = after[index] !== after[index - 1];
      if (changed) revision += 1;
      const result = await replace(repository, replacement(ANNA, { attributes, segment }));
      expectEqual(
        result.outcome === 'look' ? LOOK : [result.outcome, result.revision, result.segment],
        [changed ? 'replaced' : 'unchanged', revision, after[index]],
        `the result for the segment ${segment}`,
      );
      expectEqual((await loadProfile(repository, ANNA)).segment, after[index], `the segment after ${segment}`);
    }
  });

  clause('replace/unchanged', 'a profile that already is so stays as it is (R13)', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { canonical: true, segment: 'gold', addEntries: [email(ANNA)] }));
    const before = await stateOf(repository, TENANT, [email(ANNA)]);
    const { attributes, extensions } = await loadProfile(repository, ANNA);
    const entries = { keys: ['idEmail'], entries: [email(ANNA)] };
    const same = { outcome: 'unchanged', revision: 1, segment: 'gold', createdAt: CREATED_AT, updatedAt: CREATED_AT };
    for (const given of [
      { attributes, extensions, ...entries },
      { attributes, ...entries, segment: 'gold' },
    ]) {
      const change = replacement(ANNA, { ...given, metadata: { operation: 'import', actor: 'another' } });
      expectEqual(await replace(repository, change), same, 'the result of replace');
      expectEqual(await stateOf(repository, TENANT, [email(ANNA)]), before, 'the state afterwards');
    }
  });

  clause(
    'replace/entries',
    'the profile has exactly the entries that are given, of the keys decided',
    async (context) => {
      const { repository } = context;
      await commitAll(
        repository,
        canonical(ANNA, email('a'), email('b'), city('Ulm')),
        canonical(BERT, email('c'), city('Ulm')),
      );
      const expectEntries = async (emails: readonly string[], cities: readonly string[]) => {
        for (const value of ['a', 'b', 'd']) {
          await expectHolders(repository, email(value), emails.includes(value) ? [ANNA] : []);
        }
        for (const value of ['Ulm', 'Bonn']) {
          const others = value === 'Ulm' ? [BERT] : [];
          await expectHolders(repository, city(value), [...(cities.includes(value) ? [ANNA] : []), ...others]);
        }
        await expectHolders(repository, email('c'), [BERT]);
      };
      let visits = 1;
      const given = async (keys: readonly string[], ...entries: IndexEntry[]) => {
        visits += 1;
        const change = replacement(ANNA, { attributes: { Visits: visits }, keys, entries });
        expectEqual((await replace(repository, change)).outcome, 'replaced', 'the outcome');
      };
      await given(['idEmail'], email('b'), email('d'));
      await expectEntries(['b', 'd'], ['Ulm']);
      await given(['idEmail', 'idCity'], email('b'), email('d'), city('Bonn'));
      await expectEntries(['b', 'd'], ['Bonn']);
      await given(['idCity', 'idEmail'], city('Ulm'), city('Bonn'), email('a'));
      await expectEntries(['a'], ['Ulm', 'Bonn']);
      await given([]);
      await expectEntries(['a'], ['Ulm', 'Bonn']);
      await given(['idEmail', 'idCity']);
      await expectEntries([], []);
      // What was released can be taken.
      await commitAll(repository, creation('carl', { addEntries: [email('a'), email('b')] }));
    },
  );

  clause('replace/many-entries', 'a thousand entries of a key are replaced', async ({ repository }) => {
    const some = (first: number) => Array.from({ length: 1_000 }, (_, index) => email(`${first + index}`));
    await commitAll(repository, canonical(ANNA, ...some(0)));
    const change = replacement(ANNA, { keys: ['idEmail'], entries: some(500), attributes: {} });
    const { outcome } = await replace(repository, change);
    if (outcome === 'look') return;
    for (const [value, holders] of [
      [0, []],
      [499, []],
      [500, [ANNA]],
      [1_499, [ANNA]],
    ] as const) {
      await expectHolders(repository, email(`${value}`), holders);
    }
  });

  clause('replace/dropped-entries', 'entries that were dropped are added again', async ({ repository }) => {
    await commitAll(repository, canonical(ANNA, email('a'), city('Ulm')));
    await repository.dropEntries(TENANT, 'idEmail', 10);
    const entries = [email('a'), city('Ulm')];
    await replace(repository, replacement(ANNA, { attributes: {}, keys: ['idEmail', 'idCity'], entries }));
    await expectHolders(repository, email('a'), [ANNA]);
  });

  clause('replace/indexed', 'entries follow the members from which they are made', async ({ repository }) => {
    const long = 'x'.repeat(300);
    const huge = 'x'.repeat(100_000);
    const hostile = '","Number":1,"\u{1f600}\\';
    const phones = (...numbers: string[]) => ({ Phone: numbers.map((Text) => ({ Text })), Number: [{ Text: 'x' }] });
    // The profile after each step has only the entries of that step.
    const steps: readonly (readonly [ReplaceChange['attributes'], ReplaceChange['extensions']?])[] = [
      [{ Name: 'a', Email: ['a'], Number: 1 }, phones('1')],
      [{ Name: 'b', Email: ['a'], Number: 1 }, phones('1')],
      [{ Name: 'b', Email: ['a'], Number: 12 }, phones('1')],
      [{ Name: 'b', Email: ['a'], Number: 12 }, phones('1', '2')],
      [{ Name: 'b', Email: ['a', 'b'], Number: 12 }, phones('1')],
      [{ Name: 'b', Email: ['b', 'a'], Number: 1, Phone: '1' }],
      [{ Name: hostile, Email: ['b', 'a'], Phone: '1' }, phones('2')],
      [{ Name: hostile, Email: [hostile], Number: 1 }, phones(hostile)],
      [{ Name: hostile, Number: 1 }, {}],
      [{ Name: hostile }, phones('1')],
      [{ Number: 1, Name: hostile }],
      [{ Email: [`${long}1`] }, phones(`${long}1`)],
      [{ Email: [`${long}2`] }, phones(`${long}1`)],
      [{ Email: [`${long}2`] }, phones(`${long}2`)],
      [{ Email: [`${long}2`], Number: 0 }, { Number: [{ Text: 'x' }] }],
      [{}, {}],
      [{ Email: [huge], Number: 1 }, phones('1')],
      [{ Email: [huge], Number: 12 }, phones('1')],
      [{ Email: ['a'], Number: 12 }, phones('1')],
    ];
    const texts = ['a', 'b', '1', '2', 'x', hostile, `${long}1`, `${long}2`, huge];
    const nameOf = (text: unknown) => `${texts.indexOf(String(text))}`;
    const byEmail = ({ Email = [] }: ReplaceChange['attributes']) =>
      (Array.isArray(Email) ? Email : [Email]).map((text) => email(nameOf(text)));
    const byNumber = ({ Number: number }: ReplaceChange['attributes']) =>
      number === undefined ? [] : [city(`number ${number}`)];
    const byPhone = ({ Phone = [] }: NonNullable<ReplaceChange['extensions']>) =>
      Phone.map(({ Text }) => city(`phone ${nameOf(Text)}`)).map((entry) => ({ ...entry, key: 'idPhone' }));
    const all = [
      ...texts.map((text) => email(nameOf(text))),
      ...[0, 1, 12].map((number) => city(`number ${number}`)),
      ...texts.map((text) => ({ ...city(`phone ${nameOf(text)}`), key: 'idPhone' })),
    ];
    await commitAll(
      repository,
      creation(ANNA, { canonical: true, attributes: {}, extensions: {}, residual: undefined }),
    );
    let stored: NonNullable<ReplaceChange['extensions']> = {};
    for (const [index, [attributes, extensions]] of steps.entries()) {
      const change = replacement(ANNA, {
        attributes,
        extensions,
        keys: ['idEmail', 'idCity', ...(extensions ? ['idPhone'] : [])],
        entries: [...byEmail(attributes), ...byNumber(attributes), ...(extensions ? byPhone(extensions) : [])],
        indexed: { attributes: ['Email', 'Number'], extensions: ['Phone'] },
      });
      expectEqual((await replace(repository, change)).outcome, 'replaced', `the outcome of step ${index}`);
      stored = extensions ?? stored;
      const expected = [...byEmail(attributes), ...byNumber(attributes), ...byPhone(stored)];
      for (const entry of all) {
        const isExpected = expected.some(({ key, digest }) => key === entry.key && digest === entry.digest);
        await expectHolders(repository, entry, isExpected ? [ANNA] : []);
      }
    }
  });

  clause('replace/look', 'what needs a look is left as it is', async ({ repository }) => {
    const changed = { attributes: { Name: 'changed' }, extensions: { Log: [{ Text: 'changed' }] } };
    const expectLook = async (customerId: string, details: Parameters<typeof replacement>[1], why: string) => {
      const before = await stateOf(repository, TENANT, [email('a'), email('taken')]);
      const change = replacement(customerId, { keys: ['idEmail'], ...details });
      expectEqual(await replace(repository, change), LOOK, `the result for ${why}`);
      expectEqual(await stateOf(repository, TENANT, [email('a'), email('taken')]), before, `the state after ${why}`);
    };
    await expectLook('nobody', changed, 'a profile that does not exist');
    await commitAll(
      repository,
      canonical(ANNA, email('a')),
      canonical(BERT, email('taken')),
      creation('plain', { addEntries: [email('p')] }),
      creation('residual', { canonical: true, residual: RESIDUAL }),
    );
    await expectLook(ANNA, { ...changed, schemaVersion: 2 }, 'a newer schema version');
    await expectLook(ANNA, { ...changed, canonicalSince: 2 }, 'documents of an older form');
    await expectLook(ANNA, { ...changed, entries: [email('taken'), email('a')] }, 'a unique entry of another profile');
    await expectLook('plain', changed, 'documents that are not canonical');
    await expectLook('plain', { attributes: {} }, 'attributes that are not canonical');
    await expectLook('residual', changed, 'residual values');
    await commitAll(repository, deletion(ANNA, 1, { removeEntries: [email('a')] }));
    await expectLook(ANNA, changed, 'a profile that was deleted');
    await commitSchemaVersion(repository, 2);
    await expectLook(BERT, changed, 'an older schema version');
    const updates: Partial<UpdateChange>[] = [
      { residual: RESIDUAL, canonical: true, extensions: {} },
      { canonical: false, extensions: {} },
    ];
    for (const [index, details] of updates.entries()) {
      await commitAll(repository, update(BERT, index + 1, { schemaVersion: 2, ...details }));
      await expectLook(BERT, { ...changed, schemaVersion: 2 }, `update ${index + 1}`);
    }
  });

  clause('replace/expected', 'only a profile in the expected state is replaced (R14)', async ({ repository }) => {
    await commitAll(repository, canonical(ANNA, email('a')));
    await commitAll(repository, update(ANNA, 1, { canonical: true }));
    const given = { keys: ['idEmail'], entries: [email('b')] };
    const [createdAt, updatedAt] = [CREATED_AT, UPDATED_AT];
    const others = [
      { revision: 1 },
      { revision: 3 },
      { revision: 2, createdAt: UPDATED_AT, updatedAt },
      { revision: 2, createdAt, updatedAt: CREATED_AT },
    ];
    for (const expected of others) {
      const before = await stateOf(repository, TENANT, [email('a'), email('b')]);
      const why = JSON.stringify(expected);
      expectEqual(await replace(repository, replacement(ANNA, { ...given, expected })), LOOK, `the result for ${why}`);
      expectEqual(await stateOf(repository, TENANT, [email('a'), email('b')]), before, `the state after ${why}`);
    }
    for (const [index, expected] of [{ revision: 2, createdAt, updatedAt }, { revision: 3 }].entries()) {
      const change = replacement(ANNA, { ...given, expected, attributes: { Visits: index } });
      const { outcome } = await replace(repository, change);
      expectEqual(outcome, 'replaced', `the outcome for ${JSON.stringify(expected)}`);
      const unchanged = await replace(repository, { ...change, expected: { revision: 3 + index } });
      expectEqual(unchanged.outcome, 'unchanged', 'the outcome for the same content');
    }
    expectEqual((await loadProfile(repository, ANNA)).revision, 4, 'the revision');
    await expectHolders(repository, email('b'), [ANNA]);
  });

  clause('replace/each-document', 'the form of each document is known by itself', async ({ repository }) => {
    await commitAll(repository, canonical(ANNA));
    await commitSchemaVersion(repository, 2);
    const bySecond = { schemaVersion: 2, canonicalSince: 2 };
    const change = (details: object) => replacement(ANNA, { ...bySecond, attributes: { Visits: 9 }, ...details });
    const outcome = async (details: object) => (await replace(repository, change(details))).outcome;
    expectEqual(await outcome({}), 'look', 'attributes of the first version');
    await commitAll(repository, update(ANNA, 1, { schemaVersion: 2, canonical: true }));
    expectEqual(await outcome({ extensions: {} }), 'look', 'extensions of the first version');
    expectEqual(await outcome({}), 'replaced', 'attributes of the second version');
    expectEqual(await outcome({ extensions: {} }), 'look', 'extensions that stayed');
    await commitAll(repository, update(ANNA, 3, { schemaVersion: 2, canonical: true, extensions: {} }));
    expectEqual(await outcome({ extensions: {} }), 'replaced', 'extensions of the second version');
    await commitSchemaVersion(repository, 3);
    const byThird = { schemaVersion: 3, canonicalSince: 2, attributes: { Visits: 10 }, extensions: {} };
    expectEqual(await outcome(byThird), 'replaced', 'documents by the third version, of the same form');
    expectEqual(
      await outcome({ ...byThird, canonicalSince: 3, attributes: {} }),
      'replaced',
      'what the last one wrote',
    );
  });

  clause('replace/timestamps', 'times never decrease (H1)', async ({ repository }) => {
    await commitAll(repository, canonical(ANNA));
    await commitAll(repository, update(ANNA, 1, { canonical: true }));
    const { updatedAt: before } = await loadProfile(repository, ANNA);
    expectEqual(before, UPDATED_AT, 'the timestamp of the update');
    const result = await replace(repository, replacement(ANNA, { attributes: {}, at: CREATED_AT }));
    expectEqual(result.outcome === 'look' ? LOOK : result.updatedAt, UPDATED_AT, 'the timestamp that is returned');
    expectEqual((await loadProfile(repository, ANNA)).updatedAt, UPDATED_AT, 'the timestamp that is stored');
  });

  clause('replace/input', 'the change may be mutated while the call is pending', async ({ repository }) => {
    await commitAll(repository, canonical(ANNA));
    const attributes: Record<string, string> = { Name: 'first' };
    const entries = [email('a')];
    const keys = ['idEmail'];
    const pending = replace(repository, { ...replacement(ANNA), attributes, entries, keys });
    attributes.Name = 'mutated';
    entries.push(email('b'));
    keys.pop();
    await pending;
    expectEqual((await loadProfile(repository, ANNA)).attributes, { Name: 'first' }, 'the attributes');
    await expectHolders(repository, email('a'), [ANNA]);
    await expectHolders(repository, email('b'), []);
  });
};
