import type { ClauseGroup } from '../clause.js';
import { commitAll, expectConflict, expectEqual, expectHolders, expectMissing, loadProfile } from '../expectations.js';
import {
  ANNA,
  BERT,
  CREATED_AT,
  city,
  creation,
  deletion,
  RECREATED_AT,
  UPDATED_AT,
  update,
} from '../sample-changes.js';

/** Changes of the kind `update`. */
export const updateClauses: ClauseGroup = (clause) => {
  clause('update/attributes', 'replaces all attributes', async ({ repository }) => {
    await commitAll(repository, creation(ANNA), creation(BERT));
    const attributes = { Name: 'Anna the second', Score: 2.5 };
    await commitAll(repository, update(ANNA, 1, { attributes }));
    expectEqual((await loadProfile(repository, ANNA)).attributes, attributes, 'the attributes');
    expectEqual(
      (await loadProfile(repository, BERT)).attributes,
      creation(BERT).attributes,
      'those of another profile',
    );
    await commitAll(repository, update(ANNA, 2, { attributes: {} }));
    expectEqual((await loadProfile(repository, ANNA)).attributes, {}, 'the attributes after an update with {}');
  });

  clause('update/revision', 'increments the revision', async ({ repository }) => {
    await commitAll(repository, creation(ANNA), creation(BERT));
    for (const revision of [1, 2, 3]) {
      await commitAll(repository, update(ANNA, revision));
      expectEqual((await loadProfile(repository, ANNA)).revision, revision + 1, 'the revision');
    }
    expectEqual((await loadProfile(repository, BERT)).revision, 1, 'the revision of another profile');
  });

  clause('update/revision', 'an update that changes nothing also increments it', async ({ repository }) => {
    const { attributes, extensions, segment } = creation(ANNA, { segment: 'gold' });
    await commitAll(repository, creation(ANNA, { segment, addEntries: [city('Ulm')] }));
    await commitAll(repository, update(ANNA, 1, { attributes, addEntries: [city('Ulm')] }));
    await commitAll(repository, update(ANNA, 2, { attributes, extensions, segment }));
    const { revision, updatedAt } = await loadProfile(repository, ANNA);
    expectEqual({ revision, updatedAt }, { revision: 3, updatedAt: UPDATED_AT }, 'the revision and the timestamp');
  });

  clause('update/revision', 'revisions exceed one byte', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    for (let revision = 1; revision <= 260; revision += 1) await commitAll(repository, update(ANNA, revision));
    expectEqual((await loadProfile(repository, ANNA)).revision, 261, 'the revision');
    for (const expected of [2, 5, 26, 260, 262, 2610]) {
      const moved = { outcome: 'revision_changed', index: 0, revision: 261 } as const;
      await expectConflict(repository, [update(ANNA, expected)], moved);
      await expectConflict(repository, [deletion(ANNA, expected)], moved);
    }
  });

  clause('update/timestamps', 'sets updatedAt and keeps createdAt', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    await commitAll(repository, update(ANNA, 1));
    const { createdAt, updatedAt } = await loadProfile(repository, ANNA);
    expectEqual({ createdAt, updatedAt }, { createdAt: CREATED_AT, updatedAt: UPDATED_AT }, 'the timestamps');
  });

  clause('update/extensions-kept', 'keeps omitted extensions', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    await commitAll(repository, update(ANNA, 1));
    await commitAll(repository, update(ANNA, 2, { extensions: undefined }));
    await commitAll(repository, update(ANNA, 3, { addEntries: [city('Ulm')] }), creation(BERT, { extensions: {} }));
    expectEqual((await loadProfile(repository, ANNA)).extensions, creation(ANNA).extensions, 'the extensions');
  });

  clause('update/extensions-replaced', 'replaces all extensions if given', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    const extensions = { Phone: [{ Number: '555-2' }, { Number: '555-3' }] };
    await commitAll(repository, update(ANNA, 1, { extensions }));
    expectEqual((await loadProfile(repository, ANNA)).extensions, extensions, 'the extensions');
    const emptied = { Phone: [], Log: [{}] };
    await commitAll(repository, update(ANNA, 2, { extensions: emptied }));
    expectEqual(
      (await loadProfile(repository, ANNA)).extensions,
      emptied,
      'the extensions after an update with an empty one',
    );
    await commitAll(repository, update(ANNA, 3, { extensions: {} }));
    expectEqual((await loadProfile(repository, ANNA)).extensions, {}, 'the extensions after an update with {}');
  });

  clause('update/segment', 'sets a given segment and removes an omitted one', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold' }), creation(BERT, { segment: 'gold' }));
    await commitAll(repository, update(ANNA, 1, { segment: 'silver' }), update(BERT, 1));
    expectEqual((await loadProfile(repository, ANNA)).segment, 'silver', 'the replaced segment');
    expectEqual((await loadProfile(repository, BERT)).segment, undefined, 'the omitted segment');
    const none = { segment: undefined, addEntries: [city('Ulm')] };
    await commitAll(repository, update(ANNA, 2, none), update(BERT, 2, { segment: 'new' }));
    expectEqual(
      (await loadProfile(repository, ANNA)).segment,
      undefined,
      'the segment that is undefined in the change',
    );
    expectEqual((await loadProfile(repository, BERT)).segment, 'new', 'the segment after one that was removed');
  });

  clause('update/revision-moved', 'a wrong revision is refused, and nothing changes', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    await commitAll(repository, update(ANNA, 1));
    const before = await loadProfile(repository, ANNA);
    for (const expected of [1, 3]) {
      const refused = update(ANNA, expected, { attributes: { Name: 'refused' }, extensions: {}, segment: 'refused' });
      await expectConflict(repository, [refused], { outcome: 'revision_changed', index: 0, revision: 2 });
    }
    expectEqual(await loadProfile(repository, ANNA), before, 'the profile after the refused updates');
  });

  clause(
    'update/recreated',
    'an update of the predecessor leaves a recreated profile alone',
    async ({ repository }) => {
      await commitAll(repository, creation(ANNA));
      await commitAll(repository, deletion(ANNA, 1));
      await commitAll(repository, creation(ANNA, { at: RECREATED_AT, addEntries: [city('Ulm')] }));
      const before = await loadProfile(repository, ANNA);
      const ofFormer = { removeEntries: [city('Ulm')], addEntries: [city('Bonn')] };
      const moved = { outcome: 'revision_changed', index: 0, revision: 1 } as const;
      await expectConflict(repository, [update(ANNA, 1)], moved);
      await expectConflict(repository, [update(ANNA, 1, ofFormer)], moved);
      await expectConflict(repository, [update(ANNA, 1), creation(BERT)], moved);
      expectEqual(await loadProfile(repository, ANNA), before, 'the profile after the refused updates');
      await expectHolders(repository, city('Ulm'), [ANNA]);
      await expectHolders(repository, city('Bonn'), []);
      await commitAll(repository, update(ANNA, 1, { ...ofFormer, createdAt: RECREATED_AT }));
      await expectHolders(repository, city('Bonn'), [ANNA]);
      await expectConflict(repository, [update(ANNA, 2)], { ...moved, revision: 2 });
    },
  );

  clause('update/unknown', 'an unknown id is refused without a revision, and not created', async ({ repository }) => {
    await expectConflict(repository, [update(ANNA, 1)], { outcome: 'revision_changed', index: 0 });
    await expectMissing(repository, ANNA);
  });
};
