import type { ClauseGroup } from '../clause.js';
import { commitAll, expectHolders, expectMissing, expectObstacle, expectSame, loadProfile } from '../expectations.js';
import {
  ANNA,
  BERT,
  CREATED_AT,
  city,
  creation,
  deletion,
  NEXT_INSTANT,
  UPDATED_AT,
  update,
} from '../sample-changes.js';

/** Changes of the kind `update`. */
export const updateClauses: ClauseGroup = (clause) => {
  clause('update/attributes', 'the attributes are replaced as a whole', async ({ repository }) => {
    await commitAll(repository, creation(ANNA), creation(BERT));
    const attributes = { Name: 'Anna the second', Score: 2.5 };
    await commitAll(repository, update(ANNA, 1, { attributes }));
    expectSame((await loadProfile(repository, ANNA)).attributes, attributes, 'the attributes');
    expectSame((await loadProfile(repository, BERT)).attributes, creation(BERT).attributes, 'those of another profile');
    await commitAll(repository, update(ANNA, 2, { attributes: {} }));
    expectSame((await loadProfile(repository, ANNA)).attributes, {}, 'the attributes after an empty set was given');
  });

  clause('update/revision', 'each update adds one to the revision', async ({ repository }) => {
    await commitAll(repository, creation(ANNA), creation(BERT));
    for (const revision of [1, 2, 3]) {
      await commitAll(repository, update(ANNA, revision));
      expectSame((await loadProfile(repository, ANNA)).revision, revision + 1, 'the revision');
    }
    expectSame((await loadProfile(repository, BERT)).revision, 1, 'the revision of another profile');
  });

  clause('update/revision', 'an update that changes nothing counts as any other', async ({ repository }) => {
    const { attributes, extensions, segment } = creation(ANNA, { segment: 'gold' });
    await commitAll(repository, creation(ANNA, { segment, addEntries: [city('Ulm')] }));
    await commitAll(repository, update(ANNA, 1, { attributes, addEntries: [city('Ulm')] }));
    await commitAll(repository, update(ANNA, 2, { attributes, extensions, segment }));
    const { revision, updatedAt } = await loadProfile(repository, ANNA);
    expectSame({ revision, updatedAt }, { revision: 3, updatedAt: UPDATED_AT }, 'revision and time');
  });

  clause('update/revision', 'revisions count on beyond what a byte holds', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    for (let revision = 1; revision <= 260; revision += 1) await commitAll(repository, update(ANNA, revision));
    expectSame((await loadProfile(repository, ANNA)).revision, 261, 'the revision');
    for (const expected of [2, 5, 26, 260, 262, 2610]) {
      const moved = { outcome: 'revision_moved', index: 0, revision: 261 } as const;
      await expectObstacle(repository, [update(ANNA, expected)], moved);
      await expectObstacle(repository, [deletion(ANNA, expected)], moved);
    }
  });

  clause('update/times', 'updatedAt moves, createdAt stays', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    await commitAll(repository, update(ANNA, 1));
    const { createdAt, updatedAt } = await loadProfile(repository, ANNA);
    expectSame({ createdAt, updatedAt }, { createdAt: CREATED_AT, updatedAt: UPDATED_AT }, 'the times');
  });

  clause('update/extensions-kept', 'extensions left out stay as they are', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    await commitAll(repository, update(ANNA, 1));
    await commitAll(repository, update(ANNA, 2, { extensions: undefined }));
    await commitAll(repository, update(ANNA, 3, { addEntries: [city('Ulm')] }), creation(BERT, { extensions: {} }));
    expectSame((await loadProfile(repository, ANNA)).extensions, creation(ANNA).extensions, 'the extensions');
  });

  clause('update/extensions-replaced', 'extensions given replace the whole set', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    const extensions = { Phone: [{ Number: '555-2' }, { Number: '555-3' }] };
    await commitAll(repository, update(ANNA, 1, { extensions }));
    expectSame((await loadProfile(repository, ANNA)).extensions, extensions, 'the extensions');
    const emptied = { Phone: [], Log: [{}] };
    await commitAll(repository, update(ANNA, 2, { extensions: emptied }));
    expectSame(
      (await loadProfile(repository, ANNA)).extensions,
      emptied,
      'the extensions after an empty one was given',
    );
    await commitAll(repository, update(ANNA, 3, { extensions: {} }));
    expectSame((await loadProfile(repository, ANNA)).extensions, {}, 'the extensions after an empty set was given');
  });

  clause('update/segment', 'a segment left out stays, one that is given is set', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold' }), creation(BERT));
    await commitAll(repository, update(ANNA, 1), update(BERT, 1));
    await commitAll(repository, update(ANNA, 2, { segment: undefined, addEntries: [city('Ulm')] }));
    expectSame((await loadProfile(repository, ANNA)).segment, 'gold', 'the segment left out');
    expectSame((await loadProfile(repository, BERT)).segment, undefined, 'the segment that never was');
    await commitAll(repository, update(ANNA, 3, { segment: 'silver' }), update(BERT, 2, { segment: 'new' }));
    expectSame((await loadProfile(repository, ANNA)).segment, 'silver', 'the segment set anew');
    expectSame((await loadProfile(repository, BERT)).segment, 'new', 'the segment set for the first time');
  });

  clause('update/revision-moved', 'another revision is answered, and changes nothing', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    await commitAll(repository, update(ANNA, 1));
    const before = await loadProfile(repository, ANNA);
    for (const expected of [1, 3]) {
      const refused = update(ANNA, expected, { attributes: { Name: 'refused' }, extensions: {}, segment: 'refused' });
      await expectObstacle(repository, [refused], { outcome: 'revision_moved', index: 0, revision: 2 });
    }
    expectSame(await loadProfile(repository, ANNA), before, 'the profile after the refusals');
  });

  clause('update/made-anew', 'a profile made anew under the same id is another one', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    await commitAll(repository, deletion(ANNA, 1));
    await commitAll(repository, creation(ANNA, { at: NEXT_INSTANT, addEntries: [city('Ulm')] }));
    const before = await loadProfile(repository, ANNA);
    const ofFormer = { removeEntries: [city('Ulm')], addEntries: [city('Bonn')] };
    const moved = { outcome: 'revision_moved', index: 0, revision: 1 } as const;
    await expectObstacle(repository, [update(ANNA, 1)], moved);
    await expectObstacle(repository, [update(ANNA, 1, ofFormer)], moved);
    await expectObstacle(repository, [update(ANNA, 1), creation(BERT)], moved);
    expectSame(await loadProfile(repository, ANNA), before, 'the profile after the refusals');
    await expectHolders(repository, city('Ulm'), [ANNA]);
    await expectHolders(repository, city('Bonn'), []);
    await commitAll(repository, update(ANNA, 1, { ...ofFormer, createdAt: NEXT_INSTANT }));
    await expectHolders(repository, city('Bonn'), [ANNA]);
    await expectObstacle(repository, [update(ANNA, 2)], { ...moved, revision: 2 });
  });

  clause('update/unknown', 'an unknown id is answered without a revision, and not created', async ({ repository }) => {
    await expectObstacle(repository, [update(ANNA, 1)], { outcome: 'revision_moved', index: 0 });
    await expectMissing(repository, ANNA);
  });
};
