import { expect } from 'chai';
import { createDossier, type ImportOptions, type ImportRow, MalformedRequestError } from 'dossier';
import { csvRows, ImportJournal, type ImportProgress, ndjsonRows, withRowIds } from 'dossier/formats';
import { InMemoryProfileRepository } from 'dossier/memory';
import fc from 'fast-check';
import { propertyRuns } from '../../property-runs.js';
import { allOf, chunksOf } from './read-rows.js';

async function openTenant() {
  const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() }).tenant('1');
  await schemas.define({
    attributes: [
      { name: 'Name', type: 'string', mandatory: true },
      { name: 'Note', type: 'string', multiValued: true, length: 60_000 },
    ],
  });
  const names = async () => {
    const found: unknown[] = [];
    for await (const { attributes } of profiles.all()) found.push(attributes.Name);
    return found.sort();
  };
  return { profiles, schemas, names };
}

type Tenant = Awaited<ReturnType<typeof openTenant>>;
type Read = (text: string) => AsyncIterable<ImportRow>;

const ndjson: Read = (text) => ndjsonRows(chunksOf(text));
const csv: Read = (text) => csvRows(chunksOf(text));

/** Imports what is left of a text. */
async function goOn({ profiles }: Tenant, journal: ImportJournal, rows: AsyncIterable<ImportRow>, maxErrors = 100) {
  return profiles.import(journal.remaining(rows), { maxErrors, ...journal.callbacks });
}

const linesOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

describe('ImportJournal', () => {
  it('imports rows with errors once they are corrected, then those that follow, and no row twice', async () => {
    const tenant = await openTenant();
    const journal = new ImportJournal();
    const first = await goOn(tenant, journal, ndjson('{"Name":"a"}\n{}\n\n{"Name":"b"}\n{}\n{"Name":"c"}\n'), 2);
    expect(first).to.include({ rows: 4, created: 2, failed: 2, complete: false });
    expect(journal.state).to.deep.include({
      firstLine: 1,
      lastLine: 5,
      failed: [
        [2, 3],
        [5, 5],
      ],
    });

    const corrected = '{"Name":"a"}\n{"Name":"x"}\n\n{"Name":"b"}\n{}\n{"Name":"c"}\n';
    const next = new ImportJournal(JSON.parse(JSON.stringify(journal.state)));
    expect(await next.matches(ndjson(corrected))).to.equal(true);
    expect(await goOn(tenant, next, ndjson(corrected))).to.include({ rows: 3, created: 2, failed: 1, complete: true });
    expect(next.state).to.deep.include({ lastLine: 6, failed: [[5, 5]] });

    const blank = corrected.replace('{}', '');
    expect(await next.matches(ndjson(blank))).to.equal(true);
    expect(await goOn(tenant, next, ndjson(blank))).to.include({ rows: 0, failed: 0, complete: true });
    expect(await tenant.names()).to.deep.equal(['a', 'b', 'c', 'x']);
  });

  it('imports rows that another schema accepts', async () => {
    const tenant = await openTenant();
    const journal = new ImportJournal();
    const text = '{"Name":"a"}\n{"Name":"b","Age":7}\n';
    await goOn(tenant, journal, ndjson(text));
    await tenant.schemas.define({
      attributes: [
        { name: 'Name', type: 'string' },
        { name: 'Age', type: 'integer' },
      ],
    });
    expect(await goOn(tenant, journal, ndjson(text))).to.include({ rows: 1, created: 1 });
    expect(await tenant.names()).to.deep.equal(['a', 'b']);
  });

  it('imports the rows that a misplaced quote had joined', async () => {
    for (const [broken, errors] of [
      ['Name,Note\na,\n"b"x,"\nc,\nd,"x"\ne,\n', 1],
      ['Name,Note\na,\n"b,\nc,\nd,x\ne,\n', 1],
    ] as const) {
      const tenant = await openTenant();
      const journal = new ImportJournal();
      expect(await goOn(tenant, journal, csv(broken)), broken).to.include({ failed: errors });
      const corrected = 'Name,Note\na,\nb,\nc,\nd,x\ne,\n';
      expect(await journal.matches(csv(corrected)), broken).to.equal(true);
      expect(await goOn(tenant, journal, csv(corrected))).to.include({ failed: 0, complete: true });
      expect(await tenant.names(), broken).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
    }
  });

  describe('matches tells whether the rows that were imported are the same', () => {
    const lines = ['{"Name":"a"}', '{}', '{"Name":"b"}', '{"Name":"c"}', '{}', '{"Name":"d"}'];
    const imported = async () => {
      const journal = new ImportJournal();
      await goOn(await openTenant(), journal, ndjson(linesOf(lines)), 2);
      expect(journal.state).to.deep.include({
        lastLine: 5,
        failed: [
          [2, 2],
          [5, 5],
        ],
      });
      return journal;
    };
    const cases: Record<string, readonly [change: (copy: string[]) => void, matches: boolean]> = {
      'the same file': [() => undefined, true],
      'rows with errors that were corrected': [(copy) => copy.splice(1, 1, '{"Name":"x"}'), true],
      'other rows after the last one': [(copy) => copy.splice(5, 1, '{"Name":"x"}', '{"Name":"y"}'), true],
      'a row that was changed': [(copy) => copy.splice(2, 1, '{"Name":"x"}'), false],
      'a row that was inserted': [(copy) => copy.splice(2, 0, '{"Name":"x"}'), false],
      'a row with errors that was removed with its line': [(copy) => copy.splice(1, 1), false],
      'a row with errors that became two': [(copy) => copy.splice(1, 1, '{"Name":"x"}', '{"Name":"y"}'), false],
      'rows that changed places': [(copy) => copy.splice(2, 2, '{"Name":"c"}', '{"Name":"b"}'), false],
      'a file that has become shorter': [(copy) => copy.splice(3), false],
      'an empty file': [(copy) => copy.splice(0), false],
    };
    for (const [what, [change, matches]] of Object.entries(cases)) {
      it(`${matches}: ${what}`, async () => {
        const copy = [...lines];
        change(copy);
        expect(await (await imported()).matches(ndjson(linesOf(copy)))).to.equal(matches);
      });
    }

    it('true: line ends, blanks and the byte-order mark may differ', async () => {
      const text = `\ufeff${lines.map((line) => `${line.replace(':', ' : ')}\r\n`).join('')}`;
      expect(await (await imported()).matches(ndjson(text))).to.equal(true);
    });

    it('false: a column that has another name', async () => {
      const journal = new ImportJournal();
      await goOn(await openTenant(), journal, csv('Name,Note\na,x\n,y\n'));
      expect(await journal.matches(csv('Note,Name\na,x\nb,y\n'))).to.equal(false);
    });

    it('true: nothing was imported yet', async () => {
      expect(await new ImportJournal().matches(ndjson('{"Name":"a"}\n'))).to.equal(true);
    });
  });

  it('begins at a line', async () => {
    const tenant = await openTenant();
    const journal = ImportJournal.from(3);
    const text = linesOf(['{"Name":"a"}', '{}', '{}', '{"Name":"b"}']);
    expect(await goOn(tenant, journal, ndjson(text))).to.include({ rows: 2, created: 1, failed: 1 });
    expect(journal.state).to.deep.include({ firstLine: 3, lastLine: 4, failed: [[3, 3]] });
    const corrected = linesOf(['{"Name":"other"}', '{}', '{"Name":"c"}', '{"Name":"b"}']);
    expect(await journal.matches(ndjson(corrected))).to.equal(true);
    await goOn(tenant, journal, ndjson(corrected));
    expect(await tenant.names()).to.deep.equal(['b', 'c']);
  });

  it('keeps few ranges for many rows with errors one after another', async () => {
    const journal = new ImportJournal();
    const text = `${'{"Name":"a"}\n'.repeat(3)}${'{}\n'.repeat(2_000)}`;
    await goOn(await openTenant(), journal, ndjson(text), 10_000);
    expect(journal.state.failed).to.deep.equal([[4, 2_003]]);
  });

  it('gives a row the same id however often it is imported', async () => {
    const journal = new ImportJournal();
    const ids = async (from: ImportJournal) =>
      (await allOf(from.remaining(ndjson('{}\n{}\n')))).map(({ newCustomerId }) => newCustomerId);
    const given = await ids(journal);
    expect(new Set(given).size).to.equal(2);
    expect(await ids(new ImportJournal(journal.state))).to.deep.equal(given);
  });

  it('refuses what is not a state', () => {
    const { state } = new ImportJournal();
    for (const wrong of [
      null,
      {},
      { ...state, lastLine: '1' },
      { ...state, failed: [[1]] },
      { ...state, digest: '' },
    ]) {
      expect(() => new ImportJournal(wrong as ImportProgress), JSON.stringify(wrong)).to.throw(MalformedRequestError);
    }
  });

  it('any file, ended by errors, interrupted and killed, and corrected in between: each row is imported once', async () => {
    const row = fc.constantFrom('good', 'good', 'bad', 'bad', 'torn', 'blank', 'large' as const);
    // Two of them fill a batch.
    const note = JSON.stringify(Array(5).fill('x'.repeat(60_000)));
    const run = fc.record({
      maxErrors: fc.integer({ min: 1, max: 4 }),
      // After so many calls of onProgress it is interrupted; killed, the state that is kept is the one of that time.
      batches: fc.integer({ min: 1, max: 3 }),
      killed: fc.boolean(),
      corrected: fc.array(fc.nat()),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), fc.array(run, { maxLength: 4 }), async (kinds, runs) => {
        const tenant = await openTenant();
        const lines = kinds.map((kind, index) => {
          const texts = { bad: '{}', torn: '{', blank: '', large: `{"Name":"${index}","Note":${note}}` };
          return kind === 'good' ? `{"Name":"${index}"}` : texts[kind];
        });
        // The first line is never torn: JSON over several lines would be refused as a whole.
        lines.unshift('{"Name":"first"}');
        const text = () => linesOf(lines);
        let saved: ImportProgress | undefined;
        for (const { maxErrors, batches, killed, corrected } of runs) {
          const journal = new ImportJournal(saved);
          expect(await journal.matches(ndjson(text()))).to.equal(true);
          const controller = new AbortController();
          let calls = 0;
          const onProgress: ImportOptions['onProgress'] = (counts) => {
            journal.callbacks.onProgress(counts);
            calls += 1;
            if (calls === batches) saved = journal.state;
            if (calls === batches && !killed) controller.abort();
          };
          const { signal } = controller;
          const options = { maxErrors, onError: journal.callbacks.onError, onProgress, signal };
          await tenant.profiles.import(journal.remaining(ndjson(text())), options);
          if (!killed || saved === undefined) saved = journal.state;
          for (const choice of corrected) {
            const [first] = saved.failed[choice % Math.max(saved.failed.length, 1)] ?? [];
            if (first !== undefined) lines[first - 1] = `{"Name":"${first - 2}"}`;
          }
        }
        for (const [index, line] of lines.entries()) {
          if (line === '{}' || line === '{') lines[index] = `{"Name":"${index - 1}"}`;
        }
        const last = new ImportJournal(saved);
        expect(await last.matches(ndjson(text()))).to.equal(true);
        expect(await goOn(tenant, last, ndjson(text()))).to.include({ failed: 0, complete: true });
        const expected = kinds.flatMap((kind, index) => (kind === 'blank' ? [] : `${index}`));
        expect(await tenant.names()).to.deep.equal([...expected, 'first'].sort());
      }),
      { numRuns: propertyRuns({ full: 120, quick: 30 }) },
    );
  });

  it('withRowIds refuses a prefix by which rows of two imports could have the same ids', async () => {
    for (const prefix of [undefined, 'short', 'x'.repeat(12), 'not-base-62']) {
      const rows = withRowIds(ndjson('{"Name":"Ann"}'), prefix as string);
      const failure = await rows.next().then(
        () => undefined,
        (error) => error,
      );
      expect(failure, String(prefix)).to.be.instanceOf(MalformedRequestError);
    }
  });
});
