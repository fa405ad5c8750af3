import { expect } from 'chai';
import type { ImportCounts, ImportOptions, ImportRow } from 'dossier';
import { observe } from '../observed-repository.js';
import { BRUCE, createServices, createServicesWithBruce, outcome, TENANT } from '../service-harness.js';

/** More rows than one batch. */
const MANY = 1_200;

const good = (line: number): ImportRow => ({ line, customerId: `c${line}`, members: { FirstName: 'Ann' } });
const invalid = (line: number): ImportRow => ({ line, customerId: `c${line}`, members: {} });
const unreadable = (line: number): ImportRow => ({ line, fault: 'It is torn.' });

/** One row for each letter: a valid one (g), an invalid one (i), or an unreadable one (u). */
function rowsOf(letters: string): ImportRow[] {
  const kinds: Record<string, (line: number) => ImportRow> = { g: good, i: invalid, u: unreadable };
  return Array.from(letters, (letter, index) => kinds[letter]?.(index + 1)).flatMap((row) => row ?? []);
}

describe('ProfileService: import', () => {
  const run = async (rows: Iterable<ImportRow>, options: ImportOptions = {}) => {
    const services = await createServicesWithBruce();
    const result = await services.profiles.import(TENANT, rows, options);
    return { ...services, result };
  };

  describe('counts the processed rows only, and reports the line of the last one', () => {
    const cases: readonly (readonly [rows: string, maxErrors: number, expected: Partial<ImportCounts>])[] = [
      ['ggg', 1, { rows: 3, created: 3, failed: 0, lastLine: 3 }],
      ['gugg', 1, { rows: 2, created: 1, failed: 1, lastLine: 2 }],
      ['gigg', 1, { rows: 2, created: 1, failed: 1, lastLine: 2 }],
      ['gugigg', 2, { rows: 4, created: 2, failed: 2, lastLine: 4 }],
      ['gigugg', 2, { rows: 4, created: 2, failed: 2, lastLine: 4 }],
      ['iiugg', 2, { rows: 2, created: 0, failed: 2, lastLine: 2 }],
      ['ggu', 100, { rows: 3, created: 2, failed: 1, lastLine: 3 }],
      ['uuu', 100, { rows: 3, created: 0, failed: 3, lastLine: 3 }],
      ['ggi', 1, { rows: 3, created: 2, failed: 1, lastLine: 3 }],
    ];
    for (const [letters, maxErrors, expected] of cases) {
      it(`${letters}, at most ${maxErrors} errors`, async () => {
        const { result } = await run(rowsOf(letters), { maxErrors });
        expect(result).to.include({ ...expected, complete: expected.rows === letters.length });
        expect(result.errors.map(({ line }) => line)).to.deep.equal(
          Array.from(letters.slice(0, expected.rows), (letter, index) => (letter === 'g' ? 0 : index + 1)).filter(
            Boolean,
          ),
        );
      });
    }
  });

  it('invalid options are refused, and nothing is imported or replaced', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const before = await state();
    const rows: ImportRow[] = [{ line: 1, customerId: before.customerId, members: { FirstName: 'Ann' } }, good(2)];
    const wrong = [
      { existing: 'Refuse' },
      { existing: null },
      { maxErrors: Number.NaN },
      { maxErrors: 0 },
      { startFrom: '2' },
    ] as unknown as ImportOptions[];
    for (const options of wrong) {
      expect(await outcome(profiles.import(TENANT, rows, options)), JSON.stringify(options)).to.equal(
        'malformed_request',
      );
    }
    expect(await state()).to.deep.equal(before);
    expect(await outcome(state('c2'))).to.equal('not_found');
  });

  it('rows before the error that stops the import are imported, even with idKey', async () => {
    const { profiles, schemas } = await createServicesWithBruce();
    await schemas.addKey(TENANT, { name: 'byEmail', attributes: ['Email'] });
    const result = await profiles.import(TENANT, rowsOf('gugg'), { idKey: 'byEmail', maxErrors: 1 });
    expect(result).to.include({ rows: 2, created: 1, failed: 1, lastLine: 2, complete: false });
    expect((await profiles.get(TENANT, 'c1')).attributes.FirstName).to.equal('Ann');
  });

  it('if the source fails, the rows before are imported, progress is reported, and its error is rethrown', async () => {
    const failure = new Error('The source failed.');
    for (const count of [3, MANY]) {
      const { profiles, state } = await createServicesWithBruce();
      async function* rows() {
        yield* rowsOf('g'.repeat(count));
        throw failure;
      }
      let lastLine = 0;
      const onProgress = (counts: ImportCounts) => {
        lastLine = counts.lastLine;
      };
      expect(await profiles.import(TENANT, rows(), { onProgress }).catch((error) => error)).to.equal(failure);
      expect(lastLine).to.equal(count);
      expect((await state(`c${count}`)).attributes.FirstName).to.equal('Ann');
    }
  });

  for (const [found, row] of Object.entries<Pick<ImportRow & { members: object }, 'members'> & { customerId?: string }>(
    {
      'its customer id': { customerId: BRUCE.customerId, members: { FirstName: 'Ann' } },
      'its key': { members: { FirstName: 'Ann', Email: ['a@example.com'] } },
    },
  )) {
    it(`a profile that is found by ${found}, and deleted before the replacement, is created`, async () => {
      const { repository, justBefore } = observe();
      const { profiles, schemas } = await createServicesWithBruce(repository);
      await schemas.addKey(TENANT, { name: 'byEmail', attributes: ['Email'] });
      const other = createServices(repository);
      justBefore('replace', () => other.profiles.delete(TENANT, BRUCE.customerId));
      const options = { existing: 'replace', idKey: 'byEmail' } as const;
      const result = await profiles.import(TENANT, [{ line: 1, ...row } as ImportRow], options);
      expect(result).to.include({ created: 1, replaced: 0, failed: 0 });
      const names: unknown[] = [];
      for await (const { attributes } of profiles.all(TENANT)) names.push(attributes.FirstName);
      expect(names).to.deep.equal(['Ann']);
    });
  }

  describe('R14 the revision of a row', () => {
    const bruce = (row: { revision?: unknown; customerId?: string; members?: object }): ImportRow =>
      ({ line: 1, customerId: BRUCE.customerId, members: { FirstName: 'Robert' }, ...row }) as ImportRow;
    const codes = async (row: ImportRow, options: ImportOptions, services = createServicesWithBruce()) => {
      const { profiles } = await services;
      const { created, replaced, skipped, errors } = await profiles.import(TENANT, [row], options);
      return { created, replaced, skipped, errors: errors.map(({ code }) => code) };
    };
    const nothing = { created: 0, replaced: 0, skipped: 0, errors: [] };

    it('must be that of the profile, to replace it; otherwise the row is an error, and nothing changes', async () => {
      const services = await createServicesWithBruce();
      const conflict = { ...nothing, errors: ['revision_conflict'] };
      const stale = bruce({ revision: 2 });
      expect(await codes(stale, { existing: 'replace' }, Promise.resolve(services))).to.deep.equal(conflict);
      expect(await services.state()).to.deep.include({ revision: 1, attributes: BRUCE.attributes });
      const current = bruce({ revision: 1 });
      const replaced = { ...nothing, replaced: 1 };
      expect(await codes(current, { existing: 'replace' }, Promise.resolve(services))).to.deep.equal(replaced);
      expect(await codes(current, { existing: 'replace' }, Promise.resolve(services))).to.deep.equal(conflict);
      expect((await services.state()).revision).to.equal(2);
    });

    it('counts for a profile that is found by idKey', async () => {
      const services = await createServicesWithBruce();
      await services.schemas.addKey(TENANT, { name: 'byEmail', attributes: ['Email'] });
      const options = { existing: 'replace', idKey: 'byEmail' } as const;
      for (const [revision, expected] of [
        [2, { ...nothing, errors: ['revision_conflict'] }],
        [1, { ...nothing, replaced: 1 }],
      ] as const) {
        const members = { FirstName: 'Robert', Email: BRUCE.attributes.Email };
        const row: ImportRow = { line: 1, members, revision };
        expect(await codes(row, options, Promise.resolve(services))).to.deep.equal(expected);
      }
    });

    it('creates no profile with replace: who had that revision was deleted', async () => {
      const conflict = { ...nothing, errors: ['revision_conflict'] };
      for (const customerId of ['gone', undefined] as string[]) {
        const row = bruce({ customerId, revision: 1 });
        expect(await codes(row, { existing: 'replace' })).to.deep.equal(conflict);
      }
    });

    it('means nothing with skip and refuse, which replace no profile', async () => {
      expect(await codes(bruce({ revision: 7 }), {})).to.deep.equal({ ...nothing, skipped: 1 });
      const refused = { ...nothing, errors: ['already_exists'] };
      expect(await codes(bruce({ revision: 7 }), { existing: 'refuse' })).to.deep.equal(refused);
      for (const existing of ['skip', 'refuse'] as const) {
        const created = { ...nothing, created: 1 };
        expect(await codes(bruce({ customerId: 'new', revision: 7 }), { existing })).to.deep.equal(created);
      }
    });

    it('that is no positive integer is an error of its row', async () => {
      for (const revision of [0, 1.5, -1, Number.NaN, '1', null]) {
        for (const existing of ['skip', 'replace'] as const) {
          const malformed = { ...nothing, errors: ['malformed_request'] };
          expect(await codes(bruce({ revision }), { existing }), `${revision}`).to.deep.equal(malformed);
        }
      }
    });

    it('is read from the column _revision of a table', async () => {
      for (const [text, expected] of [
        ['1', { ...nothing, replaced: 1 }],
        ['2', { ...nothing, errors: ['revision_conflict'] }],
        ['1e0', { ...nothing, errors: ['malformed_request'] }],
      ] as const) {
        const cells = [
          ['customer_id', BRUCE.customerId],
          ['_Revision', text],
          ['FirstName', 'Robert'],
        ] as const;
        expect(await codes({ line: 1, cells }, { existing: 'replace' }), text).to.deep.equal(expected);
      }
    });

    it('may be left out even if the host requires an expected revision of other changes', async () => {
      const services = createServicesWithBruce(undefined, { requireExpectedRevision: true });
      const { profiles } = await services;
      const replacement = profiles.replace(TENANT, BRUCE.customerId, { attributes: { FirstName: 'Robert' } });
      expect(await outcome(replacement)).to.equal('precondition_required');
      const options = { existing: 'replace' } as const;
      expect(await codes(bruce({ revision: 2 }), options, services)).to.have.deep.property('errors', [
        'revision_conflict',
      ]);
      expect(await codes(bruce({}), options, services)).to.deep.equal({ ...nothing, replaced: 1 });
    });
  });

  describe('L5 existing: patch', () => {
    const patching: ImportOptions = { existing: 'patch' };
    const table = (...cells: readonly (readonly [string, string])[]): ImportRow => ({
      line: 2,
      cells: [['customer_id', BRUCE.customerId], ...cells],
    });

    it('changes the columns of the row, and leaves the rest and what has empty cells', async () => {
      const row = table(
        ['LastName', 'Hulk'],
        ['Email', ''],
        ['Email', 'c@example.com'],
        ['Score', ''],
        ['Address.City', ''],
      );
      const { result, state, profiles } = await run([row], patching);
      expect(result).to.include({ rows: 1, patched: 1, created: 0, replaced: 0, failed: 0 });
      const { attributes, extensions } = await state();
      expect(attributes).to.deep.equal({ ...BRUCE.attributes, LastName: 'Hulk', Email: ['c@example.com'] });
      expect(extensions).to.deep.equal(BRUCE.extensions);
      const { items } = await profiles.history(TENANT, BRUCE.customerId);
      expect(items[0]).to.deep.include({ operation: 'import', changed: ['/LastName', '/Email'] });
    });

    it('clears what has empty cells with emptyCells: clear, down to the default', async () => {
      const cells = ['LastName', 'Score', 'Email', 'Email', 'Address.City', 'Phone.Number', 'Phone.Kind'];
      const row = table(...cells.map((name) => [name, ''] as const));
      const { result, state } = await run([row], { ...patching, emptyCells: 'clear' });
      expect(result).to.include({ patched: 1, failed: 0 });
      const { attributes, extensions } = await state();
      expect(attributes).to.deep.equal({ FirstName: 'Bruce', Score: 7 });
      expect(extensions).to.deep.equal({ Phone: [] });
    });

    it('finds the profile by idKey as well, and creates the one that is not there', async () => {
      const { profiles, schemas, state } = await createServicesWithBruce();
      await schemas.addKey(TENANT, { name: 'byEmail', attributes: ['Email'] });
      const rows: ImportRow[] = [
        { line: 1, members: { Email: 'a@example.com', LastName: null } },
        { line: 2, customerId: 'ann', members: { FirstName: 'Ann', LastName: null } },
        { line: 3, customerId: 'bob', members: { LastName: 'Lacks a mandatory attribute' } },
      ];
      const result = await profiles.import(TENANT, rows, { ...patching, idKey: 'byEmail' });
      expect(result).to.include({ patched: 1, created: 1, failed: 1 });
      expect((await state()).attributes).to.deep.equal({ FirstName: 'Bruce', Score: 1, Email: ['a@example.com'] });
    });

    it('R14: changes the revision of a row alone', async () => {
      const { profiles, state } = await createServicesWithBruce();
      for (const [revision, expected] of [
        ['2', { patched: 0, failed: 1 }],
        ['1', { patched: 1, failed: 0 }],
      ] as const) {
        const row = table(['_revision', revision], ['LastName', 'Hulk']);
        expect(await profiles.import(TENANT, [row], patching), revision).to.include(expected);
      }
      expect((await state()).attributes.LastName).to.equal('Hulk');
    });

    it('is refused where the columns of an extension would take more than they give', async () => {
      const { profiles, state } = await createServicesWithBruce();
      const before = await state();
      const row = table(['Phone.Number', '3']);
      expect(await outcome(profiles.import(TENANT, [row], patching))).to.equal('malformed_request');
      for (const existing of ['replace', 'skip', 'refuse', undefined] as const) {
        const clearing = profiles.import(TENANT, [table()], { existing, emptyCells: 'clear' });
        expect(await outcome(clearing), existing).to.equal('malformed_request');
      }
      expect(await state()).to.deep.equal(before);
    });
  });

  describe('columns of a table', () => {
    const cells = [
      ['Id', 'ann'],
      ['Given Name', 'Ann'],
      ['E-mail 1 - Value', 'ann@example.com'],
      ['Notes', 'Private'],
      ['E-mail 2 - Value', ''],
      ['E-mail 3 - Value', 'ann@example.org'],
      ['Phone 1 - Value', '1'],
      ['Phone 2 - Label', 'work'],
      ['Phone 2 - Value', '2'],
    ] as const;
    const map = {
      Id: 'customer_id',
      'Given Name': 'FirstName',
      'E-mail 1 - Value': 'Email',
      'E-mail 2 - Value': 'Email',
      'E-mail 3 - Value': 'Email',
      'Phone 1 - Value': 'Phone.Number',
      'Phone 2 - Value': 'Phone.Number',
      'Phone 2 - Label': 'Phone.Kind',
    };

    it('are mapped to attributes, several to one multi-valued attribute, and ignored', async () => {
      const { result, state } = await run([{ line: 2, cells }], { map, ignore: ['Notes'] });
      expect(result).to.include({ created: 1, failed: 0 });
      const { attributes, extensions } = await state('ann');
      expect(attributes).to.deep.equal({ FirstName: 'Ann', Score: 7, Email: ['ann@example.com', 'ann@example.org'] });
      expect(extensions?.Phone).to.deep.equal([{ Number: '1', Kind: 'work' }, { Number: '2' }]);
    });

    it('that are unknown are refused before anything is written, and named', async () => {
      const { profiles, state } = await createServicesWithBruce();
      const rows: ImportRow[] = [
        { line: 2, fault: 'It is torn.' },
        { line: 3, cells },
      ];
      let message = '';
      await profiles.import(TENANT, rows, { map }).catch((error) => {
        message = error.message;
      });
      expect(message).to.include('4 "Notes"').and.not.include('Private');
      expect(await outcome(state('ann'))).to.equal('not_found');
    });

    it('that become unknown are an error of each row from there', async () => {
      const rows: ImportRow[] = [
        { line: 2, cells: [['FirstName', 'Ann']] },
        {
          line: 3,
          cells: [
            ['FirstName', 'Bob'],
            ['Nope', ''],
          ],
        },
        { line: 4, cells: [['FirstName', 'Cy']] },
      ];
      const { result } = await run(rows);
      expect(result).to.include({ created: 2, failed: 1 });
      expect(result.errors[0]).to.include({ line: 3, code: 'malformed_request' });
    });

    it('are refused in a mapping of rows that have none, or to names that are unknown', async () => {
      const { profiles } = await createServicesWithBruce();
      for (const options of [{ map }, { ignore: ['Notes'] }]) {
        expect(await outcome(profiles.import(TENANT, [good(1)], options))).to.equal('malformed_request');
      }
      const unknown = { map: { Id: 'Nope' }, ignore: ['Notes'] };
      expect(await outcome(profiles.import(TENANT, [], unknown))).to.equal('malformed_request');
      expect(await outcome(profiles.get(TENANT, 'c1'))).to.equal('not_found');
    });
  });

  describe('L1, L2 losses', () => {
    const rows: ImportRow[] = [
      { line: 1, customerId: BRUCE.customerId, members: { FirstName: 'Bruce', Phone: [{ Number: '1' }] } },
      { line: 2, customerId: BRUCE.customerId, members: { ...BRUCE.attributes, LastName: null } },
      { line: 3, customerId: BRUCE.customerId, members: BRUCE.attributes },
      { line: 4, customerId: 'new', members: { FirstName: 'Ann' } },
    ];

    it('a row that the guard refuses has pointers to what it would clear', async () => {
      const { profiles } = await createServicesWithBruce(undefined, { lossGuard: true });
      const { errors } = await profiles.import(TENANT, rows.slice(0, 1), { existing: 'replace', allowLoss: ['Score'] });
      expect(errors).to.have.length(1);
      expect(errors[0]).to.deep.include({ code: 'loss_not_allowed', pointers: ['/LastName', '/Email', '/Address'] });
    });

    it('a dry run counts what rows would take, by row and by member, and takes nothing', async () => {
      const { profiles, state } = await createServicesWithBruce();
      const before = await state();
      const { result } = await profiles.dryRun(TENANT, (rehearsal) =>
        rehearsal.import(TENANT, rows, { existing: 'replace' }),
      );
      expect(result).to.include({ replaced: 3, created: 1 });
      expect(result.losses).to.deep.equal({
        rows: 2,
        members: [
          { pointer: '/LastName', rows: 2 },
          { pointer: '/Email', rows: 1 },
          { pointer: '/Address', rows: 1 },
          { pointer: '/Score', rows: 1 },
          { pointer: '/Phone', rows: 1 },
        ],
        first: [
          { line: 1, pointers: ['/LastName', '/Email', '/Address', '/Score', '/Phone'] },
          { line: 2, pointers: ['/LastName'] },
        ],
      });
      expect(await state()).to.deep.equal(before);
      expect(await profiles.import(TENANT, rows.slice(2), { existing: 'replace' })).not.to.have.property('losses');
    });

    it('a dry run of a patch counts what it clears', async () => {
      const { profiles } = await createServicesWithBruce();
      const row: ImportRow = {
        line: 2,
        customerId: BRUCE.customerId,
        members: { LastName: null, Score: null, Phone: [] },
      };
      const { result } = await profiles.dryRun(TENANT, (rehearsal) =>
        rehearsal.import(TENANT, [row], { existing: 'patch' }),
      );
      expect(result.losses?.first).to.deep.equal([{ line: 2, pointers: ['/LastName', '/Phone', '/Score'] }]);
    });

    it('lists the first hundred rows, and counts all', async () => {
      const { profiles } = await createServicesWithBruce();
      const many = Array.from({ length: 150 }, (_, index) => ({ ...(rows[1] as ImportRow), line: index + 1 }));
      const { result } = await profiles.dryRun(TENANT, (rehearsal) =>
        rehearsal.import(TENANT, many, { existing: 'replace' }),
      );
      expect(result.losses?.rows).to.equal(150);
      expect(result.losses?.members).to.deep.equal([{ pointer: '/LastName', rows: 150 }]);
      expect(result.losses?.first).to.have.length(100);
    });
  });

  describe('newCustomerId', () => {
    const row = (line: number, members: object): ImportRow => ({
      line,
      newCustomerId: `new${line}`,
      members: { FirstName: 'Ann', ...members },
    });

    it('is the id of a profile that a row without an id creates, in a batch or one by one', async () => {
      for (const rows of [[row(1, {})], [row(1, {}), unreadable(2), row(3, { Unknown: 1 })]]) {
        const { state } = await run(rows);
        expect((await state('new1')).attributes.FirstName).to.equal('Ann');
      }
      const cells = [['FirstName', 'Ann']] as const;
      const { state } = await run([{ line: 1, newCustomerId: 'new1', cells }]);
      expect((await state('new1')).attributes.FirstName).to.equal('Ann');
    });

    it('means nothing if the row has an id, or a key finds its profile', async () => {
      const services = await createServicesWithBruce();
      await services.schemas.addKey(TENANT, { name: 'byEmail', attributes: ['Email'] });
      const known = row(1, { Email: BRUCE.attributes.Email });
      const named: ImportRow = { line: 2, customerId: 'own', newCustomerId: 'new2', members: { FirstName: 'Bob' } };
      const result = await services.profiles.import(TENANT, [known, named], { idKey: 'byEmail' });
      expect(result).to.include({ created: 1, skipped: 1 });
      expect(await outcome(services.state('own'))).to.equal('ok');
    });

    it('keeps rows that are sent again from being created twice, also those that no key finds', async () => {
      const { profiles, schemas } = await createServicesWithBruce();
      await schemas.addKey(TENANT, { name: 'byEmail', attributes: ['Email'] });
      const rows = [row(1, { Email: ['ann@example.com'] }), row(2, {})];
      for (const [options, expected] of [
        [{}, { created: 2 }],
        [{}, { skipped: 2 }],
        [{ existing: 'replace' }, { replaced: 2 }],
        [{ existing: 'refuse' }, { failed: 2 }],
      ] as const) {
        const result = await profiles.import(TENANT, rows, { idKey: 'byEmail', ...options });
        expect(result, JSON.stringify(options)).to.include(expected);
      }
    });
  });

  it('calls onError with each error, in order, before onProgress counts it', async () => {
    const calls: unknown[] = [];
    const { result } = await run(rowsOf(`gui${'g'.repeat(600)}i`), {
      onError: ({ line, code }) => calls.push([line, code]),
      onProgress: ({ failed }) => calls.push(failed),
    });
    expect(result.failed).to.equal(3);
    expect(calls).to.deep.equal([[2, 'malformed_request'], [3, 'invalid_profile'], 2, [604, 'invalid_profile'], 3]);
  });

  it('large rows are imported in smaller batches, to bound memory use', async () => {
    const Email = Array.from({ length: 100 }, (_, index) => `${index}`.repeat(1_000).slice(0, 1_000));
    const schema = { attributes: [{ name: 'Email', type: 'string', multiValued: true, length: 10_000 }] } as const;
    const { profiles, schemas } = createServices();
    await schemas.define(TENANT, schema);
    const counts: number[] = [];
    function* rows(): Generator<ImportRow> {
      for (let line = 1; line <= 20; line++) yield { line, members: { Email } };
    }
    const result = await profiles.import(TENANT, rows(), { onProgress: ({ rows: done }) => counts.push(done) });
    expect(result).to.include({ created: 20, complete: true });
    expect(counts).to.deep.equal([6, 12, 18, 20]);
  });

  it('resuming after the last line processes each row exactly once, whatever stopped the import', async () => {
    const letters = 'g'.repeat(700).concat('u', 'g'.repeat(100), 'iu', 'g'.repeat(MANY - 803));
    const { profiles } = await createServicesWithBruce();
    let processed = 0;
    let startFrom = 1;
    for (let complete = false; !complete; ) {
      const result = await profiles.import(TENANT, rowsOf(letters), { startFrom, maxErrors: 1, existing: 'refuse' });
      ({ complete } = result);
      processed += result.rows;
      startFrom = result.lastLine + 1;
      expect(result.errors.map(({ code }) => code)).not.to.include('already_exists');
    }
    expect([processed, startFrom]).to.deep.equal([MANY, MANY + 1]);
  });

  it('an unknown idKey is refused before any row is imported', async () => {
    const { profiles } = await createServicesWithBruce();
    const rows = rowsOf('g'.repeat(MANY));
    for (const idKey of ['byNothing', 'toString']) {
      const failure = await profiles
        .import(TENANT, [...rows, { line: MANY + 1, members: {} }], { idKey })
        .catch((error) => error);
      expect(failure.code).to.equal('not_found');
    }
    expect(await profiles.get(TENANT, 'c1').catch(({ code }) => code)).to.equal('not_found');
  });

  const wrong: Record<string, object> = {
    'an unknown value of existing': { existing: 'overwrite' },
    'an idKey that is not a string': { idKey: 7 },
    'a string for maySetSegment': { maySetSegment: 'false' },
    'maxErrors below 1': { maxErrors: 0 },
    'maxErrors that is not an integer': { maxErrors: 1.5 },
    'onProgress that is not a function': { onProgress: true },
    'onError that is not a function': { onError: {} },
    'startFrom below 1': { startFrom: 0 },
    'startFrom that is not a number': { startFrom: '2' },
    'signal that is a controller': { signal: new AbortController() },
    'signal that is null': { signal: null },
  };
  for (const [what, options] of Object.entries(wrong)) {
    it(`malformed_request: ${what}; no profile is replaced`, async () => {
      const { profiles, state } = await createServicesWithBruce();
      const rows: ImportRow[] = [{ line: 1, customerId: 'bruce', members: { FirstName: 'Robert' } }];
      const failure = await profiles.import(TENANT, rows, options as ImportOptions).catch((error) => error);
      expect(failure.code).to.equal('malformed_request');
      expect((await state()).revision).to.equal(1);
    });
  }

  it('malformed_request: a value that is not a row', async () => {
    const { profiles } = await createServicesWithBruce();
    for (const row of [
      5,
      null,
      { members: {} },
      { line: 1, cells: 5 },
      { line: 1, cells: [5] },
      { line: 1, fault: 5 },
    ]) {
      const failure = await profiles.import(TENANT, [row] as unknown as ImportRow[]).catch((error) => error);
      expect(failure.code, JSON.stringify(row)).to.equal('malformed_request');
    }
    for (const rows of [undefined, null, 5, {}]) {
      const failure = await profiles.import(TENANT, rows as unknown as ImportRow[]).catch((error) => error);
      expect(failure.code, JSON.stringify(rows)).to.equal('malformed_request');
    }
  });

  it('R14: a row with a misspelt member is refused, and replaces and creates nothing', async () => {
    const { profiles, state } = await createServicesWithBruce();
    const { customerId } = BRUCE;
    const before = await state();
    const members = { FirstName: 'Robert' };
    for (const row of [
      { line: 1, customerId, members, revison: 7 },
      { line: 1, customerID: customerId, members },
      { line: 1, customerId, members, segmnt: 'gold' },
      { line: 1, customerId, cells: [['FirstName', 'Robert']] },
      { line: 1, members, cells: [['FirstName', 'Robert']] },
    ]) {
      const failure = await profiles
        .import(TENANT, [row] as unknown as ImportRow[], { existing: 'replace' })
        .catch((error) => error);
      expect(failure.code, JSON.stringify(row)).to.equal('malformed_request');
    }
    expect(await state()).to.deep.equal(before);
    for await (const profile of profiles.all(TENANT)) expect(profile.customerId).to.equal(customerId);
  });

  it('reports progress after each batch, faulty rows included', async () => {
    const lines: number[] = [];
    await run(rowsOf('u'.repeat(MANY)), { maxErrors: MANY + 1, onProgress: ({ lastLine }) => lines.push(lastLine) });
    expect(lines).to.deep.equal([500, 1_000, MANY]);
  });

  describe('W1 segments of rows', () => {
    const withSegment = (line: number, segment: string): ImportRow => ({ ...good(line), segment }) as ImportRow;
    const segments = async ({ profiles }: Pick<Awaited<ReturnType<typeof run>>, 'profiles'>) => {
      const found: (string | undefined)[] = [];
      for await (const { customerId, segment } of profiles.all(TENANT)) if (customerId !== 'bruce') found.push(segment);
      return found;
    };

    it('are stored in the commit of the batch, and override the segment of the import', async () => {
      const services = await createServicesWithBruce();
      const rows = [withSegment(1, 'gold'), good(2), withSegment(3, 'silver')];
      await services.profiles.import(TENANT, rows, {}, { segment: 'new' });
      expect(await segments(services)).to.deep.equal(['gold', 'new', 'silver']);
    });

    it('are stored if rows are imported one by one', async () => {
      const services = await run([withSegment(1, 'gold'), invalid(2), good(3)]);
      expect(services.result).to.include({ created: 2, failed: 1 });
      expect(await segments(services)).to.deep.equal(['gold', undefined]);
    });

    it('change with a replacement, and stay as they are if the row has none', async () => {
      const services = await run([withSegment(1, 'gold'), withSegment(2, 'gold')]);
      await services.profiles.import(TENANT, [withSegment(1, 'silver'), good(2)], { existing: 'replace' });
      expect(await segments(services)).to.deep.equal(['silver', 'gold']);
    });

    it('are read from the column _segment of a table, in any case', async () => {
      const cells = [
        ['customer_id', 'c1'],
        ['FirstName', 'Ann'],
        ['_Segment', 'gold'],
      ] as const;
      expect(await segments(await run([{ line: 1, cells }]))).to.deep.equal(['gold']);
    });

    it('that are invalid are an error of their row only', async () => {
      const services = await run([
        withSegment(1, ' gold'),
        withSegment(2, ''),
        withSegment(3, 'x'.repeat(65)),
        good(4),
      ]);
      expect(services.result.errors.map(({ line, code }) => [line, code])).to.deep.equal(
        [1, 2, 3].map((line) => [line, 'malformed_request']),
      );
      expect(await segments(services)).to.deep.equal([undefined]);
    });

    it('are an error of the row with maySetSegment: false, and nothing of the row is stored', async () => {
      const services = await run([good(1), withSegment(2, 'gold'), withSegment(3, 'not valid ')], {
        maySetSegment: false,
        existing: 'replace',
      });
      expect(services.result).to.include({ created: 1, failed: 2 });
      expect(services.result.errors.map(({ code }) => code)).to.deep.equal(['not_allowed', 'not_allowed']);
      expect(await segments(services)).to.deep.equal([undefined]);
    });
  });
});
