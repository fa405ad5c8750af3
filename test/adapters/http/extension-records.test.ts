import { expect } from 'chai';
import type { ApiHarness } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { BRUCE, JEN, storeHeroes } from './heroes.js';
import { revisionOf } from './tags.js';

const PATH = '/profiles/bruce';
const RECORDS = `${PATH}/extensions`;
const UPDATE = `${RECORDS}/Phone/by/unique`;
const DELETE = `${RECORDS}/Phone/delete/by/unique`;
const [HOME, WORK] = BRUCE.Phone;

/** Bruce with these records. */
const withPhones = (...Phone: unknown[]) => ({ ...BRUCE, Phone, Note: [] });

describeOnStorages('record operations', (open) => {
  let harness: ApiHarness;
  beforeEach(async () => {
    harness = await open();
    await storeHeroes(harness);
  });

  const stored = async () => (await harness.send('GET', `${PATH}?extensions=*`)).body;
  const revision = async () => revisionOf(await harness.send('GET', PATH));
  const insert = (body: unknown) => harness.send('POST', RECORDS, { body });
  const update = (body: unknown) => harness.send('PUT', UPDATE, { body });
  const remove = (body: unknown) => harness.send('PUT', DELETE, { body });

  const expectViolations = async (
    answer: ReturnType<typeof insert>,
    ...expected: (readonly [pointer: string, rule: string])[]
  ) => {
    const { status, body } = await answer;
    expect([status, body.code]).to.deep.equal([400, 'invalid_profile']);
    const found = body.violations.map(({ pointer, rule }: { pointer: string; rule: string }) => [pointer, rule]);
    expect(found).to.have.deep.members(expected);
    expect(await stored()).to.deep.equal(withPhones(HOME, WORK));
  };

  describe('W9: POST /profiles/{id}/extensions', () => {
    it('returns 200, the id and the new revision', async () => {
      const { status, headers, text } = await insert({ Note: { Text: 'green' } });
      expect([status, headers.get('etag'), text]).to.deep.equal([200, '"2"', '{"customer_id":"bruce"}']);
    });

    it('replaces a record with equal unique attributes, and appends any other', async () => {
      await insert({ phone: [{ Number: '555-0102' }, { Number: '555-0100', Rank: 1 }] });
      const first = { Number: '555-0100', Kind: 'home', Rank: 1 };
      expect(await stored()).to.deep.equal(withPhones(first, WORK, { Number: '555-0102', Kind: 'home' }));
    });

    it('always appends if the extension has no unique attributes, also a bare record', async () => {
      await insert({ Note: [{ Text: 'a' }, { Text: 'a' }] });
      await insert({ Note: { Text: 'a' } });
      expect((await stored()).Note).to.deep.equal([{ Text: 'a' }, { Text: 'a' }, { Text: 'a' }]);
    });

    it('sets a single-valued extension, and keeps extensions that are not named', async () => {
      await insert({ Address: { City: 'Dayton' } });
      expect(await stored()).to.deep.equal({ ...withPhones(HOME, WORK), Address: { City: 'Dayton' } });
    });

    for (const nothing of [{}, { Phone: null }, { Phone: [], Address: null }, { Address: [] }]) {
      it(`${JSON.stringify(nothing)} inserts nothing, and changes nothing (R13)`, async () => {
        expect((await insert(nothing)).status).to.equal(200);
        expect([await stored(), await revision()]).to.deep.equal([withPhones(HOME, WORK), 1]);
      });
    }

    it('is idempotent (R13)', async () => {
      await insert({ Phone: HOME });
      expect(await revision()).to.equal(1);
    });

    it('two records of one request with equal unique attributes are a violation', () =>
      expectViolations(insert({ Phone: [{ Number: '1' }, { Number: '1', Kind: 'x' }] }), ['/Phone/1', 'R10']));

    it('reports all violations at once, and changes nothing (R11, R12)', () =>
      expectViolations(
        insert({ Phone: [{ Kind: 1 }], FirstName: 'x', Nope: {}, Address: [{}], Note: [{ Text: 'ok' }] }),
        ['/Phone/0/Kind', 'R3'],
        ['/Phone/0/Number', 'R9'],
        ['/FirstName', 'R11'],
        ['/Nope', 'R11'],
        ['/Address', 'R8'],
      ));

    it('updates the entries of identification keys (R18)', async () => {
      await insert({ Phone: { Number: '555-9999' } });
      const { body } = await harness.send('GET', '/profiles?Phone.Number=555-9999');
      expect(body).to.deep.equal([{ customer_id: 'bruce' }]);
    });
  });

  describe('W10: PUT /profiles/{id}/extensions/{ext}/by/unique', () => {
    it('returns 204 and the new revision, and keeps attributes that are not named', async () => {
      const { status, headers, text } = await update({ Number: '555-0101', Rank: 3 });
      expect([status, headers.get('etag'), text]).to.deep.equal([204, '"2"', '']);
      expect(await stored()).to.deep.equal(withPhones(HOME, { ...WORK, Rank: 3 }));
    });

    it('null resets an attribute to its default, or clears it', async () => {
      await update({ number: '555-0101', kind: null, rank: null });
      expect(await stored()).to.deep.equal(withPhones(HOME, { Number: '555-0101', Kind: 'home' }));
    });

    it('accepts the extension name in any case', async () => {
      const path = UPDATE.replace('Phone', 'pHONE');
      expect((await harness.send('PUT', path, { body: { Number: '555-0100', Kind: 'x' } })).status).to.equal(204);
    });

    it('keeps the revision if nothing changes (R13)', async () => {
      expect((await update(HOME)).headers.get('etag')).to.equal('"1"');
    });

    it('a missing unique attribute is a violation', () => expectViolations(update({ Kind: 'x' }), ['/Number', 'W10']));

    it('reports all violations at once, and changes nothing (R11, R12)', () =>
      expectViolations(
        update({ Number: '555-0101', Kind: 7, Rank: '3', Nope: 1, kind: 'x' }),
        ['/Kind', 'R3'],
        ['/Rank', 'R3'],
        ['/Nope', 'R11'],
        ['/kind', 'R2'],
      ));

    it('reports what the record would lack with all other violations, found or not (R9, R11)', async () => {
      const Contact = { name: 'Contact', type: 'multi-valued', unique: ['Id'] };
      const attributes = [
        { name: 'Id', type: 'integer' },
        { name: 'Name', type: 'string', mandatory: true },
        { name: 'Age', type: 'integer' },
      ];
      await harness.send('POST', '/metadata/profiles/extensions', { body: { ...Contact, attributes } });
      await insert({ Contact: { Id: 1, Name: 'x' } });
      const path = UPDATE.replace('Phone', 'Contact');
      const updating = (body: object) => harness.send('PUT', path, { body });
      for (const Id of [1, 2, 'x']) {
        const { status, body } = await updating({ Id, Name: null, Age: 'x' });
        const pointers = body.violations.map(({ pointer }: { pointer: string }) => pointer);
        expect([status, pointers]).to.deep.equal([400, [...(Id === 'x' ? ['/Id'] : []), '/Age', '/Name']]);
      }
    });

    it('null finds a record without a value', async () => {
      const kinds = { name: 'Kinds', type: 'multi-valued', unique: ['A', 'B'] };
      const attributes = ['A', 'B', 'C'].map((name) => ({ name, type: 'string' }));
      await harness.send('POST', '/metadata/profiles/extensions', { body: { ...kinds, attributes } });
      await insert({ Kinds: [{ A: '1', B: '2' }, { A: '1' }] });
      const path = `${RECORDS}/Kinds/by/unique`;
      const put = (body: unknown) => harness.send('PUT', path, { body });
      expect((await put({ A: '1', B: null, C: 'found' })).status).to.equal(204);
      expect((await put({ A: '1', C: 'x' })).status).to.equal(400);
      expect((await stored()).Kinds).to.deep.equal([
        { A: '1', B: '2' },
        { A: '1', C: 'found' },
      ]);
    });
  });

  describe('W10: PUT /profiles/{id}/extensions/{ext}/delete/by/unique', () => {
    it('returns 204 and the new revision', async () => {
      const { status, headers, text } = await remove({ Number: '555-0100' });
      expect([status, headers.get('etag'), text]).to.deep.equal([204, '"2"', '']);
      expect(await stored()).to.deep.equal(withPhones(WORK));
    });

    it('finds the record by its unique attributes, and ignores others', async () => {
      await remove({ Number: '555-0100', Kind: 'none of its own', Rank: 'no integer', Nope: 1 });
      expect(await stored()).to.deep.equal(withPhones(WORK));
    });

    it('can delete the last record', async () => {
      for (const phone of BRUCE.Phone) expect((await remove(phone)).status).to.equal(204);
      expect(await stored()).to.deep.equal(withPhones());
    });

    it('a missing unique attribute is a violation', () => expectViolations(remove({}), ['/Number', 'W10']));
  });

  for (const [what, path] of [
    ['updating', UPDATE],
    ['deleting', DELETE],
  ] as const) {
    it(`W10: ${what}: a missing record, or one of another profile, is a 404`, async () => {
      for (const number of ['555-9999', '']) {
        const { status, body } = await harness.send('PUT', path, { body: { Number: number } });
        expect([status, body.code]).to.deep.equal([404, 'not_found']);
      }
      const ofJen = path.replace('bruce', 'jen');
      expect((await harness.send('PUT', ofJen, { body: { Number: '555-0101' } })).status).to.equal(404);
    });

    it(`W10: ${what}: an extension that is single-valued or has no unique attributes is a 400`, async () => {
      for (const name of ['Address', 'note']) {
        const answer = await harness.send('PUT', path.replace('Phone', name), { body: { City: 'x' } });
        expect([answer.status, answer.body.code]).to.deep.equal([400, 'malformed_request']);
      }
    });

    for (const name of ['Nope', 'FirstName', 'constructor', '__proto__', '%00', '%', '%E2%84%AA']) {
      it(`W10: ${what}: the unknown extension ${name} is a 404`, async () => {
        const answer = await harness.send('PUT', path.replace('Phone', name), { body: { Number: '555-0100' } });
        expect([answer.status, answer.body.code]).to.deep.equal([404, 'not_found']);
      });
    }
  }

  const operations = [
    ['POST', RECORDS, { Note: { Text: 'x' } }],
    ['PUT', UPDATE, { Number: '555-0100', Rank: 9 }],
    ['PUT', DELETE, { Number: '555-0100' }],
  ] as const;
  for (const [method, path, body] of operations) {
    const title = `${method} ${path}`;

    it(`W3: ${title} supports If-Match`, async () => {
      const sendIf = (ifMatch: string) => harness.send(method, path, { body, headers: { 'if-match': ifMatch } });
      for (const value of ['"2"', 'W/"1"', '', '"x"']) {
        const answer = await sendIf(value);
        expect([answer.status, answer.body.current_revision, answer.headers.get('etag')]).to.deep.equal([
          412,
          1,
          '"1"',
        ]);
      }
      expect((await sendIf('1')).status).to.equal(400);
      expect(await revision()).to.equal(1);
      expect((await sendIf('"7", "1"')).headers.get('etag')).to.equal('"2"');
    });

    it(`W3: ${title} succeeds with If-Match: *`, async () => {
      expect((await harness.send(method, path, { body, headers: { 'if-match': '*' } })).status).to.be.below(300);
    });

    it(`W2: ${title} accepts only the customer_id in the URL`, async () => {
      const sendAs = (customer_id: unknown) => harness.send(method, path, { body: { ...body, customer_id } });
      for (const id of ['jen', 'Bruce', 1, null]) {
        const answer = await sendAs(id);
        expect([answer.status, answer.body.code]).to.deep.equal([400, 'malformed_request']);
      }
      expect((await sendAs('bruce')).status).to.be.below(300);
    });

    it(`R15, R17: ${title} is a 404 for a missing profile, and a 403 for a tenant without a schema`, async () => {
      const nobody = await harness.send(method, path.replace('bruce', 'nobody'), { body });
      const elsewhere = await harness.send(method, path, { body, headers: { 'x-genesys-tenantid': '2' } });
      expect([nobody.status, elsewhere.status]).to.deep.equal([404, 403]);
      expect(await stored()).to.deep.equal(withPhones(HOME, WORK));
    });

    it(`${title} requires a JSON object as its body`, async () => {
      expect((await harness.send(method, path)).status).to.equal(415);
      for (const raw of ['[]', '', '"x"', '{']) {
        expect((await harness.send(method, path, { raw })).status, raw).to.be.oneOf([400, 415]);
      }
    });
  }

  it('R12: does not change other profiles', async () => {
    await insert({ Phone: { Number: '1' } });
    await remove({ Number: '555-0100' });
    expect((await harness.send('GET', '/profiles/jen?extensions=Phone')).body).to.deep.equal(JEN);
  });
});

describeOnStorages('W1: record operations keep the segment of a trusted caller', (open) => {
  it('and return it', async () => {
    const trusted = { name: 'switch', role: 'writer', maySetSegment: true } as const;
    const harness = await open({ authenticate: () => trusted });
    await storeHeroes(harness);
    const headers = { 'x-genesys-segment': 'gold' };
    const inserted = await harness.send('POST', RECORDS, { body: {}, headers });
    const updated = await harness.send('PUT', UPDATE, { body: { Number: '555-0100', Rank: 1 } });
    expect([inserted, updated].map((answer) => answer.headers.get('x-genesys-segment'))).to.deep.equal([
      'gold',
      'gold',
    ]);
  });
});
