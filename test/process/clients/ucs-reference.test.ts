import { expect } from 'chai';
import { CliSandbox } from '../cli/cli-process.js';
import { sendByUndici } from './undici.js';

/** A request of the reference: its request line, and its JSON verbatim. */
const CREATE_ADDRESS = `{
  "name":"Address",
  "type":"single-valued",
  "attributes": [
      {"name":"AddressType", "type":"integer", "default":0},
      {"name":"Address", "type":"string", "length":256},
      {"name":"City", "type":"string", "length":32},
      {"name":"County", "type":"string", "length":32},
      {"name":"PostCode", "type":"string", "length":10},
      {"name":"Country", "type":"string", "length":32}
      ]
  }`;

const CREATE_PHONE = `{
  "name":"Phone",
  "type":"multi-valued",
  "attributes": [
      {"name":"PhoneType", "type":"integer", "default":0},
      {"name":"prefix", "type":"string"},
      {"name":"PhoneNumber", "type":"string", "mandatory":true},
      {"name":"description", "type":"string"},
      {"name":"start_availability", "type":"datetime"},
      {"name":"end_availability", "type":"datetime"}
      ],
  "unique":["PhoneNumber"]
  }`;

const CREATE_CONTACTS = `{
  "name":"contacts",
  "type":"multi-valued",
  "attributes": [ {"name":"phone_number", "type":"string"} ]
  }`;

const CREATE_KEY = `{ "name": "idPhone", "source": "contacts", "attributes": ["phone_number"]}`;

const FAMILY_PHONE = `{
       "PhoneType":0,
       "prefix":"+33",
       "PhoneNumber":"3145926535",
       "description":"family phone",
       "start_availability":"2009-12-18T18:30:00.000Z",
       "end_availability":"2009-12-18T21:40:00.000Z"
    }`;

const BUSINESS_PHONE = `{
       "PhoneType":2,
       "prefix":"+33",
       "PhoneNumber":"6543210",
       "description":"business calls only, no sales",
       "start_availability":"2009-12-18T09:30:00.000Z",
       "end_availability":"2009-12-18T17:45:00.000Z"
    }`;

const CREATE_BANNER = ` {
    "FirstName": "Bruce",
    "LastName": "Banner",
    "DOB": "1962-05-10",
    "EmailAddress": [
        "bruce.banner@example.com",
        "b.banner@example.org"
      ],
    "Phone": [
    ${FAMILY_PHONE},
    ${BUSINESS_PHONE}
    ]
 }`;

const ATTRIBUTES = `{ "attributes": [
      {"name":"FirstName", "type":"string"},
      {"name":"LastName", "type":"string"},
      {"name":"DOB", "type":"date"},
      {"name":"EmailAddress", "type":"string", "multiValued":true}
      ] }`;

describe('The verbatim examples of the UCS reference against dossier serve', function () {
  this.timeout(60_000);
  const sandbox = new CliSandbox();
  let origin: string;
  let location: string;

  const send = (requestLine: string, body?: string): ReturnType<typeof sendByUndici> => {
    const [method = '', path = ''] = requestLine.split(' ');
    const headers = { 'X-Genesys-TenantId': '1', ...(body !== undefined && { 'Content-Type': 'application/json' }) };
    return sendByUndici({ method, url: `${origin}${path}`, headers, body });
  };
  const phones = async () => (await send(`GET ${location}?extensions=Phone`)).body.Phone;

  before(async () => {
    const server = await sandbox.run('serve', '--port', '0', '--database', 'memory:');
    origin = (await server.ready()).replace(/\/$/, '');
    expect((await send('PUT /metadata/profiles', ATTRIBUTES)).status).to.equal(200);
  });
  after(() => sandbox.dispose());

  const definitions = [
    ['POST /metadata/profiles/extensions', CREATE_ADDRESS, '/metadata/profiles/extensions/Address'],
    ['POST /metadata/profiles/extensions/', CREATE_PHONE, '/metadata/profiles/extensions/Phone'],
    ['POST /metadata/profiles/extensions/', CREATE_CONTACTS, '/metadata/profiles/extensions/contacts'],
    ['POST /metadata/identification-keys/', CREATE_KEY, '/metadata/identification-keys/idPhone'],
  ] as const;
  for (const [requestLine, body, expected] of definitions) {
    it(`W7: ${requestLine} of ${expected.split('/').at(-1)}: 201 Created, with Location`, async () => {
      const { status, headers, body: answered } = await send(requestLine, body);
      expect([status, headers.get('location')]).to.deep.equal([201, expected]);
      expect(headers.get('content-type')).to.equal('application/json');
      expect(answered).to.deep.equal(JSON.parse(body));
      expect((await send(`GET ${expected}`)).body).to.deep.equal(JSON.parse(body));
    });
  }

  it('W5: POST /profiles/ of Bruce Banner: 201 Created, with Location and the customer_id', async () => {
    const { status, headers, body } = await send('POST /profiles/', CREATE_BANNER);
    location = headers.get('location') ?? '';
    expect([status, body]).to.deep.equal([201, { customer_id: location.slice('/profiles/'.length) }]);
    // UCS ids have 16 characters, too.
    expect(location).to.match(/^\/profiles\/[0-9A-Za-z]{16}$/);
    expect([headers.get('content-type'), headers.get('etag')]).to.deep.equal(['application/json', '"1"']);
    const got = await send(`GET ${location}?extensions=Phone`);
    expect([got.status, got.body]).to.deep.equal([200, { ...body, ...JSON.parse(CREATE_BANNER) }]);
  });

  it('R4: sets the default type of an address', async () => {
    const inserted = await send(`POST ${location}/extensions`, '{ "Address": { "City": "Hollywood" } }');
    expect(inserted.status).to.equal(200);
    expect((await send(`GET ${location}?extensions=Address`)).body.Address).to.deep.equal({
      AddressType: 0,
      City: 'Hollywood',
    });
    const tooLong = await send(`POST ${location}/extensions`, '{ "Address": { "PostCode": "12345678901" } }');
    expect([tooLong.status, tooLong.body.violations[0].pointer]).to.deep.equal([400, '/Address/PostCode']);
  });

  it('W9: POST /profiles/{id}/extensions of phone records: 200 OK', async () => {
    const third = '{"PhoneType":5, "prefix":"+33", "PhoneNumber":"951357456", "description":""}';
    const body = `{ "customer_id":"${location.split('/').at(-1)}", "Phone": [ ${FAMILY_PHONE}, ${third} ] }`;
    const { status } = await send(`POST ${location}/extensions`, body);
    expect(status).to.equal(200);
    expect(await phones()).to.deep.equal([FAMILY_PHONE, BUSINESS_PHONE, third].map((record) => JSON.parse(record)));
  });

  it('W10: PUT …/extensions/Phone/by/unique: 204, without a body', async () => {
    const changed = FAMILY_PHONE.replace('family phone', 'family phone, after six');
    const { status, headers, body } = await send(`PUT ${location}/extensions/Phone/by/unique`, changed);
    expect([status, body, headers.get('content-type')]).to.deep.equal([204, undefined, null]);
    expect((await phones())[0]).to.deep.equal(JSON.parse(changed));
    const unknown = await send(`PUT ${location}/extensions/Phone/by/unique`, '{"PhoneNumber":"1"}');
    expect([unknown.status, unknown.body.code]).to.deep.equal([404, 'not_found']);
  });

  it('W10: PUT …/extensions/Phone/delete/by/unique: 204, without a body', async () => {
    const unique = '{ "PhoneNumber":"3145926535" }';
    const { status, body } = await send(`PUT ${location}/extensions/Phone/delete/by/unique`, unique);
    expect([status, body]).to.deep.equal([204, undefined]);
    const numbers = (await phones()).map(({ PhoneNumber }: { PhoneNumber: string }) => PhoneNumber);
    expect(numbers).to.deep.equal(['6543210', '951357456']);
    expect((await send(`PUT ${location}/extensions/Phone/delete/by/unique`, unique)).status).to.equal(404);
  });

  it('W6: GET /profiles by contacts.phone_number: 200 OK, with all profiles that share it', async () => {
    const doe = '{ "FirstName": "Jane", "LastName": "Doe", "contacts": [ {"phone_number": "408-888-3214"} ] }';
    const { customer_id } = (await send('POST /profiles/', doe)).body;
    const query =
      'contacts.phone_number=408-888-3214&extensions=contacts&include_profile=yes&include_extensions=unique';
    const { status, body } = await send(`GET /profiles?${query}`);
    expect([status, body]).to.deep.equal([200, [{ customer_id, ...JSON.parse(doe) }]]);
    expect((await send('GET /profiles?id_key=idPhone&contacts.phone_number=408-888-0000')).body).to.deep.equal([]);
  });

  it('W5, R7: PUT /profiles/{id} without extensions: 200 OK, and the stored extensions stay', async () => {
    const stored = await phones();
    const body = '{ "FirstName": "Bruce", "LastName": "Banner", "EmailAddress": "bruce.banner@example.com" }';
    const replaced = await send(`PUT ${location}`, body);
    expect([replaced.status, replaced.headers.get('content-location')]).to.deep.equal([200, location]);
    expect(replaced.body.EmailAddress).to.deep.equal(['bruce.banner@example.com']);
    expect(await phones()).to.deep.equal(stored);
  });

  it('W11: PUT /profiles/{id}/merge/{source} with an empty object: 204', async () => {
    const source = (await send('POST /profiles/', '{ "FirstName": "Hulk" }')).headers.get('location') ?? '';
    expect((await send(`PUT ${location}/merge/${source.split('/').at(-1)}`, '{ }')).status).to.equal(204);
    expect((await send(`GET ${source}`)).status).to.equal(404);
  });

  it('W14: POST /server/mode: 200 OK; in maintenance, changes are a 503, and the status has the mode', async () => {
    expect((await send('POST /server/mode', '{"mode":"maintenance"}')).body).to.deep.equal({ mode: 'maintenance' });
    expect((await send(`DELETE ${location}`)).status).to.equal(503);
    expect((await send('GET /server/status')).body.mode).to.equal('maintenance');
    expect((await send('POST /server/mode', '{"mode":"production"}')).status).to.equal(200);
  });

  it('W5: DELETE /profiles/{id}: 200 OK', async () => {
    expect((await send(`DELETE ${location}`)).status).to.equal(200);
    expect((await send(`GET ${location}`)).status).to.equal(404);
  });
});
