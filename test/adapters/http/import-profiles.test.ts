import { expect } from 'chai';
import type { Principal } from 'dossier/http';
import { type ApiHarness, createApiHarness, type Sent } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { describedAnswers } from './described-answers.js';
import { HULK, HULK_PATH, HULK_SCHEMA, storeHulk } from './hulk.js';

const PATH = '/profiles/import';
const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';

const NOTHING = {
  rows: 0,
  created: 0,
  replaced: 0,
  patched: 0,
  skipped: 0,
  failed: 0,
  last_line: 0,
  failed_lines: [],
  complete: true,
  errors: [],
};

/** A body in several chunks, which counts how many were read. */
function pieces(next: (index: number) => string | undefined) {
  const taken = { count: 0 };
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const text = next(taken.count);
      taken.count += 1;
      if (text === undefined) controller.close();
      else controller.enqueue(Buffer.from(text));
    },
  });
  return { stream, taken };
}

describeOnStorages('POST /profiles/import', (open) => {
  let harness: ApiHarness;
  beforeEach(async () => {
    harness = await open();
    await storeHulk(harness);
  });

  const send = async (mediaType: string, raw: NonNullable<Sent['raw']>, query = '', path = PATH) => {
    const answer = await harness.send('POST', `${path}${query}`, { raw, headers: { 'content-type': mediaType } });
    (await describedAnswers(harness.send))('POST', PATH, answer);
    return answer;
  };
  const stored = async (id: string) => (await harness.send('GET', `/profiles/${id}?extensions=*`)).body;

  it('imports NDJSON, and returns counts', async () => {
    const { status, body } = await send(
      NDJSON,
      '{"customer_id":"a","FirstName":"Ann","Phone":{"PhoneNumber":"1"}}\n\n{"FirstName":"Bob"}\n',
    );
    expect(status).to.equal(200);
    expect(body).to.deep.equal({ ...NOTHING, rows: 2, created: 2, last_line: 3 });
    expect(await stored('a')).to.deep.equal({ customer_id: 'a', FirstName: 'Ann', Phone: [{ PhoneNumber: '1' }] });
  });

  it('imports CSV with a byte-order mark, quoted line breaks and another delimiter, also with a trailing slash in the path', async () => {
    const text = '\ufeffcustomer_id;"FirstName";EmailAddress;EmailAddress;Address.Type\r\na;"Ann\nB";x;y;2\r\n';
    const { body } = await send(`${CSV}; charset=UTF-8`, text, '?delimiter=%3B', `${PATH}/`);
    expect(body).to.deep.equal({ ...NOTHING, rows: 1, created: 1, last_line: 2 });
    expect(await stored('a')).to.deep.equal({
      customer_id: 'a',
      FirstName: 'Ann\nB',
      EmailAddress: ['x', 'y'],
      Address: { Type: 2 },
      Phone: [],
    });
  });

  it('R11: reports errors by line, with pointers and without values, and imports the other rows', async () => {
    const { status, body } = await send(NDJSON, '{"DOB":"Secret"}\nSecret\n{"customer_id":"a"}\n');
    expect(status).to.equal(200);
    expect(body).to.include({ rows: 3, created: 1, failed: 2, complete: true });
    expect(body.errors.map(({ line, code }: { line: number; code: string }) => [line, code])).to.deep.equal([
      [1, 'invalid_profile'],
      [2, 'malformed_request'],
    ]);
    expect(body.errors[0].violations[0]).to.include({ pointer: '/DOB' });
    expect(JSON.stringify(body)).not.to.contain('Secret');
    expect(await stored('a')).to.include({ customer_id: 'a' });
  });

  for (const [existing, outcome] of [
    [undefined, { skipped: 1, name: 'Bruce' }],
    ['skip', { skipped: 1, name: 'Bruce' }],
    ['replace', { replaced: 1, name: 'Hulk' }],
    ['refuse', { failed: 1, name: 'Bruce' }],
  ] as const) {
    it(`existing=${existing ?? '(absent)'} applies to a row whose profile exists`, async () => {
      const { name, ...counts } = outcome;
      const row = JSON.stringify({ customer_id: HULK.customer_id, FirstName: 'Hulk' });
      const { body } = await send(NDJSON, row, existing === undefined ? '' : `?existing=${existing}`);
      expect(body).to.include(counts);
      expect((await stored(HULK.customer_id)).FirstName).to.equal(name);
    });
  }

  it('id_key finds the profiles of rows without customer_id', async () => {
    await harness.schemas.addKey('1', { name: 'byEmail', attributes: ['EmailAddress'] });
    const rows = `FirstName,EmailAddress\nHulk,${HULK.EmailAddress[0]}\nAnn,ann@example.com\n`;
    const { body } = await send(CSV, rows, '?id_key=BYEMAIL&existing=replace');
    expect(body).to.include({ replaced: 1, created: 1 });
    expect((await stored(HULK.customer_id)).FirstName).to.equal('Hulk');
    expect((await send(CSV, rows, '?id_key=byName')).status).to.equal(404);
  });

  it('max_errors stops the import, and start_from resumes it after the last line', async () => {
    const rows = '{"customer_id":"a"}\n{"Nickname":"x"}\n{"customer_id":"b"}\n';
    const { body } = await send(NDJSON, rows, '?max_errors=1');
    expect(body).to.include({ created: 1, failed: 1, complete: false });
    expect((await harness.send('GET', '/profiles/b')).status).to.equal(404);
    const next = await send(NDJSON, rows, `?start_from=${body.last_line + 1}`);
    expect(next.body).to.include({ created: 1, failed: 0, complete: true });
  });

  it('accepts the parameter header=present of text/csv, and refuses header=absent', async () => {
    for (const parameters of ['header=present', 'header="present"; charset=utf-8', 'charset=utf-8;HEADER=PRESENT']) {
      const { status } = await send(`${CSV}; ${parameters}`, 'FirstName\nAnn\n');
      expect(status, parameters).to.equal(200);
    }
    const { status, body } = await send(`${CSV}; header=absent`, 'Ann\n');
    expect([status, body.code]).to.deep.equal([415, 'unsupported_media_type']);
    expect(body.detail).to.include('header=absent');
    expect((await send(`${NDJSON}; header=present`, '{}\n')).status).to.equal(415);
  });

  it('returns what was done before an import fails', async () => {
    const row = (index: number) => `{"customer_id":"r${index}"}\n`;
    harness = await open({ maxImportBytes: row(1).length * 3 });
    await storeHulk(harness);
    const rows = pieces((index) => (index < 5 ? row(index) : undefined));
    const { status, body } = await send(NDJSON, rows.stream);
    expect([status, body.code]).to.deep.equal([413, 'too_large']);
    const { complete: _, errors: __, ...counts } = NOTHING;
    expect(body.import).to.deep.equal({ ...counts, rows: 3, created: 3, last_line: 3 });
    expect(await stored('r2')).to.include({ customer_id: 'r2' });
    // What fails before the first row has counts as well.
    expect((await send(NDJSON, row(1), '?id_key=nope')).body.import).to.deep.equal(counts);
  });

  it('import_id: rows without customer_id are not created twice', async () => {
    const rows = 'customer_id,FirstName\n,Ann\nown,Bob\n,Cy\n';
    const first = await send(CSV, rows, '?import_id=2024-02%2Fcrm');
    expect(first.body).to.include({ created: 3, skipped: 0 });
    expect((await send(CSV, rows, '?import_id=2024-02%2Fcrm')).body).to.include({ created: 0, skipped: 3 });
    expect((await send(CSV, rows, '?import_id=2024-03')).body).to.include({ created: 2, skipped: 1 });
    const json = '{"FirstName":"Ann"}\n';
    expect((await send(NDJSON, json, '?import_id=7')).body).to.include({ created: 1 });
    expect((await send(NDJSON, json, '?import_id=7&existing=replace')).body).to.include({ replaced: 1 });
    for (const query of ['?import_id=', '?import_id=%20', `?import_id=${'x'.repeat(129)}`]) {
      expect((await send(NDJSON, json, query)).status, query).to.equal(400);
    }
  });

  it('import_id: nor are rows that id_key finds no profile for', async () => {
    await harness.schemas.addKey('1', { name: 'byEmail', attributes: ['EmailAddress'] });
    const rows = `FirstName,EmailAddress\nHulk,${HULK.EmailAddress[0]}\nAnn,ann@example.com\nCy,\n`;
    const query = '?import_id=7&id_key=byEmail';
    expect((await send(CSV, rows, query)).body).to.include({ created: 2, skipped: 1 });
    expect((await send(CSV, rows, query)).body).to.include({ created: 0, skipped: 3 });
  });

  it('import_id: an import that fails, sent again as a whole, neither loses nor doubles a row', async () => {
    const row = (index: number) => `{"FirstName":"${index === 2 ? 'Ann' : 'Bob'}${index}"}\n`;
    const body = () => pieces((index) => (index < 6 ? row(index) : undefined)).stream;
    harness = await open({ maxImportBytes: row(1).length * 4 });
    await storeHulk(harness);
    const failed = await send(NDJSON, body(), '?import_id=7');
    expect(failed.status).to.equal(413);
    expect(failed.body.import).to.include({ created: 4, last_line: 4 });
    const next = [0, 1, 2, 3].map(row).join('');
    expect((await send(NDJSON, next, '?import_id=7')).body).to.include({ created: 0, skipped: 4 });
    // A body of the same lines, of which those that are done are blank.
    const rest = `${'\n'.repeat(4)}${row(4)}${row(5)}`;
    expect((await send(NDJSON, rest, '?import_id=7')).body).to.include({ created: 2 });
  });

  it('failed_lines: the rows that were not imported, also of an import that fails', async () => {
    const lines = ['{"FirstName":"Ann"}\n', '{"Nickname":"x"}\n', 'Secret            \n', '{"FirstName":"Bob"}\n'];
    const whole = await send(NDJSON, lines.join(''));
    expect(whole.body).to.deep.include({ failed_lines: [2, 3], complete: true });
    harness = await open({ maxImportBytes: lines.slice(0, 3).join('').length });
    await storeHulk(harness);
    const broken = pieces((index) => lines[index]);
    const { body } = await send(NDJSON, broken.stream);
    expect(body.import).to.deep.include({ rows: 3, created: 1, failed: 2, last_line: 3, failed_lines: [2, 3] });
  });

  for (const [mediaType, rowOf] of [
    [
      NDJSON,
      (revision: number) => `{"customer_id":"${HULK.customer_id}","_revision":${revision},"FirstName":"Hulk"}\n`,
    ],
    [CSV, (revision: number) => `customer_id,_revision,FirstName\n${HULK.customer_id},${revision},Hulk\n`],
  ] as const) {
    it(`R14: existing=replace replaces the revision that _revision names, or is an error of the row (${mediaType})`, async () => {
      const { body } = await send(mediaType, rowOf(7), '?existing=replace');
      expect(body).to.include({ replaced: 0, failed: 1 });
      expect(body.errors[0].code).to.equal('revision_conflict');
      expect((await stored(HULK.customer_id)).FirstName).to.equal('Bruce');
      expect((await send(mediaType, rowOf(1), '?existing=replace')).body).to.include({ replaced: 1, failed: 0 });
      expect((await stored(HULK.customer_id)).FirstName).to.equal('Hulk');
    });
  }

  it('R8: [] in a column of an extension removes its records', async () => {
    const { body } = await send(CSV, `customer_id,Phone\n${HULK.customer_id},[]\n`, '?existing=replace');
    expect(body).to.include({ replaced: 1, failed: 0 });
    expect((await stored(HULK.customer_id)).Phone).to.deep.equal([]);
  });

  describe('columns', () => {
    const TABLE =
      'Id,Given Name,E-mail 1 = Value,Notes,E-mail 2 = Value\nann,Ann,a@example.com,private,b@example.com\n';
    const MAP = { Id: 'customer_id', 'Given Name': 'FirstName', 'E-mail 1 = Value': 'EmailAddress' };
    const mapped = (...more: [string, string][]) => {
      const map = Object.entries(MAP).map((entry): [string, string] => ['map', entry.join('=')]);
      return `?${new URLSearchParams([...map, ...more])}`;
    };

    it('are mapped by map and left out by ignore, each as often as needed', async () => {
      const query = mapped(['map', 'E-mail 2 = Value=EmailAddress'], ['ignore', 'Notes'], ['ignore', 'Not there']);
      expect((await send(CSV, TABLE, query)).body).to.include({ created: 1, failed: 0 });
      expect(await stored('ann')).to.deep.include({
        FirstName: 'Ann',
        EmailAddress: ['a@example.com', 'b@example.com'],
      });
    });

    it('400: unknown ones are named before any row is imported', async () => {
      const { status, body } = await send(CSV, TABLE, mapped());
      expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
      expect(body.detail).to.include('4 "Notes", 5 "E-mail 2 = Value"').and.not.include('private');
      expect(body.import).to.include({ rows: 0, created: 0 });
    });

    it('400: NDJSON has none to map', async () => {
      expect((await send(NDJSON, '{"FirstName":"Ann"}', mapped())).status).to.equal(400);
    });

    it('L5: existing=patch changes those of the table alone, and empty_cells=clear clears by them', async () => {
      const before = await stored(HULK.customer_id);
      const table = `customer_id,LastName,DOB\n${HULK.customer_id},Hulk,\n`;
      expect((await send(CSV, table, '?existing=patch')).body).to.include({ patched: 1, replaced: 0, failed: 0 });
      expect(await stored(HULK.customer_id)).to.deep.equal({ ...before, LastName: 'Hulk' });
      const rehearsed = await send(CSV, table, '?existing=patch&empty_cells=clear&dry_run=yes');
      expect(rehearsed.body.losses).to.deep.equal({
        rows: 1,
        members: [{ pointer: '/DOB', rows: 1 }],
        first: [{ line: 2, pointers: ['/DOB'] }],
      });
      await send(CSV, table, '?existing=patch&empty_cells=clear');
      expect(await stored(HULK.customer_id)).not.to.have.property('DOB');
    });
  });

  it('streams the body regardless of maxBodyBytes, and reads all of it before it responds', async () => {
    harness = await open({ maxBodyBytes: 10 });
    await storeHulk(harness);
    const line = `${JSON.stringify({ FirstName: 'x'.repeat(200) })}\n`;
    const whole = pieces((index) => (index < 300 ? line : undefined));
    expect((await send(NDJSON, whole.stream)).body).to.include({ created: 300, complete: true });
    const broken = pieces((index) => (index < 3_000 ? '{"Nickname":"x"}\n' : undefined));
    expect((await send(NDJSON, broken.stream, '?max_errors=3')).body).to.include({ failed: 3, complete: false });
    expect(broken.taken.count).to.equal(3_001);
  });

  it('415: other media types, charsets and codings', async () => {
    for (const type of ['application/json', 'text/plain', 'text/csv; charset=latin1', 'multipart/form-data', '']) {
      const { status, body } = await send(type, '{}');
      expect([status, body.code], type).to.deep.equal([415, 'unsupported_media_type']);
    }
    const headers = { 'content-type': NDJSON, 'content-encoding': 'gzip' };
    expect((await harness.send('POST', PATH, { raw: '{}', headers })).status).to.equal(415);
  });

  it('413: a declared or actual length over maxImportBytes', async () => {
    harness = await open({ maxImportBytes: 100 });
    await storeHulk(harness);
    expect((await send(NDJSON, ' '.repeat(101))).status).to.equal(413);
    expect((await send(NDJSON, pieces((index) => (index < 11 ? ' '.repeat(10) : undefined)).stream)).status).to.equal(
      413,
    );
    expect((await send(NDJSON, ' '.repeat(100))).body).to.deep.equal(NOTHING);
  });

  it('413: the rows before the limit stay imported', async () => {
    harness = await open({ maxImportBytes: 100 });
    await storeHulk(harness);
    const line = (index: number) => `{"customer_id":"${index}"}\n`;
    const { stream } = pieces((index) => (index < 9 ? line(index) : undefined));
    expect((await send(NDJSON, stream)).status).to.equal(413);
    const statuses = await Promise.all(
      [0, 4, 5].map(async (id) => (await harness.send('GET', `/profiles/${id}`)).status),
    );
    expect([line(0).length, ...statuses]).to.deep.equal([20, 200, 200, 404]);
  });

  const malformed = ['delimiter=%22', 'delimiter=ab', 'delimiter=', 'max_errors=0', 'max_errors=10001', 'max_errors=x']
    .concat(['start_from=0', 'start_from=-1', 'start_from=1.5', 'existing=merge', 'start_from=1&start_from=2'])
    .concat(['id_key=%ff', 'map=FirstName', 'map==FirstName', 'map=A%3DNope', 'map=A%3DFirstName&map=A%3DLastName'])
    .concat(['empty_cells=drop', 'empty_cells=clear', 'map=A%3DFirstName&ignore=A']);
  for (const query of malformed) {
    it(`400: ?${query}`, async () => {
      const { status, body } = await send(CSV, 'FirstName\nAnn\n', `?${query}`);
      expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
    });
  }

  it('400: a first row of values, which are not repeated', async () => {
    const { status, body } = await send(CSV, 'Bruce,bruce@secret.example\nAnn,ann@secret.example\n');
    expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
    expect(JSON.stringify(body))
      .to.contain('none of the 2 columns')
      .and.not.to.match(/bruce|secret/i);
  });

  it('400: an empty column name', async () => {
    expect((await send(CSV, 'FirstName,\nAnn,x\n')).status).to.equal(400);
  });

  it('R15: 403 without a schema', async () => {
    const headers = { 'content-type': NDJSON, 'x-genesys-tenantid': '2' };
    const { status, body } = await harness.send('POST', PATH, { raw: '{}\n', headers });
    expect([status, body.code]).to.deep.equal([403, 'schema_not_defined']);
  });

  it('a file path in the body is a row like any other, and no file is read', async () => {
    const { body } = await send(NDJSON, '"/etc/passwd"\n{"file":"/etc/passwd"}\n');
    expect(body).to.include({ created: 0, failed: 2 });
  });

  it('a customer may have the id import', async () => {
    await send(NDJSON, '{"customer_id":"import","FirstName":"Ann"}\n');
    expect((await harness.send('GET', PATH)).body).to.deep.equal({ customer_id: 'import', FirstName: 'Ann' });
    expect((await harness.send('PUT', PATH, { body: { FirstName: 'Anna' } })).status).to.equal(200);
    expect((await harness.send('DELETE', PATH)).status).to.equal(200);
    expect((await harness.send('POST', HULK_PATH, { body: {} })).status).to.equal(405);
  });
});

describe('POST /profiles/import: access', () => {
  it('W1: needs a writer of the tenant, and stores the segment of the header', async () => {
    let principal: Principal = { name: 'ann', role: 'reader' };
    const { send, schemas } = createApiHarness({ authenticate: () => principal });
    await schemas.define('1', HULK_SCHEMA);
    const importing = () =>
      send('POST', PATH, {
        raw: '{"customer_id":"a"}\n',
        headers: { 'content-type': NDJSON, 'x-genesys-segment': 'gold' },
      });
    expect((await importing()).status).to.equal(401);
    principal = { name: 'ann', role: 'writer', tenants: ['2'] };
    expect((await importing()).status).to.equal(401);
    principal = { name: 'ann', role: 'writer', tenants: ['1'], maySetSegment: true };
    expect((await importing()).body).to.include({ created: 1 });
    expect((await send('GET', '/profiles/a')).headers.get('x-genesys-segment')).to.equal('gold');
  });

  for (const [mediaType, raw] of [
    [NDJSON, '{"customer_id":"a","_segment":"gold"}\n{"customer_id":"b"}\n'],
    [CSV, 'customer_id,_segment\na,gold\nb,\n'],
  ] as const) {
    it(`W1: only callers who may set segments can set one per row (${mediaType})`, async () => {
      for (const maySetSegment of [true, false, undefined]) {
        const { send, schemas, profiles } = createApiHarness({
          authenticate: () => ({ name: 'ann', role: 'administrator', maySetSegment }),
        });
        await schemas.define('1', HULK_SCHEMA);
        const headers = { 'content-type': mediaType, 'x-genesys-segment': 'new' };
        const { body } = await send('POST', PATH, { raw, headers });
        const stored = [];
        for await (const { customerId, segment } of profiles.all('1')) stored.push([customerId, segment]);
        if (maySetSegment) {
          expect(stored).to.deep.equal([
            ['a', 'gold'],
            ['b', 'new'],
          ]);
        } else {
          expect(stored).to.deep.equal([['b', undefined]]);
          expect(body.errors[0]).to.include({ code: 'not_allowed' });
          expect(JSON.stringify(body)).not.to.contain('gold');
        }
      }
    });
  }

  it('W1: without authentication nobody can set segments', async () => {
    const { send, schemas } = createApiHarness();
    await schemas.define('1', HULK_SCHEMA);
    const headers = { 'content-type': NDJSON };
    const { body } = await send('POST', PATH, { raw: '{"customer_id":"a","_segment":"gold"}\n', headers });
    expect(body).to.include({ created: 0, failed: 1 });
    expect(body.errors[0].code).to.equal('not_allowed');
  });
});
