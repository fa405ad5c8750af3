import type { StoredProfile } from '../../storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, expectHolders, expectSame, loadProfile } from '../expectations.js';
import { ANNA, BERT, city, creation, email, sampleSchema, TENANT, update } from '../sample-changes.js';
import { stateOf } from '../stored-state.js';

/** That nothing is shared with the caller, neither what goes in nor what comes out. */
export const aliasingClauses: ClauseGroup = (clause) => {
  clause(
    'aliasing/in',
    'changing what was created or updated changes nothing that is stored',
    async ({ repository }) => {
      for (const change of [
        structuredClone(creation(ANNA, { addEntries: [email(ANNA)] })),
        structuredClone(update(ANNA, 1, { extensions: { Phone: [{ Number: '555-2' }] }, addEntries: [city('Ulm')] })),
      ]) {
        await commitAll(repository, change);
        const before = await stateOf(repository, TENANT, [email(ANNA), city('Ulm')]);
        deface(change);
        expectSame(await stateOf(repository, TENANT, [email(ANNA), city('Ulm')]), before, 'the state afterwards');
      }
    },
  );

  clause('aliasing/untouched', 'what is handed over is left as it was', async ({ repository }) => {
    const entries = [city('Ulm'), email(ANNA), city('Bonn')];
    const changes = [creation(BERT), creation(ANNA, { addEntries: entries })];
    const handedOver = structuredClone(changes);
    await repository.commit(handedOver);
    expectSame(handedOver, changes, 'the changes after the commit');
    const page = { limit: 10, extensions: true };
    await repository.find(TENANT, handedOver[1]?.addEntries[0] ?? city('Ulm'), page);
    expectSame({ handedOver, page }, { handedOver: changes, page: { limit: 10, extensions: true } }, 'the arguments');
    await commitAll(repository, deepFreeze(structuredClone(update(ANNA, 1, { removeEntries: entries }))));
  });

  clause('aliasing/in-flight', 'what counts is what a change was when it was handed over', async ({ repository }) => {
    const change = structuredClone(creation(ANNA, { addEntries: [email(ANNA)] }));
    const expected = structuredClone(change);
    const committing = repository.commit([change]);
    deface(change);
    expectSame(await committing, { outcome: 'committed' }, 'the answer to the commit');
    const { attributes, extensions } = await loadProfile(repository, ANNA);
    const { attributes: sent, extensions: sentExtensions } = expected;
    expectSame({ attributes, extensions }, { attributes: sent, extensions: sentExtensions }, 'the profile');
    await expectHolders(repository, email(ANNA), [ANNA]);
  });

  clause('aliasing/out', 'changing what was answered changes nothing that is stored', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold', addEntries: [city('Ulm')] }));
    const before = await loadProfile(repository, ANNA);
    const readings: (() => Promise<(StoredProfile | undefined)[]>)[] = [
      async () => [(await repository.load(TENANT, ANNA, { extensions: true })).profile],
      async () => [(await repository.load(TENANT, ANNA, { extensions: false })).profile],
      () => repository.page(TENANT, { limit: 10 }),
      async () => [...(await repository.find(TENANT, city('Ulm'), { limit: 10, extensions: true })).profiles],
    ];
    for (const read of readings) {
      deface(await read());
      expectSame(await loadProfile(repository, ANNA), before, 'the profile after a reading was changed');
    }
  });

  clause('aliasing/together', 'two loads of one profile at the same time share nothing', async ({ repository }) => {
    await commitAll(repository, creation(ANNA));
    const load = () => loadProfile(repository, ANNA);
    const [before, one, other] = [await load(), ...(await Promise.all([load(), load()]))];
    deface(one);
    expectSame(other, before, 'what the one answered after what the other answered was changed');
  });

  clause('aliasing/schema', 'schemas, too, are not shared with the caller', async ({ repository }) => {
    const schema = structuredClone(sampleSchema('shared'));
    const answer = await repository.commitSchema({ tenantId: TENANT, expectedVersion: 1, schema });
    expectSame(answer, { outcome: 'committed' }, 'the answer to the schema change');
    deface(schema);
    expectSame((await repository.loadSchema(TENANT))?.schema, sampleSchema('shared'), 'the schema that went in');
    deface(await repository.loadSchema(TENANT));
    expectSame((await repository.loadSchema(TENANT))?.schema, sampleSchema('shared'), 'the schema that came out');
  });
};

function deepFreeze<T>(document: T): T {
  if (typeof document !== 'object' || document === null) return document;
  for (const member of Object.values(document)) deepFreeze(member);
  return Object.freeze(document);
}

/** Changes every member of a document at every depth. */
function deface(document: unknown): void {
  if (typeof document !== 'object' || document === null) return;
  for (const name of Object.keys(document)) {
    deface(Reflect.get(document, name));
    if (typeof Reflect.get(document, name) !== 'object') Reflect.set(document, name, 'defaced');
  }
  Reflect.set(document, 'added', 'defaced');
  if (Array.isArray(document)) document.push('defaced');
}
