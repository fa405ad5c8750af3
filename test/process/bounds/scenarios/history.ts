import { createDossier, type Dossier, type Profile, type ReplaceOptions, type SchemaDefinition } from 'dossier';
import { exportRow, ndjsonLine } from 'dossier/formats';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import { MORE_OF_REFERENCE, type Scenario, type Scenarios } from '../scenario.js';
import { listOf, onSqlite, TENANT } from './services.js';

export { dispose } from './services.js';

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'Numbers', type: 'integer', multiValued: true },
  ],
  extensions: [{ name: 'Plain', type: 'multi-valued', attributes: [{ name: 'X', type: 'integer' }] }],
};

/** Room is left for a value beside them. */
const RECORDS = listOf('{}', 2 ** 20 - 1_024);
const NUMBERS = listOf('1', 2 ** 20 - 1_024);

interface Content {
  readonly attributes: Record<string, never>;
  readonly extensions?: { readonly Plain: object[] };
}

const records = (): Content => ({ attributes: {}, extensions: { Plain: JSON.parse(RECORDS) as object[] } });
const numbers = (): Content => ({ attributes: { Numbers: JSON.parse(NUMBERS) as never } });

/** What counts is the turns, and the memory: the operation reads several states, each as large as what is parsed. */
const MOST_WORK = 1_000_000;

async function withHistory(repository: ProfileRepository): Promise<Dossier> {
  const dossier = createDossier({ repository, history: 'all', changes: true });
  await dossier.schemas.define(TENANT, SCHEMA);
  return dossier;
}

/** An operation on a profile `x` that `prepare` makes. */
function onStates<Prepared>(
  prepare: (dossier: Dossier) => Promise<Prepared>,
  operation: (dossier: Dossier, prepared: Prepared, given: never) => Promise<unknown>,
  { text = '0', outcome = 'ok' }: { readonly text?: string; readonly outcome?: string } = {},
): Scenario {
  return {
    text,
    outcome,
    prepare: async () => {
      const dossier = await withHistory(await onSqlite());
      const prepared = await prepare(dossier);
      return (given: never) => operation(dossier, prepared, given);
    },
    mostWork: MOST_WORK,
  };
}

/** A profile that had the content, and has it no longer. */
const emptied =
  (content: () => Content) =>
  async ({ profiles }: Dossier) => {
    await profiles.create(TENANT, { customerId: 'x', ...content() });
    await profiles.replace(TENANT, 'x', { attributes: {}, extensions: {} });
  };

/** A profile that had the content, and has one more value. */
const amended =
  (content: () => Content) =>
  async ({ profiles }: Dossier) => {
    await profiles.create(TENANT, { customerId: 'x', ...content() });
    await profiles.patch(TENANT, 'x', { attributes: { Name: 'x' } });
  };

const deleted =
  (content: () => Content) =>
  async ({ profiles }: Dossier) => {
    await profiles.create(TENANT, { customerId: 'x', ...content() });
    await profiles.delete(TENANT, 'x');
  };

const merged =
  (content: () => Content) =>
  async ({ profiles }: Dossier) => {
    await profiles.create(TENANT, { customerId: 'x', attributes: {} });
    await profiles.create(TENANT, { customerId: 'y', ...content() });
    await profiles.merge(TENANT, 'x', 'y');
  };

/** What was read of a profile that somebody else then has amended. */
const outdated =
  (content: () => Content) =>
  async ({ profiles }: Dossier) => {
    await profiles.create(TENANT, { customerId: 'x', ...content() });
    const read = await profiles.get(TENANT, 'x', { extensions: 'all' });
    await profiles.patch(TENANT, 'x', { attributes: { Name: 'x' } });
    return read;
  };

type Change = (dossier: Dossier, read: unknown, given: never) => Promise<unknown>;

const replaceRecords =
  (options: (read: unknown) => ReplaceOptions): Change =>
  ({ profiles }, read, Plain) =>
    profiles.replace(TENANT, 'x', { attributes: {}, extensions: { Plain } }, options(read));

const replaceNumbers =
  (options: (read: unknown) => ReplaceOptions): Change =>
  ({ profiles }, read, Numbers) =>
    profiles.replace(TENANT, 'x', { attributes: { Numbers } }, options(read));

const byRevision = () => ({ ifRevision: 1 });
const byReading = (read: unknown) => ({ basedOn: read as Profile });
const rebased = (read: unknown) => ({ ...byReading(read), rebase: true });

const OTHER_RECORDS = { text: listOf('{}', 2 ** 20 - 2_048) };
const OTHER_NUMBERS = { text: listOf('1', 2 ** 20 - 2_048) };
const refused = { outcome: 'revision_conflict' };

const amendedTwice = (content: () => Content) => async (dossier: Dossier) => {
  await amended(content)(dossier);
  await dossier.profiles.patch(TENANT, 'x', { attributes: { Name: 'y' } });
};

const pageOfThree = async ({ profiles }: Dossier) => {
  const { items } = await profiles.history(TENANT, 'x');
  const changed = items.map((item) => item.changed?.join());
  if (changed.join(' ') !== '/Name /Name ') throw new Error(changed.join(' '));
};

const formerly = ({ profiles }: Dossier) => profiles.at(TENANT, 'x', 2, { extensions: 'all' });

/** As the command writes each of them. */
const exported = async ({ profiles, schemas }: Dossier) => {
  const schema = await schemas.get(TENANT);
  let bytes = 0;
  for await (const profile of profiles.all(TENANT, { residual: true })) {
    bytes += ndjsonLine(exportRow(profile, schema)).length;
  }
  if (bytes < 1_000_000) throw new Error(`${bytes} characters`);
};

const tried = (operation: (dossier: Dossier) => Promise<unknown>) => (dossier: Dossier) =>
  dossier.profiles.dryRun(TENANT, (profiles) => operation({ ...dossier, profiles }));

/** A profile with as many values in each of a hundred states as a schema has attributes. */
const ofManyStates: Scenario = {
  text: '0',
  outcome: 'ok',
  prepare: async () => {
    const dossier = createDossier({ repository: await onSqlite(), history: 'all' });
    const attributes = Array.from({ length: 2_000 }, (_, index) => ({ name: `A${index}`, type: 'integer' }) as const);
    await dossier.schemas.define(TENANT, { attributes });
    const content = (state: number) => Object.fromEntries(attributes.map(({ name }) => [name, state]));
    await dossier.profiles.create(TENANT, { customerId: 'x', attributes: content(0) });
    for (let state = 1; state <= 100; state += 1)
      await dossier.profiles.replace(TENANT, 'x', { attributes: content(state) });
    return async () => {
      const { items } = await dossier.profiles.history(TENANT, 'x', { limit: 100 });
      if (items.length !== 100 || items[0]?.changed?.length !== 2_000) throw new Error(`${items.length} states`);
    };
  },
  mostWork: MOST_WORK,
};

const remove = ({ profiles }: Dossier) => profiles.delete(TENANT, 'x');
const removed = tried(remove);

const restore = ({ profiles }: Dossier) => profiles.restore(TENANT, 'x', 1);
const unmerge = ({ profiles }: Dossier) => profiles.unmerge(TENANT, 'x', 'y');

/** A thousand lines of the feed, each of which names 1,900 members. */
const onLines = (open: () => ProfileRepository | Promise<ProfileRepository>): Scenario => ({
  text: '0',
  outcome: 'ok',
  prepare: async () => {
    const repository = await open();
    const { profiles } = await withHistory(repository);
    const changed = Array.from({ length: 1_900 }, (_, index) => `/Attribute${index}`);
    const content = { attributes: {}, extensions: {}, at: new Date().toISOString(), addEntries: [] };
    for (let batch = 0; batch < 10; batch += 1) {
      const creations = Array.from({ length: 100 }, (_, index) => ({
        ...{ kind: 'create' as const, customerId: `c${batch}-${index}`, schemaVersion: 1, ...content },
        ...{ metadata: { operation: 'create' as const }, line: { changed } },
      }));
      await repository.commit(TENANT, creations, { history: true, changes: true });
    }
    return async () => {
      const { items } = await profiles.changes(TENANT, { limit: 1_000 });
      if (items.length < 10 || items.length > 100) throw new Error(`${items.length} lines`);
    };
  },
  mostWork: MOST_WORK,
});

export const scenarios: Scenarios = {
  'H3 349,000 empty records are restored': onStates(emptied(records), restore),
  'H3 they are restored where one value differs': onStates(amended(records), restore),
  'H3 they are restored after a deletion': onStates(deleted(records), restore),
  'H3 restoring them is tried': onStates(emptied(records), tried(restore)),
  'H3 524,000 numbers are restored': onStates(emptied(numbers), restore),
  'H3 restoring them is tried, too': onStates(emptied(numbers), tried(restore)),
  'H4 349,000 empty records are taken back from a merge': onStates(merged(records), unmerge),
  'H4 taking them back is tried': onStates(merged(records), tried(unmerge)),
  'H4 524,000 numbers are taken back from a merge': onStates(merged(numbers), unmerge),
  'H4 taking them back is tried, too': onStates(merged(numbers), tried(unmerge)),
  'H2 a page of states with 349,000 empty records': {
    ...onStates(amendedTwice(records), pageOfThree),
    mostOfReference: MORE_OF_REFERENCE,
  },
  'H2 a page of states with 524,000 numbers': onStates(amendedTwice(numbers), pageOfThree),
  'H2 a former state of 349,000 empty records': onStates(amendedTwice(records), formerly),
  'H2 a page of a hundred states of 2,000 attributes': ofManyStates,
  'H1 349,000 empty records are deleted': onStates(amended(records), remove),
  'L1 deleting them is tried': onStates(amended(records), removed),
  'H1 349,000 empty records in the place of as many': {
    ...onStates(
      amended(records),
      replaceRecords(() => ({})),
      OTHER_RECORDS,
    ),
    mostOfReference: MORE_OF_REFERENCE,
  },
  'H1 524,000 numbers in the place of as many': onStates(
    amended(numbers),
    replaceNumbers(() => ({})),
    OTHER_NUMBERS,
  ),
  'an export of profiles of 349,000 empty records': onStates(amendedTwice(records), exported),
  'C2 a page of lines that name 1,900 members each, in memory': onLines(() => new InMemoryProfileRepository()),
  'C2 a page of them on SQLite': onLines(onSqlite),
};

/** What is based on a former state. Run in a process of their own: see `conflicts.ts`. */
export const conflicts: Scenarios = {
  'L3 349,000 empty records in the place of as many, based on a former revision': onStates(
    amended(records),
    replaceRecords(byRevision),
    { ...OTHER_RECORDS, ...refused },
  ),
  'L3 they are based on a former reading': onStates(outdated(records), replaceRecords(byReading), {
    ...OTHER_RECORDS,
    ...refused,
  }),
  'L4 they are rebased': onStates(outdated(records), replaceRecords(rebased), OTHER_RECORDS),
  'L3 524,000 numbers in the place of as many, based on a former revision': onStates(
    amended(numbers),
    replaceNumbers(byRevision),
    { ...OTHER_NUMBERS, ...refused },
  ),
  'L4 524,000 numbers are rebased': onStates(outdated(numbers), replaceNumbers(rebased), OTHER_NUMBERS),
  'L3 a merge into 349,000 empty records, based on a former revision': onStates(
    amended(records),
    async ({ profiles }) => {
      await profiles.create(TENANT, { customerId: 'y', attributes: {} });
      await profiles.merge(TENANT, 'x', 'y', { ifRevision: 1 });
    },
    refused,
  ),
};
