import type { IndexEntry } from '../../src/model/documents.js';
import type { ClauseGroup } from '../clause.js';
import {
  commitAll,
  commitSchemaVersion,
  expectCommitted,
  expectConflict,
  expectEqual,
  expectHolders,
} from '../expectations.js';
import { ANNA, city, creation, deletion, digestOf, email, TENANT, update } from '../sample-changes.js';
import { reservedNames } from './hostile-values.js';

const DIGEST = digestOf('value');
/** Digests that differ from `DIGEST` in the last digit only, or that parse as equal numbers. */
const DIGESTS = [
  `${DIGEST.slice(0, -1)}1`,
  '0'.repeat(64),
  `${'0'.repeat(63)}1`,
  `0e${'0'.repeat(61)}1`,
  `0e${'0'.repeat(61)}2`,
  `1e${'0'.repeat(61)}1`,
  `1${'0'.repeat(63)}`,
  // Decoded as UTF-8, these bytes are invalid.
  '80'.repeat(32),
  '81'.repeat(32),
  'ff'.repeat(32),
  `${'ff'.repeat(31)}fe`,
];

const KEYS = [
  'key',
  'Key',
  'KEY',
  'key ',
  ' key',
  'k_y',
  'k%y',
  "k'y",
  'k\\y',
  '__proto__',
  'constructor',
  'k'.repeat(64),
  'k'.repeat(99),
  'k'.repeat(100),
  `${'k'.repeat(99)}K`,
  '1',
  '01',
  '1.0',
  ...reservedNames,
];

/** Ids with common prefixes, ids that differ in case, and ids of the maximum length. */
const IDS = ['a', 'A', 'a_', 'aA', 'ab', '__proto__', '1', '01', 'x'.repeat(63), 'x'.repeat(64)];

/** Keys, digests and the ids of holders are compared byte for byte (R20). */
export const entryByteClauses: ClauseGroup = (clause) => {
  clause('entries/bytes', 'keys and digests are compared byte for byte', async ({ repository }) => {
    const entries = [
      ...KEYS.flatMap((key) => [entryOf(key), entryOf(key, DIGESTS[0])]),
      ...DIGESTS.slice(1).map((digest) => entryOf('key', digest)),
    ];
    const idOf = (index: number) => `profile-${index}`;
    await commitAll(repository, ...entries.map((entry, index) => creation(idOf(index), { addEntries: [entry] })));
    for (const [index, entry] of entries.entries()) await expectHolders(repository, entry, [idOf(index)]);
  });

  for (const [order, keys] of Object.entries({ first: KEYS, last: KEYS.toReversed() })) {
    clause(
      'entries/bytes',
      `the entries of each key are independent, beginning with the ${order} key`,
      async ({ repository }) => {
        const [ofAnna, ofOthers] = DIGESTS;
        await commitAll(repository, creation(ANNA, { addEntries: keys.map((key) => entryOf(key, ofAnna)) }));
        for (const [index, key] of keys.entries()) {
          await expectHolders(repository, entryOf(key, ofAnna), [ANNA]);
          await commitAll(repository, creation(`profile-${index}`, { addEntries: [entryOf(key, ofOthers)] }));
        }
        for (const [index, key] of keys.entries()) {
          await expectHolders(repository, entryOf(key, ofAnna), [ANNA]);
          await commitAll(repository, update(ANNA, index + 1, { removeEntries: [entryOf(key, ofAnna)] }));
          await expectHolders(repository, entryOf(key, ofAnna), []);
        }
        for (const key of keys) {
          expectEqual(
            await repository.dropEntries(TENANT, key, 10_000),
            1,
            `the number of dropped entries of "${key}"`,
          );
        }
      },
    );
  }

  clause('entries/ids', 'the holder of an entry is compared byte for byte', async ({ repository }) => {
    const inOrder = [...IDS].sort();
    await commitAll(
      repository,
      ...IDS.map((id, index) => creation(id, { addEntries: [email(`${index}`), city('Ulm')] })),
    );
    await expectHolders(repository, city('Ulm'), inOrder);
    const taken = { outcome: 'entry_taken', index: 0, key: 'idEmail' } as const;
    for (const [index, id] of IDS.entries()) {
      for (const other of IDS) {
        if (other === id) continue;
        await expectConflict(repository, [update(other, 1, { addEntries: [email(`${index}`)] })], taken);
      }
    }
    const ofOthers = (index: number) => IDS.flatMap((_, other) => (other === index ? [] : [email(`${other}`)]));
    await commitAll(repository, ...IDS.map((id, index) => update(id, 1, { removeEntries: ofOthers(index) })));
    for (const [index, id] of IDS.entries()) await expectHolders(repository, email(`${index}`), [id]);
    const left = new Set(inOrder);
    for (const [index, id] of IDS.entries()) {
      await commitAll(repository, deletion(id, 2, { removeEntries: [email(`${index}`), city('Ulm')] }));
      left.delete(id);
      await expectHolders(repository, city('Ulm'), [...left]);
    }
  });

  clause('entries/longest', 'names of the maximum length differ in their last character', async ({ repository }) => {
    const longest = (length: number) => ['a', 'b'].map((last) => last.padStart(length, 'f'));
    const [tenantIds, ids, keys, digests] = [longest(64), longest(64), longest(100), longest(64)];
    const entries = keys.flatMap((key) => digests.map((digest) => ({ ...entryOf(key, digest), unique: false })));
    for (const tenantId of tenantIds) {
      await commitSchemaVersion(repository, 1, tenantId);
      const creations = ids.map((id) => creation(id, { addEntries: entries }));
      await expectCommitted(repository, creations, { tenantId });
    }
    const [tenantId = TENANT, other] = tenantIds;
    const [id = '', left = ''] = ids;
    const [removed = entryOf('')] = entries;
    await expectCommitted(repository, [update(id, 1, { removeEntries: [removed] })], { tenantId });
    for (const entry of entries) {
      await expectHolders(repository, entry, entry === removed ? [left] : ids, tenantId);
      await expectHolders(repository, entry, ids, other);
    }
    expectEqual(await repository.dropEntries(tenantId, removed.key, 10), 3, 'the number of dropped entries');
    for (const entry of entries) {
      await expectHolders(repository, entry, entry.key === removed.key ? [] : ids, tenantId);
      await expectHolders(repository, entry, ids, other);
    }
  });
};

function entryOf(key: string, digest = DIGEST): IndexEntry {
  return { key, digest, unique: true };
}
