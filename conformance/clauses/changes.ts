import type { LineContent, StoredLine } from '../../src/storage/change-lines.js';
import type { Change, ProfileRepository, StateMetadata } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectCommitted, expectConflict, expectEqual } from '../expectations.js';
import { ALL, allLines, changesPage, expectByRevision, FEED, feedAll, linesAfter, nameOf } from '../feed.js';
import {
  ANNA,
  BERT,
  BYSTANDER,
  CARL,
  CREATED_AT,
  creation,
  DELETED_AT,
  deletion,
  email,
  RECREATED_AT,
  TENANT,
  UPDATED_AT,
  update,
} from '../sample-changes.js';
import { hostileCustomerIds } from './hostile-values.js';
import { mutateDeep } from './mutate-deep.js';

const BY_CRM: LineContent = { origin: 'crm \u{1f600} ü', changed: ['/Name', '/Phone', '/segment'] };
const BY_NOBODY: LineContent = { changed: [] };
const FULL: StateMetadata = { operation: 'merge', actor: 'Zoë', reason: 'same person \u{1f600}', counterpart: BERT };

/** A tenant beside those of the other clauses. */
const OTHER = '3';

/** What a line must say, wherever it stands. */
function line(details: Pick<StoredLine, 'customerId' | 'revision' | 'at' | 'metadata'> & Partial<StoredLine>) {
  return { tenantId: TENANT, deleted: false, ...BY_NOBODY, ...details };
}

async function unplacedLines(repository: ProfileRepository, tenantId: string = TENANT) {
  return (await allLines(repository, tenantId)).map(({ position: _, ...unplaced }) => unplaced);
}

/** The lines that commits leave (C1), if the capability is declared. */
export const changesClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.changes) return;

  clause('changes/lines', 'each change leaves a line with its metadata', async ({ repository }) => {
    await feedAll(repository, creation(ANNA, { line: BY_CRM }));
    await feedAll(repository, update(ANNA, 1, { metadata: FULL, line: BY_CRM }));
    await feedAll(repository, update(ANNA, 2, { at: DELETED_AT, line: BY_NOBODY }));
    await feedAll(repository, deletion(ANNA, 3, { line: BY_CRM, metadata: { ...FULL, operation: 'delete' } }));
    const anna = { customerId: ANNA };
    expectEqual(
      await unplacedLines(repository),
      [
        line({ ...anna, revision: 1, at: CREATED_AT, metadata: { operation: 'create' }, ...BY_CRM }),
        line({ ...anna, revision: 2, at: UPDATED_AT, metadata: FULL, ...BY_CRM }),
        line({ ...anna, revision: 3, at: DELETED_AT, metadata: { operation: 'replace' } }),
        line({
          ...{ ...anna, revision: 4, at: DELETED_AT, metadata: { ...FULL, operation: 'delete' } },
          ...{ deleted: true, ...BY_CRM },
        }),
      ],
      'the lines',
    );
  });

  clause('changes/lines', 'a commit that keeps former states leaves lines as well', async ({ repository }) => {
    if (!options.capabilities?.history) return;
    const both = { history: true, changes: true };
    await expectCommitted(repository, [creation(ANNA, { line: BY_CRM })], both);
    const entries = { addEntries: [email(ANNA)] };
    await expectCommitted(repository, [update(ANNA, 1, { line: BY_NOBODY, ...entries })], both);
    expectEqual((await allLines(repository)).map(nameOf), ['anna 1', 'anna 2'], 'the lines');
  });

  clause('changes/lines', 'customer ids are kept byte for byte', async ({ repository }) => {
    const ids = hostileCustomerIds;
    await feedAll(repository, ...ids.map((id) => creation(id, { line: BY_NOBODY })));
    const lines = await allLines(repository);
    expectEqual(lines.map(({ customerId }) => customerId).toSorted(), ids.toSorted(), 'the customer ids of the lines');
  });

  clause('changes/profiles', 'each profile of a commit gets a line of its own', async ({ repository }) => {
    await feedAll(repository, creation(ANNA, { line: BY_NOBODY }), creation(BERT, { line: BY_CRM }));
    const merge = (counterpart: string) => ({ operation: 'merge', counterpart }) as const;
    await feedAll(
      repository,
      deletion(BERT, 1, { metadata: merge(ANNA), line: BY_NOBODY }),
      update(ANNA, 1, { metadata: merge(BERT), line: BY_CRM }),
      creation(CARL, { line: BY_NOBODY }),
    );
    const lines = (await unplacedLines(repository)).map(({ customerId, revision, deleted, origin, metadata }) =>
      [customerId, revision, deleted, origin, metadata.counterpart].join(' '),
    );
    const expected = [
      ...['anna 1 false  ', `bert 1 false ${BY_CRM.origin} `, 'carl 1 false  '],
      ...[`anna 2 false ${BY_CRM.origin} bert`, 'bert 2 true  anna'],
    ];
    expectEqual(lines.toSorted(), expected.toSorted(), 'the lines of both commits');
  });

  clause('changes/largest', 'a commit of 1,000 changes leaves 1,000 lines', async ({ repository }) => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `id${String(index).padStart(4, '0')}`);
    await feedAll(repository, ...ids.map((id) => creation(id, { line: BY_CRM })));
    const lines = await linesAfter(repository, TENANT, { limit: 300 });
    expectEqual(lines.map(({ customerId }) => customerId).toSorted(), ids, 'the customer ids of the lines');
  });

  clause('changes/off', 'a commit without `changes` leaves no line', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { line: BY_CRM }));
    await feedAll(repository, update(ANNA, 1, { line: BY_NOBODY }));
    await expectCommitted(repository, [update(ANNA, 2, { line: BY_CRM })], { history: false, changes: false });
    expectEqual((await allLines(repository)).map(nameOf), ['anna 2'], 'the lines');
  });

  clause('changes/index', 'an index change leaves no line', async ({ repository }) => {
    await feedAll(repository, creation(ANNA, { line: BY_NOBODY }));
    const entries: Change = {
      ...{ kind: 'index', customerId: ANNA, schemaVersion: 1, expectedRevision: 1, createdAt: CREATED_AT },
      addEntries: [email(ANNA)],
    };
    await feedAll(repository, entries);
    expectEqual((await allLines(repository)).map(nameOf), ['anna 1'], 'the lines');
  });

  clause('changes/refused', 'a refused commit leaves no line', async ({ repository }) => {
    await feedAll(repository, creation(ANNA, { line: BY_NOBODY, addEntries: [email(ANNA)] }));
    const refuse = (changes: readonly Change[], conflict: Parameters<typeof expectConflict>[2]) =>
      expectConflict(repository, changes, conflict, FEED);
    const bert = creation(BERT, { line: BY_CRM });
    await refuse([bert, update(ANNA, 7, { line: BY_CRM })], { outcome: 'revision_changed', index: 1, revision: 1 });
    await refuse([bert, creation(ANNA, { line: BY_CRM })], { outcome: 'id_taken', index: 1 });
    const taken = { outcome: 'entry_taken', index: 1, key: email(ANNA).key } as const;
    await refuse([bert, creation(CARL, { line: BY_CRM, addEntries: [email(ANNA)] })], taken);
    await refuse([{ ...bert, schemaVersion: 2 }], { outcome: 'schema_changed', schemaVersion: 1 });
    expectEqual((await allLines(repository)).map(nameOf), ['anna 1'], 'the lines');
  });

  clause('changes/deletions', 'a deletion is kept where lines are, so that revisions go on', async ({ repository }) => {
    await feedAll(repository, creation(ANNA, { line: BY_NOBODY }));
    await feedAll(repository, deletion(ANNA, 1, { line: BY_NOBODY }));
    const again = { at: RECREATED_AT, line: BY_NOBODY };
    await expectCommitted(repository, [creation(ANNA, again)], { ...FEED, revisions: [3] });
    // Also if the feed was off when it was deleted.
    await commitAll(repository, deletion(ANNA, 3, { createdAt: RECREATED_AT }));
    await expectCommitted(repository, [creation(ANNA, again)], { ...FEED, revisions: [5] });
    const lines = await allLines(repository);
    expectEqual(lines.map(nameOf), ['anna 1', 'anna 2', 'anna 3', 'anna 5'], 'the lines');
  });

  clause('changes/tenants', 'each tenant has lines and positions of its own', async ({ repository }) => {
    const other = { ...FEED, tenantId: OTHER };
    await commitSchemaVersion(repository, 1, OTHER);
    await feedAll(repository, creation(ANNA, { line: BY_NOBODY }));
    await expectCommitted(repository, [creation(ANNA, { line: BY_CRM })], other);
    // Read in between, so that each is numbered before the next one of its tenant.
    await allLines(repository, OTHER);
    await feedAll(repository, update(ANNA, 1, { line: BY_NOBODY }));
    await expectCommitted(repository, [update(ANNA, 1, { line: BY_CRM })], other);
    for (const [tenantId, { origin }] of [
      [TENANT, BY_NOBODY],
      [OTHER, BY_CRM],
    ] as const) {
      const lines = await allLines(repository, tenantId);
      const told = lines.map((one) => [one.tenantId, nameOf(one), one.origin, one.position]);
      // Positions that skipped numbers would tell how much others change.
      const expected = [1, 2].map((revision) => [tenantId, `anna ${revision}`, origin, revision]);
      expectEqual(told, expected, `the lines of the tenant ${tenantId}`);
    }
    const all = (await linesAfter(repository, ALL)).filter(({ tenantId }) => tenantId !== BYSTANDER);
    const expected = ['1 anna 1', '1 anna 2', '3 anna 1', '3 anna 2'];
    expectEqual(all.map((one) => `${one.tenantId} ${nameOf(one)}`).toSorted(), expected, 'the lines of all tenants');
    expectByRevision(all, 'the lines of all tenants');
    const nobody = { lines: [], more: false, newest: 0, removed: 0 };
    expectEqual(await changesPage(repository, 'nobody', { limit: 10 }), nobody, 'the feed of an unknown tenant');
  });

  clause('changes/aliasing', 'lines are copied in and out', async ({ repository }) => {
    const change = creation(ANNA, { line: BY_CRM });
    const pending = repository.commit(TENANT, [change], FEED);
    mutateDeep(change);
    await pending;
    const [read] = await allLines(repository);
    const before = structuredClone(read);
    expectEqual({ origin: read?.origin, changed: read?.changed }, BY_CRM, 'what the line says');
    mutateDeep(read);
    expectEqual((await allLines(repository))[0], before, 'the line after the one that was read was mutated');
  });
};
